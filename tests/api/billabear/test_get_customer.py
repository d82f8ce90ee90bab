"""GET /api/v1.0/customer/{id}."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.billabear.support import BASE, assert_error, create, page


@pytest.fixture
def path(customer: Customer) -> str:
    return f"{BASE}/{customer.pk}"


def test_it_is_the_item_of_the_list_with_the_address(api: APIClient, acme: Organization) -> None:
    customer = factories.customer(
        acme,
        reference="One",
        processor_reference="cust_1",
        email="a@example.org",
        legal_name="Acme GmbH",
        address_line1="Torstraße 1",
        city="Berlin",
        country="DE",
        postal_code="10119",
    )

    response: Any = api.get(f"{BASE}/{customer.pk}")

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "id": str(customer.pk),
        "reference": "One",
        "external_reference": "cust_1",
        "email": "a@example.org",
        "country": "DE",
        "address": {
            "company_name": "Acme GmbH",
            "street_line_one": "Torstraße 1",
            "street_line_two": None,
            "city": "Berlin",
            "region": None,
            "country": "DE",
            "postcode": "10119",
        },
    }
    (item,) = page(api)["data"]
    assert list(item) == ["id", "reference", "external_reference", "email", "country"]
    assert item.items() <= response.json().items()


def test_it_is_what_creating_answered(api: APIClient) -> None:
    created = create(api, {"email": "a@example.org", "country": "DE"})
    customer = created.json()["customer"]

    response: Any = api.get(f"{BASE}/{customer['id']}")

    assert customer.items() <= response.json().items()
    assert response["ETag"] == created["ETag"]


def test_what_this_contract_does_not_know_of_is_null(api: APIClient, path: str) -> None:
    """A customer of a name and an external id only."""
    body: Any = api.get(path)

    assert [body.json()[name] for name in ("reference", "external_reference", "email")] == [
        None
    ] * 3
    assert body.json()["country"] is None


@pytest.mark.parametrize(
    "id",
    [
        "019470a0-0000-7000-8000-000000000000",
        "00000000-0000-0000-0000-000000000000",
        "unknown",
        "ext-1",
        "1",
        "%00",
        "%F0%28",
        "..",
        "cus_01h2xcejqtf2nbrexx3vqjhp41",
    ],
)
def test_an_unknown_id_is_404(api: APIClient, customer: Customer, id: str) -> None:
    assert_error(api.get(f"{BASE}/{id}"), 404)


@pytest.mark.parametrize("form", ["{0.hex}", "{{{0}}}", "urn:uuid:{0}", "{0}x", "%20{0}"])
def test_another_spelling_of_an_id_is_404(api: APIClient, customer: Customer, form: str) -> None:
    assert_error(api.get(f"{BASE}/{form.format(customer.pk)}"), 404)


def test_a_query_parameter_is_400(api: APIClient, path: str) -> None:
    assert_error(api.get(f"{path}?per_page=1"), 400)
