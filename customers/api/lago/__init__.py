"""The Lago v1 customer API: create or update, list, retrieve and delete customers.

**Source:** the vendor's documentation of May 2022, and what today's clients send and expect.

**Base path:** `/api/v1/customers`.

**Credentials:** an API key as `Authorization: Bearer …`. It belongs to one organization and to live
or test data. Reading takes the scope `customers:read`, writing `customers:write`.

**Two eras of names:** `customer_id` of the documentation and `external_id` of today's clients are
one field. Requests may use either, and responses have both, with `updated_at` and
`applicable_timezone`, without which today's clients cannot read them.

**Where the documentation is silent, or this differs from it:**

- `POST` returns 200 for a new customer and for a known one. An update writes only the members that
  are present; null clears. Unknown members are ignored.
- A missing `name` is accepted: the vendor never enforced it. A blank country is the same as null;
  lower case is accepted.
- A customer created through another API may have no `external_id`: its UUID takes its place.
- Error codes beyond the documented two: `value_already_exist`, `value_is_invalid`,
  `value_is_too_long`, `url_is_invalid`, `invalid_email_format`. Several fields may fail at once.
- 422 has the `message` of the documentation, where today's published schema has a `code`.
- `GET /api/v1/customers` lists by `page` and `per_page` (20, at most 100), newest first.
  `total_count` is exact up to 10,000 customers; beyond, it is an estimate, and so is `total_pages`.
- The list takes `search_term` (in the name, the legal name, the email or the external id),
  `external_id`, `countries[]`, `states[]` and `zipcodes[]`, which may be repeated.
- `metadata`, a list of `key` and `value`, replaces what is stored: at most 50 keys of 40
  characters, with values of 500. `display_in_invoice` is not stored. Of
  `billing_configuration` only `provider_customer_id` is; null leaves it as it is.
- `DELETE` archives. Archived customers are not found (404), and their `customer_id` is free:
  posting it creates a new customer.
- An empty `page` is the first one.
- A path that is not served, also below a customer that exists (`…/portal_url`), is 404 with
  `resource_not_found` for its code. An external id that really ends so is found first.
- `sequential_id` counts the customers of an organization's live or test data in the order of
  creation, from 1. It never changes, and is never another customer's; a number may be missing.
  `slug` is the end of the organization's id and that number. The vendor's begins with letters of
  the organization's name.
- URLs must be http or https without credentials. No text may have a payment card number in it;
  `customer_id` may be any number.
- Unknown query parameters, and others that are repeated, are refused with 422.
- A response with a customer has its version as `ETag`. Writes honour `If-Match` (412) and
  `Idempotency-Key`, and reading honours `If-None-Match` (304).
"""
