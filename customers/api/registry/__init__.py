"""The registry's own API: the whole record of customers, their users and their payment methods.

**Base path:** `/registry/v1`.

**Credentials:** an API key, or an OAuth 2.0 access token, as `Authorization: Bearer …`. Either
belongs to one organization and to live or test data. Reading takes the scope `customers:read`,
writing `customers:write`.

**Names:** every field of the record, by the name that the store has for it, but for the number that
Lago's documents have (`sequential_id`), which says nothing of the customer. Times are RFC 3339 in
UTC, countries ISO 3166-1 alpha-2. Blank text is the same as null, and unknown members of a body are
ignored. No text may have a payment card number in it: a payment method is the token of a processor
with what a receipt shows.

**Ids:** a customer is found by its UUID, by the same id as `cus_…`, and below
`/customers/external/` by its external id, which is unique among live customers. An archived
customer can be read, changed and restored by its id; its external id is free for another.

**Writing:** `PATCH` is a JSON merge patch (RFC 7396), sent as `application/merge-patch+json` or as
`application/json`: absent members stay as they are, null clears, and metadata is merged key by key.
`PUT /customers/external/{external_id}` creates a customer or changes the members that are given,
metadata as a whole. `POST /customers/batch` does that for up to 1,000 customers, in a body of at
most 2 MiB; any other body has at most 1 MiB.

**Dry runs:** with `dry_run=true` a write is answered as it would be done, with the record as it
would be and what would change, or with the error for which it would be refused. Nothing is written,
and an `Idempotency-Key` is not used up. A new id and new times are examples.

**Versions:** what has one is returned with it as `ETag`, but not with `expand` or `as_of`. Writes
honour `If-Match` (412), reading honours `If-None-Match` (304). `Idempotency-Key` makes a write
happen once within 24 hours.

**The past:** with `as_of` a customer, a list of customers, and a customer's users and payment
methods are answered from the history as they stood at that time, archived state and default
included. Filters are then about what stood then; `q`, a sort by `updated` and filters by expiry
cannot be combined with it (400), nor can a time in the future. A time before the record begins is
404, with the time at which it does. The time of a change is the database's clock at the change
itself; what a transaction that has not ended yet changes is not seen until it has.
`/customers/{id}/history` has the versions of a customer with what each changed, by whom, through
which API and why, and `/customers/{id}/blame` who last set each member.

**Lists** have a `limit` (20, at most 100) and a `cursor`, and link to the next and the previous
page. A cursor marks a place: no customer is skipped or repeated if others are added or archived
meanwhile. Sorted by `updated`, a customer that changes moves to the end: a reader that follows
`next` sees it again.

**Events** are every change, whoever made it and through whichever API, in the order of the
transactions that made them. A reader that keeps the cursor of each page gets each event exactly
once: none comes before one that was returned. So an event is returned when all transactions that
began before its own have ended. To keep a copy: take a cursor with `start=now`, list what there is,
then follow the events, and skip those of a version that the copy has. `wait` holds a response back
until there is an event. A cursor that was last used more than 30 days ago (`EVENT_DAYS`), or before
the database was restored to an earlier state, is refused (410).

**Webhooks:** the events of customers are sent to the addresses that `webhook_endpoints` names,
signed as [Standard Webhooks](https://www.standardwebhooks.com) says, at least once, and in order
for each customer. Whoever verifies the signature, answers 2xx within five seconds, and leaves out
an event whose `webhook-id` it has seen, misses nothing and does nothing twice. What fails is tried
again over three days, with growing pauses; then the endpoint is switched off.

**Errors** are problem details (RFC 9457) as `application/problem+json`, with a stable `code` and
the fields at fault in `errors`.
"""
