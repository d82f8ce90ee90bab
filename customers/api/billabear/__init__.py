"""The BillaBear v1.0 customer API: create and list customers.

**Source:** the vendor's reference of its Customer API, and its code where that is silent.

**Base path:** `/api/v1.0/customer`.

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
- `GET /api/v1.0/customer/{id}` returns one customer, with its version as `ETag`.
- Other errors are `{"success": false}` with a `reason`; a missing or wrong key is 401 with `[]`.
- No text may have a payment card number in it; `external_reference` may be any number.
- Unknown or repeated query parameters are refused with 400; unknown members of a body are ignored.
"""
