"""The BillaBear v1.0 customer API, and what the vendor's clients of today call.

**Source:** the vendor's reference of its Customer API, and its code and clients where that is
silent.

**Base paths:** `/api/v1.0/customer` of the reference, and `/api/v1/customer` of the clients. Both
serve the same.

**Credentials:** an API key in the header `X-API-Key`. It belongs to one organization and to live or
test data. Reading takes the scope `customers:read`, writing `customers:write`.

**Lists** are oldest first. `last_key` marks a place between two customers: none is skipped or
repeated if others are added or archived between two pages.

**Where the reference is silent, or this differs from it:**

- Listing is `GET`; the reference's `PUT` there is an error.
- Creating returns `{"success": true, "customer": {…}}`.
- An email that a live customer has, ignoring case, is refused with 409 and a sentence at
  `errors.email`.
- `per_page` below 1 or not a number is 400, above 100 it is 413; it is never clamped. `limit` is
  another name for it. `last_key` is null on an empty page.
- Other errors are `{"success": false}` with a `reason`; a missing or wrong key is 401 with `[]`.
- No text may have a payment card number in it; `external_reference` may be any number.
- Unknown or repeated query parameters are refused with 400; unknown members of a body are ignored.
- A response with one customer has its version as `ETag`. Writes honour `If-Match` (412) and
  `Idempotency-Key`, and reading one customer honours `If-None-Match` (304).

**What the reference does not have, and the vendor's clients use:**

- `POST` is another name of creating. Its response has what that to `PUT` has, and the members of
  the customer beside it, where the clients look for them.
- An `address` may be sent with a customer, and its members are stored: `company_name` is the legal
  name. Its country is read where `country` is absent. `address: null` is no address.
- `GET …/{id}` returns the members of the list, and the `address`. The list has no address.
- `PUT …/{id}` updates (202). Members that are absent stay as they are, and null clears those that
  may be null. An email that another live customer has is refused with 409.
- `POST …/{id}/disable` archives and `POST …/{id}/enable` restores (202, with the customer, where
  the vendor returns an empty object). A disabled customer is not found; the vendor still shows it.
- `GET …/{id}/payment-methods` returns up to 100 at once, and takes `limit` and `last_key`. It is
  200, where the vendor says 202. `name` is the bank's, and months and years are texts.
- What else the vendor serves below these paths is 404.
"""
