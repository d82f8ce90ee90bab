"""The Lago v1 customer API: create or update, list, retrieve and delete customers.

**Source:** the vendor's documentation of May 2022, and what its clients of today send and expect.

**Base path:** `/api/v1/customers`.

**Credentials:** an API key as `Authorization: Bearer …`. It belongs to one organization and to live
or test data. Reading takes the scope `customers:read`, writing `customers:write`.

**Two eras of names:** `customer_id` of the documentation and `external_id` of today's clients are
one field. Requests may use either, and answers carry both, with `updated_at` and
`applicable_timezone`, without which today's clients cannot read them.

**Where the documentation is silent, or this differs from it:**

- `POST` answers 200 for a new customer and for a known one. An update writes only the members that
  are there; null clears. Unknown members are ignored.
- A missing `name` is accepted: the vendor never enforced it. A blank country is no country; small
  letters are read as capitals.
- A customer made through another API may have no id of its own here: it is known by its UUID.
- Error codes beyond the documented two: `value_already_exist`, `value_is_invalid`,
  `value_is_too_long`, `url_is_invalid`, `invalid_email_format`. Several fields may fail at once.
- `GET /api/v1/customers` lists by `page` and `per_page` (20, at most 100), newest first.
  `total_count` is exact up to 10,000 customers; beyond, it is an estimate, and so is `total_pages`.
- `DELETE` archives. An archived customer is told as one that does not exist, and its `customer_id`
  is free: posting it makes a new customer.
- URLs must be http or https without credentials. No text may have a payment card number in it;
  `customer_id` may be any number.
- Unknown or repeated query parameters are refused with 422.
- A customer's answer carries its version as `ETag`. Writes honour `If-Match` (412) and
  `Idempotency-Key`, and reading honours `If-None-Match` (304).
"""
