"""The texts of the OpenAPI document: what each operation does, when to use it, what goes wrong."""

TAGS = {
    "Customers": "Those who pay: create, find, change, archive and restore them.",
    "Users": "The people who act for a customer.",
    "Payment methods": "Cards and bank accounts that a processor keeps, to read.",
    "OAuth": "Access tokens of the client credentials grant.",
}

_UNKNOWN = "An id that is unknown, or of another organization or mode, is 404."
_CHANGED_MEANWHILE = (
    "With `If-Match`, a version that is no longer there is 412: read it again, and decide anew."
)

OPERATIONS = {
    "list_customers": """
Get a paginated list of customers with optional filtering, the newest first. Use it to search by
name or by time of creation, or to read all customers: ask with `after` and the `end_cursor` of each
page until `has_next_page` is false.

Archived customers are left out. `after` together with `before`, and unknown parameters, are 400.
""",
    "create_customer": """
Creates a customer of at least one value, and returns it with its id. Use an `external_id` of your
own to find it again.

An `external_id` that another live customer has is 409. Values that are not accepted, and a body
without any value, are 422 with a sentence for each.
""",
    "get_customer": f"""
Returns one customer, archived or not. Send the `ETag` that you have as `If-None-Match`: 304 says
that nothing has changed.

{_UNKNOWN}
""",
    "patch_customer": f"""
Changes the members that are given, and returns the whole customer. Members that are absent stay as
they are; null clears. `email` and `external_id` cannot be changed here, and are ignored.

{_CHANGED_MEANWHILE} {_UNKNOWN}
""",
    "archive_customer": f"""
Archives a customer: it leaves every list, and can still be read, changed and restored by its id.
Use it where others would delete; nothing is lost. Archiving an archived customer changes nothing.

{_CHANGED_MEANWHILE} {_UNKNOWN}
""",
    "restore_customer": """
Makes an archived customer live again, with all that it had. Restoring a customer that is live
changes nothing.

If another live customer has taken its `external_id` meanwhile, it is 409, and the other is named.
""",
    "list_customer_users": """
Get a paginated list of users from a customer, the newest first.

A customer that is unknown is 404; one without users is an empty page.
""",
    "create_customer_user": """
Adds a user of at least one value to a customer, and returns it. `If-Match` is about the customer.

An email that another user of the customer has, ignoring case, is 409.
""",
    "list_payment_methods": """
Get payment methods associated with a customer, the newest first. Use `is_default` to find the one
that is charged first.

A customer that is unknown is 404; one without payment methods is an empty page.
""",
    "get_payment_method": """
Get a specific payment method of a customer, with what a receipt shows of it.

A payment method of another customer is 404.
""",
    "create_token": """
Issues an access token for a client's id and secret, which are sent as HTTP Basic. Use it once an
hour and keep the token: it opens all other endpoints until `expires_in` seconds have passed. An API
key needs no token.

Wrong credentials are 403, and a form that cannot be read is 400. Scopes beyond the client's own are
400.
""",
    "revoke_token": """
Revokes an access token (RFC 7009): from then on it is refused. Use it when a program ends, or a
token may have been seen. A token that is unknown is 200 too.

Wrong client credentials are 403.
""",
}
