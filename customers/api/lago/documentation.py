"""The texts of the OpenAPI document: what each operation does, when to use it, what goes wrong."""

TAGS = {"Customers": "Those who pay: create or update, find and delete them."}

OPERATIONS = {
    "list_customers": """
Returns a numbered page of customers, the newest first. Use it to search, or to read all customers:
ask for `next_page` until it is null. A customer that is created or deleted between two pages moves
the others by one.

Deleted customers are left out. A `per_page` above 100, and unknown parameters, are 422.
""",
    "upsert_customer": """
Creates the customer of this `customer_id`, or updates the members that are present; null clears.
Both are 200. Use it to bring over what your own system holds: sending it twice is the same as
sending it once.

Without an id, or with a value that is not accepted, it is 422 with codes for each field. A body
without a `customer` is 400. With `If-Match`, it is 412 if there is no such customer, or it is at
another version.
""",
    "get_customer": """
Returns one customer by your own id, or by its UUID if it has none. Send the `ETag` that you have as
`If-None-Match`: 304 says that nothing has changed.

An id that is unknown or deleted is 404 with `customer_not_found`; a path below a customer that is
not served here, such as `…/portal_url`, is 404 with `resource_not_found`.
""",
    "delete_customer": """
Deletes a customer, and returns it as it was. It is kept in the history, and its id is free: posting
it creates a new customer.

A customer that is deleted already is 404: send an `Idempotency-Key`, and a repetition is answered
as the first time. With `If-Match`, a version that is no longer there is 412.
""",
}
