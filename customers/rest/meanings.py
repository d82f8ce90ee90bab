"""What the store's columns hold, in a sentence each, for the OpenAPI documents of all contracts."""

from __future__ import annotations

ROW = {
    "version": "Counts the changes, from 1. It is the `ETag` too.",
    "created_at": "When it was created: RFC 3339, in UTC.",
    "updated_at": "When it was last changed: RFC 3339, in UTC.",
    "mode": "`live`, or `test` for data that nothing is billed for.",
}

CUSTOMER = {
    **ROW,
    "id": "The customer's id: a UUIDv7, so ids are in the order of creation.",
    "external_id": "Your own id for the customer, unique among live customers. Up to 255 "
    "characters; it may be any number.",
    "processor_reference": "The customer's id in another system, such as a payment processor's.",
    "reference": "A label of your own. It need not be unique.",
    "email": "The address that invoices go to. Not unique in the store: subsidiaries share one.",
    "name": "The name that is shown, up to 255 characters.",
    "legal_name": "The name in contracts and on invoices, up to 255 characters.",
    "legal_number": "The number in a register of companies, as it is written there.",
    "ein": "US employer identification number, as `12-3456789`.",
    "address_line1": "Street and number.",
    "address_line2": "Floor, suite or apartment.",
    "city": "City or town.",
    "state": "State, province or region, as the postal service writes it.",
    "postal_code": "Postal or ZIP code. Its form is not checked.",
    "country": "Country: ISO 3166-1 alpha-2, as `US`; `XK` for Kosovo.",
    "phone": "A telephone number as a person writes it, with an extension if there is one.",
    "url": "The customer's web site: http or https, without credentials. It is never fetched.",
    "logo_url": "A picture of the logo: http or https, without credentials. It is never fetched.",
    "metadata": "Your own keys and values: up to 50 keys of 40 characters, with texts of 500.",
    "default_payment_method_id": "The payment method that is charged first; null if there is none.",
    "archived_at": "When the customer was archived: RFC 3339, in UTC; null while it is live.",
}

USER = {
    **ROW,
    "id": "The user's id, a UUIDv7.",
    "customer_id": "The id of the customer that the user acts for.",
    "email": "The user's address, unique within the customer, ignoring case.",
    "first_name": "Given name, up to 255 characters.",
    "last_name": "Family name, up to 255 characters.",
}

PAYMENT_METHOD = {
    **ROW,
    "id": "The payment method's id, a UUIDv7.",
    "customer_id": "The id of the customer that pays with it.",
    "type": "What it is: `card`, or `standard_ach` for a bank account.",
    "brand": "Of a card: `visa`, `mastercard` and so on.",
    "last4": "The last four digits of the card or account. The whole number is never stored.",
    "exp_month": "Of a card: the month in which it expires, 1 to 12. It is valid to its end.",
    "exp_year": "Of a card: the year in which it expires, of four digits.",
    "bank_name": "Of a bank account: the bank.",
    "processor": "Who keeps it: `stripe`, `adyen` and so on.",
    "processor_token": "The processor's name for it, by which it is charged.",
    "is_default": "Whether it is the one that is charged first.",
}
