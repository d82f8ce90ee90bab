"""Exports customers as a CSV file that imports as unchanged."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from customers.imports.batches import BATCH_SIZE, batched
from customers.imports.cells import write_cell
from customers.imports.columns import FIELDS, READ_ONLY
from customers.imports.formulas import escape
from customers.models.querysets import CustomerQuerySet

_BOM = "\ufeff"  # without it Excel does not read the file as UTF-8
_COLUMNS = ("id", *FIELDS, *READ_ONLY)


def export(customers: CustomerQuerySet) -> Iterator[str]:
    """Yield the parts of a CSV file of the customers, each of a batch of rows."""
    return csv_file(
        _COLUMNS,
        (
            [write_cell(getattr(customer, column)) for column in _COLUMNS]
            for customer in customers.iterator(BATCH_SIZE)
        ),
    )


def template() -> Iterator[str]:
    """A CSV file with the names of the columns that an import reads, and no rows."""
    return csv_file(["id", *FIELDS], [])


def csv_file(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the parts of a CSV file. No cell is a formula to a spreadsheet."""
    yield _BOM + _lines([header])
    for batch in batched(rows):
        yield _lines(batch)


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = StringIO(newline="")
    csv.writer(text).writerows([escape(cell) for cell in row] for row in rows)
    return text.getvalue()
