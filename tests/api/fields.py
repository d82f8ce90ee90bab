"""A value for every field of the store, and how it is written and read through a contract."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from customers.models import Customer
from tests.api.harness import Harness, at, send_json

#: A value for each field, with what a careless translation would change.
VALUES: dict[str, Any] = {
    "external_id": "Kunde 7/ä?#%",
    "processor_reference": "cus_4242424242424242",
    "reference": "  Référence «1» ",
    "email": "Jo.O'Neil+x@Example.ORG",
    "name": "株式会社 <b>&amp; Söhne",
    "legal_name": 'Coleman-Blair "GmbH" ',
    "legal_number": "49-008-2965",
    "ein": "12-3456789",
    "address_line1": "5230 Penfield Ave,\tBldg 1",
    "address_line2": "Apt #1\nrear",
    "city": "Saint-Étienne",
    "state": "CA",
    "postal_code": "00123",
    "country": "DE",
    "phone": "1-171-883-3711 x245",
    "url": "http://hooli.com/?a=1&b=%20#c",
    "logo_url": "https://hooli.com/logo.png",
    "metadata": {"key": "Wert ", "": "", "naïve": "😀"},
}
#: What a field is where nothing was written.
ABSENT: dict[str, Any] = {"metadata": {}}


def writable_in(harness: Harness) -> list[str]:
    """The fields that one may write through a contract."""
    return [field for field in harness.names if field not in harness.read_only]


def create(caller: APIClient, harness: Harness, values: dict[str, Any]) -> Customer:
    """A customer made through the contract with the values, by the store's names of the fields."""
    body = {
        harness.names[field]: harness.form(field).written(value) for field, value in values.items()
    }
    route = harness.create.route
    answer = send_json(caller, route.method, route.path, harness.wrap(body))
    assert answer.status_code == route.ok, answer.content
    return Customer.objects.get(pk=id_in(harness, unwrapped(answer.json())))


def unwrapped(body: Any) -> dict[str, Any]:
    """The customer in an answer."""
    customer: dict[str, Any] = body.get("customer", body)
    return customer


def id_in(harness: Harness, shown: dict[str, Any]) -> str:
    """The UUID of a customer as the contract shows them."""
    return harness.uuid_of(shown[harness.id_at])


def read(caller: APIClient, harness: Harness, customer: Customer) -> dict[str, Any]:
    """The customer as the contract shows them."""
    answer: Any = caller.get(harness.path_of(customer))
    assert answer.status_code == 200, (harness.slug, answer.content)
    return unwrapped(answer.json())


def read_fields(caller: APIClient, harness: Harness, customer: Customer) -> dict[str, Any]:
    """The same by the store's names of the fields."""
    shown = read(caller, harness, customer)
    names = harness.names
    return {field: harness.form(field).read(at(shown, name)) for field, name in names.items()}


def listed(caller: APIClient, harness: Harness) -> list[dict[str, Any]]:
    """The customers in the contract's list."""
    customers: list[dict[str, Any]] = caller.get(harness.list_path).json()[harness.rows]
    return customers


def expected(harness: Harness, values: dict[str, Any], customer: Customer) -> dict[str, Any]:
    """The fields of a contract where the customer has these values and no others."""
    shown = {**values, **({"country": harness.germany} if values.get("country") == "DE" else {})}
    fields = {field: shown.get(field, ABSENT.get(field)) for field in harness.names}
    if harness.id_at == "lago_id" and "external_id" not in values:
        fields["external_id"] = str(customer.pk)
    return fields
