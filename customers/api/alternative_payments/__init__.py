"""The Alternative Payments customer API: customers, their users and their payment methods.

**Source:** the vendor's reference of its Customers API.

**Base path:** `/customers`; the token endpoint is `/oauth/token`, revocation `/oauth/revoke`.

**Credentials:** an OAuth 2.0 access token (client credentials grant, HTTP Basic, valid for an
hour), or an API key, as `Authorization: Bearer …`. Either belongs to one organization and to live
or test data. Reading takes the scope `customers:read`, writing `customers:write`.

**Lists** are newest first. A cursor marks a place between two customers: none is skipped or
repeated if others are added or archived between two pages.

**Where the reference is silent, or this differs from it:**

- Creating returns 201 with the object.
- `DELETE` archives: it returns 200 with the customer, which leaves every list but can still be
  read, changed and restored. Its `external_id` is free for another customer.
- Restoring a customer whose `external_id` was taken meanwhile returns 409 and names the other one.
- `PATCH` leaves absent members as they are and clears those that are null. `email` and
  `external_id` are not members of its body: they are ignored, like all unknown members of a body.
- Blank text is the same as null. A customer without any value is refused.
- `country` is read as an ISO 3166 alpha-2 or alpha-3 code or an English name, and returned as
  alpha-3.
- `ein` must be a US employer identification number, with or without its dash.
- No text may have a payment card number in it; `external_id` may be any number.
- The list of payment methods is paginated too, with `limit`, `after` and `before`.
- Unknown or repeated query parameters are refused with 400.
- A response with a customer has its version as `ETag`. Every write that addresses a customer
  honours `If-Match` (412), and reading honours `If-None-Match` (304).
- Wrong client credentials are refused with 403. Scopes are optional in a token request.
"""
