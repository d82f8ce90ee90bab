"""A customer, and what the two clients of Lago make of the answer with it."""

from __future__ import annotations

import re
from typing import Any

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

#: The customer of the vendor's documentation, but for its id.
DINESH: dict[str, Any] = {
    "address_line1": "5230 Penfield Ave",
    "address_line2": None,
    "city": "Woodland Hills",
    "country": "US",
    "email": "dinesh@piedpiper.test",
    "legal_name": "Coleman-Blair",
    "legal_number": "49-008-2965",
    "logo_url": "http://hooli.com/logo.png",
    "name": "Gavin Belson",
    "phone": "1-171-883-3711 x245",
    "state": "CA",
    "url": "http://hooli.com",
    "zipcode": "91364",
}

#: What the client of today knows beyond `DINESH`; of these only two are stored here.
UNKNOWN = (
    *("currency", "net_payment_term", "tax_identification_number", "firstname", "lastname"),
    *("customer_type", "timezone", "metadata", "finalize_zero_amount_invoice"),
    *("billing_configuration", "shipping_address", "integration_customers", "taxes"),
    *("skip_invoice_custom_sections", "applicable_invoice_custom_sections"),
    *("billing_entity_code", "error_details"),
)


def made(customer: dict[str, Any]) -> dict[str, Any]:
    """The customer without what the server gives it, which has its form.

    Of the billing configuration only the provider's id is left: nothing else of it is stored.
    """
    assert UUID.fullmatch(customer["lago_id"])
    assert TIME.fullmatch(customer["created_at"])
    own = {
        name: value
        for name, value in customer.items()
        if name not in ("lago_id", "created_at", "updated_at")
    }
    return {**own, "billing_configuration": own["billing_configuration"]["provider_customer_id"]}


def of_2022(customer_id: str, **fields: Any) -> dict[str, Any]:
    """What the client of 2022 makes of the answer."""
    absent = dict.fromkeys(DINESH)
    more = {"vat_rate": None, "billing_configuration": None}
    return {"customer_id": customer_id, **absent, **more, **fields}


def of_today(external_id: str, **fields: Any) -> dict[str, Any]:
    """What the client of today makes of the answer."""
    absent = dict.fromkeys((*DINESH, *UNKNOWN))
    own = {"applicable_timezone": "UTC", "metadata": []}
    return {"external_id": external_id, **absent, **own, **fields}
