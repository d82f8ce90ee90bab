"""The texts of the OpenAPI document: what each operation does, when to use it, what goes wrong."""

TAGS = {
    "Customers": "Those who pay: create, find, change, disable and enable them.",
    "Payment Details": "Cards and bank accounts that a processor keeps, to read.",
}

_UNKNOWN = "An id that is unknown, disabled, or of another organization or mode, is 404."
_CREATES = """
A country is required, as `country` or in the `address`. An email that another live customer has,
ignoring case, is 409; what else is not accepted is 400 with a sentence for each field.
"""

_REFERENCE = {
    "list_customers": """
Returns a page of customers, the oldest first. Use it to search by a part of an email or reference,
or to read all customers: ask with the `last_key` of each page until `has_more` is false.

Disabled customers are left out. A `per_page` below 1 is 400 and above 100 is 413; it is never
clamped.
""",
    "create_customer": f"""
Creates a customer, and returns it beside `success`. This is the reference's way to create.
{_CREATES}""",
    "post_customer": f"""
Creates a customer as `PUT` does: it is what the vendor's clients use. The response has the
customer's members beside what that to `PUT` has.
{_CREATES}""",
    "get_customer": f"""
Returns one customer with its address. Send the `ETag` that you have as `If-None-Match`: 304 says
that nothing has changed.

{_UNKNOWN}
""",
    "update_customer": f"""
Changes the members that are given, and returns the customer. Members that are absent stay as they
are; null clears those that may be null.

With `If-Match`, a version that is no longer there is 412. An email that another live customer has
is 409. {_UNKNOWN}
""",
    "disable_customer": """
Archives a customer: it is no longer found, and nothing of it is lost. Doing it again changes
nothing.

With `If-Match`, a version that is no longer there is 412.
""",
    "enable_customer": """
Makes a disabled customer live again, with all that it had. Doing it again changes nothing.

With `If-Match`, a version that is no longer there is 412.
""",
    "list_payment_methods": f"""
Returns a customer's payment methods, the oldest first, up to 100 at once. Use `default` to find the
one that is charged first.

{_UNKNOWN}
""",
}
_SAME = "The same as `{name}`, at the base path of the vendor's clients."

#: At both base paths.
OPERATIONS = {
    **_REFERENCE,
    **{f"{name}_v1": f"{text}\n{_SAME.format(name=name)}" for name, text in _REFERENCE.items()},
}
