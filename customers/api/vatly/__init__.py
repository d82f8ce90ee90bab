"""The Vatly v1 customer API: create, list and retrieve customers.

**Source:** the vendor's reference of its Customers API.

**Base path:** `/v1/customers`.

**Credentials:** an API key as `Authorization: Bearer live_…` or `test_…`. It belongs to one
organization and to live or test data. Reading takes the scope `customers:read`, writing
`customers:write`. No key, or an unknown or expired one, is 401; a key of another form, or a
revoked one, is 403.

**Lists** are newest first. `startingAfter` and `endingBefore` mark a place between two customers,
and ask for the page after or before it. Only one of them may be given.

**Where the reference is silent, or this differs from it:**

- Creating returns 201. An email that a live customer of the mode has, ignoring case, is refused
  with 422.
- Ids are `cus_` and 26 characters: another encoding of the UUID that other APIs show.
- `metadata` has string values, and is `{}` if there is none. An empty list, as PHP writes an empty
  object, is none too.
- An empty `startingAfter` or `endingBefore` asks for the first page.
- Archived customers are not found (404).
- `GET /v1/customers/{id}/subscriptions` is an empty page: this store has no subscriptions.
- `limit` is refused outside 1 to 100. `next` and `prev` are null where nothing follows; the
  reference shows a `next` beside a `count` of 1, which is an error.
- Errors are `{"message"}`, with `errors` by field where values are at fault (422, bad queries too).
- `Idempotency-Key` is honoured as the vendor's clients send it.
- No text may have a payment card number in it.
- Unknown or repeated query parameters are refused with 422; unknown members of a body are ignored.
- A response with a customer has its version as `ETag`; reading honours `If-None-Match` (304).
"""
