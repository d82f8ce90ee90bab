"""The texts of the OpenAPI document: what each operation does, when to use it, what goes wrong."""

TAGS = {"Customers": "Those who pay: create and find them."}

OPERATIONS = {
    "list_customers": """
Returns a page of customers, the newest first. Use it to read all customers: follow `links.next`
until it is null.

Archived customers are left out. `startingAfter` together with `endingBefore`, a `limit` outside 1
to 100, and unknown parameters, are 422.
""",
    "create_customer": """
Creates a customer of an email, and returns it with its id.

An email that another live customer has, ignoring case, is 422, and so is what else is not accepted,
with sentences for each field.
""",
    "get_customer": """
Returns one customer. Send the `ETag` that you have as `If-None-Match`: 304 says that nothing has
changed.

An id that is unknown, archived, or of another organization or mode, is 404.
""",
    "list_subscriptions": """
Returns an empty page, as this store has no subscriptions. It is served for clients that ask for
them with every customer.

An id that is unknown or archived is 404.
""",
}
