"""Imports of customers from CSV and XLSX files, and the export that they read back.

The steps of an import, in order, with the module of each:

1. `upload` reads the file (`read` for CSV, `workbook` for XLSX) and stores its rows.
2. `columns` matches the columns of the file with the fields of a customer.
3. `check` finds out what each row would do, and writes no customer: `lookup` finds the customer
   that a row is about, `check_row` compares the two, `cells` converts between cells and values, and
   `findings` stores what was found. `correct` changes the cells of a row and checks it again.
4. `apply` creates and changes the customers of all rows that are not refused, or of none.
5. `undo` reverts the import, except for what was changed since. `writes` writes the customers for
   both.

Until it is applied, an import can be thrown away with `discard`.

`export` writes customers as a CSV file that imports as unchanged.

Each step is a generator that yields after every batch how many rows are done. It runs in one
transaction, which is rolled back if the generator is closed early. Nothing here uses HTTP, except
`upload_handler`. What a step refuses is an `errors.ImportRefused`.
"""
