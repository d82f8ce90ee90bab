"""Which contract has which field of the store, under which name, and how it is written and read."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from customers.models import Customer
from customers.values.cus_ids import decode
from tests.api.wires import LISTS, ONE, send_json

AP, BILLABEAR, LAGO, VATLY = "alternative-payments", "billabear", "lago", "vatly"

#: The name of each field in each contract that has it.
NAMES: dict[str, dict[str, str]] = {
    "external_id": {AP: "external_id", LAGO: "customer_id"},
    "processor_reference": {AP: "customer_integration_id", BILLABEAR: "external_reference"},
    "reference": {BILLABEAR: "reference"},
    "email": {AP: "email", BILLABEAR: "email", LAGO: "email", VATLY: "email"},
    "name": {AP: "name", LAGO: "name"},
    "legal_name": {AP: "legal_name", LAGO: "legal_name"},
    "legal_number": {LAGO: "legal_number"},
    "ein": {AP: "ein"},
    "address_line1": {AP: "street_address", LAGO: "address_line1"},
    "address_line2": {AP: "sub_premise", LAGO: "address_line2"},
    "city": {AP: "city", LAGO: "city"},
    "state": {AP: "state", LAGO: "state"},
    "postal_code": {AP: "postal_code", LAGO: "zipcode"},
    "country": {AP: "country", BILLABEAR: "country", LAGO: "country"},
    "phone": {LAGO: "phone"},
    "url": {LAGO: "url"},
    "logo_url": {LAGO: "logo_url"},
    "metadata": {VATLY: "metadata"},
}
#: Told, but not written there.
READ_ONLY = {(AP, "processor_reference")}

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

#: The same country as contracts take it, and as they tell it.
COUNTRIES_TAKEN = {
    AP: ["DE", "DEU", "Germany", "germany", "deu"],
    BILLABEAR: ["DE"],
    LAGO: ["DE", "de"],
}
COUNTRY_TOLD = {AP: "DEU", BILLABEAR: "DE", LAGO: "DE"}

#: What a contract asks for beside the field in question.
REQUIRED: dict[str, dict[str, Any]] = {
    AP: {},
    BILLABEAR: {"email": "ada@example.org", "country": "FR"},
    LAGO: {"external_id": "ext-1"},
    VATLY: {"email": "ada@example.org"},
}
_CREATE = {
    AP: ("POST", "/customers"),
    BILLABEAR: ("PUT", "/api/v1.0/customer"),
    LAGO: ("POST", "/api/v1/customers"),
    VATLY: ("POST", "/v1/customers"),
}


def names_in(slug: str) -> dict[str, str]:
    """The fields of a contract with their names there."""
    return {field: names[slug] for field, names in NAMES.items() if slug in names}


def writable_in(slug: str) -> list[str]:
    """The fields that one may write through a contract."""
    return [field for field in names_in(slug) if (slug, field) not in READ_ONLY]


def told(slug: str, field: str, value: Any) -> Any:
    """How a contract tells the value of a field."""
    return COUNTRY_TOLD[slug] if field == "country" and value == "DE" else value


def create(caller: APIClient, slug: str, values: dict[str, Any]) -> Customer:
    """A customer made through the contract with the values, by the store's names of the fields."""
    names = names_in(slug)
    body: dict[str, Any] = {names[field]: value for field, value in values.items()}
    method, path = _CREATE[slug]
    answer = send_json(caller, method, path, {"customer": body} if slug == LAGO else body)
    assert answer.status_code in (200, 201), answer.content
    return Customer.objects.get(pk=id_in(slug, unwrapped(slug, answer.json())))


def unwrapped(slug: str, body: Any) -> dict[str, Any]:
    """The customer in an answer."""
    customer: dict[str, Any] = body.get("customer", body)
    return customer


def id_in(slug: str, shown: dict[str, Any]) -> str:
    """The UUID of a customer as the contract shows them."""
    if slug == VATLY:
        return str(decode(shown["id"]))
    return str(shown["lago_id" if slug == LAGO else "id"])


def read(caller: APIClient, slug: str, customer: Customer) -> dict[str, Any]:
    """The customer as the contract shows them."""
    answer: Any = caller.get(ONE[slug](customer))
    assert answer.status_code == 200, (slug, answer.content)
    return unwrapped(slug, answer.json())


def read_fields(caller: APIClient, slug: str, customer: Customer) -> dict[str, Any]:
    """The same by the store's names of the fields."""
    shown = read(caller, slug, customer)
    return {field: shown[name] for field, name in names_in(slug).items()}


def listed(caller: APIClient, slug: str) -> list[dict[str, Any]]:
    """The customers in the contract's list."""
    body: Any = caller.get(LISTS[slug]).json()
    customers: list[dict[str, Any]] = body["customers" if slug == LAGO else "data"]
    return customers


def expected(slug: str, values: dict[str, Any], customer: Customer) -> dict[str, Any]:
    """The fields of a contract where the customer has these values and no others."""
    fields = {
        field: told(slug, field, values[field]) if field in values else ABSENT.get(field)
        for field in names_in(slug)
    }
    if slug == LAGO and "external_id" not in values:
        fields["external_id"] = str(customer.pk)
    return fields
