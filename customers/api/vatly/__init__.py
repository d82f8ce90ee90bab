"""The Vatly v1 customer API: create, list and retrieve customers.

**Source:** the vendor's reference of its Customers API.

**Base path:** `/v1/customers`.

**Credentials:** an API key as `Authorization: Bearer live_…` or `test_…`. It belongs to one
organization and to live or test data. Reading takes the scope `customers:read`, writing
`customers:write`. No key, or an unknown or expired one, is 401; a key of another form, or a
revoked one, is 403.

**Lists** are newest first. `startingAfter` and `endingBefore` mark a place between two customers,
and the page is the one next to it; not both at once.

**Where the reference is silent, or this differs from it:**

- Creating answers 201. An email in use, ignoring case, among live customers of the mode is 422.
- Ids are `cus_` and 26 characters: another spelling of the UUID that other APIs show.
- `metadata` has string values, and is `{}` where there is none.
- Archived customers are told as customers that do not exist.
- `limit` is refused outside 1 to 100. `next` and `prev` are null where nothing follows; the
  reference shows a `next` beside a `count` of 1, which is a slip.
- Errors are `{"message"}`, with `errors` by field where values are at fault (422, bad queries too).
- `Idempotency-Key` is honoured as the vendor's clients send it.
- No text may have a payment card number in it.
- Unknown or repeated query parameters are refused with 422; unknown members of a body are ignored.
- A customer's answer carries its version as `ETag`; reading honours `If-None-Match` (304).
"""
