"""The texts of the OpenAPI document: what each operation does, when to use it, what goes wrong."""

TAGS = {
    "Customers": "Those who pay: create, find, change, archive and restore them.",
    "Users": "The people who act for a customer.",
    "Payment methods": "Cards and bank accounts that a processor keeps. No card number is stored.",
    "History": "What a customer was, and who made it so.",
    "Events": "Every change as it happens, for a copy that is kept in step.",
    "Webhooks": "Events that are sent to an address of yours, and what has become of them.",
}

_BOTH_SCOPES = (
    "It takes the scopes `customers:read` and `customers:write`, as an endpoint is sent what "
    "reading shows: a credential with one of them is 403."
)
_OF_CUSTOMER = "`If-Match` is about the customer."
_MERGE = (
    "The body is a JSON merge patch (RFC 7396): absent members stay as they are, and null clears."
)
_CHANGED_MEANWHILE = (
    "With `If-Match`, a version that is no longer there is 412: read it again, and decide anew."
)
_UNKNOWN = "An id that is unknown, or of another organization or mode, is 404."

OPERATIONS = {
    "list_customers": """
Returns a page of customers, the newest first. Use it to search, to take a first copy of all
customers, or to look at the past; to keep a copy in step, follow the events.

All filters must apply. Archived customers are left out unless `archived` says otherwise. With
`as_of` the list is answered from the history: `q` and a sort by `updated` cannot be combined with
it (400), and a time before the first change that is recorded is 404. Unknown parameters are 400, so
a misspelled filter never lists everything.
""",
    "create_customer": """
Creates a customer of at least one value, and returns it with its id. Use it where you keep the id
that is returned; where you have an id of your own, `PUT /customers/external/{external_id}` can be
repeated without a thought.

An `external_id` that another live customer has is 409, and values that are not accepted are 422
with a pointer to each. A text with a payment card number in it is refused. `dry_run=true` shows
what would be stored.
""",
    "get_customer": f"""
Returns one customer, archived or not, by its UUID or its `cus_…` id. Use it to show what is there
now, with `expand` for its users and payment methods too, or with `as_of` what was there then.

Send the `ETag` that you have as `If-None-Match`: 304 says that nothing has changed. {_UNKNOWN}
""",
    "get_customer_by_external_id": """
Returns the live customer that has this external id. Use it where your own id is what you know.

An archived customer is 404 here, as its external id may be another's by now: list with
`archived=true` and `external_id` to find it.
""",
    "patch_customer": f"""
Changes the members that are given, and returns the whole customer. {_MERGE} Metadata is merged key
by key. Use it for a change of some fields; what others have changed stays.

{_CHANGED_MEANWHILE} An `external_id` that another live customer has is 409. A patch that changes
nothing leaves the version as it is, and makes no event.
""",
    "upsert_customer": """
Creates a live customer with this external id (201), or changes the members that are given (200),
metadata as a whole. Use it to bring over what your own system holds: sending it twice is the same
as sending it once.

With `If-Match` none is created: 412 if there is no such customer, or it is at another version. An
`external_id` in the body that differs from the path is 422.
""",
    "upsert_customers": """
Creates or changes up to 1,000 customers by their external ids, and answers for each in the order
given. Use it for a first load or a nightly transfer: it is many times as fast as single requests.

Customers that are refused keep none of the others from being written, so look at `refused` even in
a 200. With `all_or_nothing` one refusal is 422 and nothing is written. The body has at most 2 MiB
(413).
""",
    "archive_customer": f"""
Archives a customer: it leaves the list, can still be read and changed by its id, and its external
id is free for another. Use it where others would delete; nothing is lost. Archiving an archived
customer changes nothing.

{_CHANGED_MEANWHILE} {_UNKNOWN}
""",
    "restore_customer": """
Makes an archived customer live again, with all that it had. Restoring a customer that is live
changes nothing.

If another live customer has taken its external id meanwhile, it is 409: change one of the two
first.
""",
    "list_versions": """
Returns the versions of a customer, the newest first, each with what it changed, by whom, through
which API and why. Use it to explain a record to those who ask.

Changes of users and payment methods are not among them: those are events.
""",
    "get_blame": f"""
Returns for each member who last set it, when, and in which version. Use it to find where a value
comes from. A member that never had a value is left out.

{_UNKNOWN}
""",
    "list_users": """
Returns a page of a customer's users, the newest first. With `as_of` they are those of that time.

A customer that is unknown is 404; one without users is an empty page.
""",
    "create_user": f"""
Adds a user of an email or a name, and returns it. {_OF_CUSTOMER}

An email that another user of the customer has, ignoring case, is 409.
""",
    "get_user": """
Returns one user of a customer. Send the `ETag` that you have as `If-None-Match`: 304 says that
nothing has changed.

A user of another customer is 404.
""",
    "patch_user": f"""
Changes the members of a user that are given. {_MERGE}

{_CHANGED_MEANWHILE} An email that another user of the customer has is 409.
""",
    "remove_user": """
Removes a user for good, and answers with the user as it was. The history keeps it.

A user that is gone already is 404: send an `Idempotency-Key`, and a repetition is answered as the
first time.
""",
    "list_payment_methods": """
Returns a page of a customer's payment methods, the newest first. Use `expiring_within` to ask
customers for a new card in time. With `as_of` they are those of that time, and none of the filters
by expiry can be combined with it (400).

A customer that is unknown is 404; one without payment methods is an empty page.
""",
    "create_payment_method": f"""
Adds a payment method that a processor keeps already, by its token. A customer's first one becomes
its default. {_OF_CUSTOMER}

A card number anywhere in it is 422: send the last four digits alone.
""",
    "get_payment_method": """
Returns one payment method of a customer, with the token by which its processor charges it.

A payment method of another customer is 404.
""",
    "patch_payment_method": f"""
Changes the members of a payment method that are given, for example after the bank has sent a new
card. {_MERGE}

{_CHANGED_MEANWHILE}
""",
    "remove_payment_method": """
Removes a payment method for good, and answers with it as it was. If it was the default, the
customer has none then: make another one the default first, if charging must go on.

One that is gone already is 404.
""",
    "make_payment_method_default": f"""
Makes a payment method the one that is charged first. It changes the customer, and answers with it.
{_OF_CUSTOMER}

A payment method of another customer is 404.
""",
    "list_events": """
Returns the events after a cursor: every change of customers, users and payment methods, whoever
made it and through whichever API, in one order in which none is ever skipped. Use it to keep a copy
in step: store the events of a page together with its `cursor`, and ask with that for the next. Each
event is returned exactly once. `wait` holds the response back until there is one, so a reader need
not ask in a loop.

A cursor that is too old, or from before the database was restored to an earlier state, is 410: list
the customers again. A transaction that takes long holds back what began after it.
""",
    "get_event": """
Returns one event by its id, for example to read again what a webhook has sent.

An event that is unknown, or of another organization or mode, is 404.
""",
    "list_webhook_endpoints": """
Returns a page of the addresses to which events are sent, the newest first. One with a `given_up_at`
was switched off because deliveries failed for days.
""",
    "create_webhook_endpoint": f"""
Adds an address that is sent every event from now on, signed by a secret of its own. Read the secret
afterwards from `…/secret`, and verify each message with it.

Only https addresses of the public internet are accepted, and at most 20 endpoints of an
organization and mode: what is more is 422. {_BOTH_SCOPES}
""",
    "get_webhook_endpoint": """
Returns one endpoint. Its secrets are not shown here.

An endpoint that is unknown is 404.
""",
    "patch_webhook_endpoint": f"""
Changes the members of an endpoint that are given. {_MERGE} One that is switched on again is sent
what has happened meanwhile, as far as the feed of events goes back.

{_CHANGED_MEANWHILE} {_BOTH_SCOPES}
""",
    "remove_webhook_endpoint": f"""
Removes an endpoint, and answers with it as it was. What waits to be sent is not sent. To pause
instead, change `is_enabled`.

{_BOTH_SCOPES}
""",
    "get_webhook_secret": f"""
Returns the secrets that sign now: one, or after a rotation two, until its overlap is over. Use it
once, and keep them where your receiver reads them.

{_BOTH_SCOPES}
""",
    "rotate_webhook_secret": f"""
Gives an endpoint a new secret. Until the overlap is over, each message has a signature by both, so
a receiver can change from one to the other at any time. `…/secret` shows the new one.

{_BOTH_SCOPES}
""",
    "list_deliveries": """
Returns a page of the deliveries to an endpoint, the newest first, each with its latest attempts.
Use `state=failed` to find what has been given up.
""",
    "get_delivery": """
Returns one delivery with its latest attempts: their status, how long they took, and the beginning
of the answer, which is not to be trusted.

A delivery to another endpoint is 404.
""",
    "redeliver": f"""
Sends a delivery again at once, with the same id and body, and again over three days if that fails.
One that is still waiting stays as it is. Use it after you have mended a receiver.

{_BOTH_SCOPES}
""",
    "redeliver_range": f"""
Sends again the deliveries of events of a range of time, in order, with the same ids and bodies. Use
it after an outage, or to fill a new receiver; `dry_run=true` says how many they are.

{_BOTH_SCOPES}
""",
    "send_test_event": f"""
Sends an event of the type `webhook.test`, which is about no customer, and answers with its
delivery. Use it to see that the receiver verifies signatures before real events come.

{_BOTH_SCOPES}
""",
}
