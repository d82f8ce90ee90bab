"""GET /v1/customers/{id}."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from customers.values.cus_ids import encode
from tests import factories
from tests.api.vatly.support import BASE, NOT_FOUND, ORIGIN, assert_error, get, page


@pytest.fixture
def path(customer: Customer) -> str:
    return f"{BASE}/{encode(customer.pk)}"


def test_it_is_the_documented_resource(api: APIClient, acme: Organization) -> None:
    customer = factories.customer(
        acme,
        email="john@example.com",
        metadata={"plan": "pro"},
        created_at=datetime(2024, 1, 15, 10, 30, 0, 999_999, tzinfo=UTC),
    )
    id = encode(customer.pk)

    response: Any = api.get(f"{BASE}/{id}")

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert list(response.json().items()) == [
        ("id", id),
        ("resource", "customer"),
        ("testmode", False),
        ("email", "john@example.com"),
        ("createdAt", "2024-01-15T10:30:00Z"),
        ("metadata", {"plan": "pro"}),
        ("links", {"self": {"href": f"{ORIGIN}{BASE}/{id}", "type": "application/json"}}),
    ]
    assert page(api)["data"] == [response.json()]


def test_its_link_leads_to_itself(api: APIClient, path: str) -> None:
    body = get(api, path)

    assert get(api, body["links"]["self"]["href"]) == body


def test_a_customer_of_a_name_only_has_no_email_and_no_metadata(api: APIClient, path: str) -> None:
    body = get(api, path)

    assert (body["email"], body["metadata"]) == (None, {})
    assert "Coleman-Blair" not in str(body)


def test_a_test_customer_says_so(acme: Organization) -> None:
    customer = factories.customer(acme, "test")

    body = get(factories.client(acme, "test"), f"{BASE}/{encode(customer.pk)}")

    assert body["testmode"] is True


@pytest.mark.parametrize(
    "id",
    [
        "cus_01h2xcejqtf2nbrexx3vqjhp41",
        "cus_00000000000000000000000000",
        "cus_7zzzzzzzzzzzzzzzzzzzzzzzzz",
        "cus_zzzzzzzzzzzzzzzzzzzzzzzzzz",
        "cus_abc123def456",
        "cus_",
        "unknown",
        "ext-1",
        "%00",
        "%F0%28",
        "..",
    ],
)
def test_an_unknown_id_is_404(api: APIClient, customer: Customer, id: str) -> None:
    assert assert_error(api.get(f"{BASE}/{id}"), 404) == NOT_FOUND


def test_another_spelling_of_an_id_is_404(api: APIClient, customer: Customer) -> None:
    id = encode(customer.pk)
    digits = id.removeprefix("cus_")

    for other in (
        *(str(customer.pk), customer.pk.hex, digits, id.upper(), f"cus_{digits.upper()}"),
        *(f"cus_{id}", f"cus_0{digits}", f"{id}%20", f"%20{id}", f"{id}0", id[:-1]),
    ):
        assert assert_error(api.get(f"{BASE}/{other}"), 404) == NOT_FOUND
    assert get(api, f"{BASE}/{id}")["id"] == id


def test_a_query_parameter_is_422(api: APIClient, path: str) -> None:
    assert_error(api.get(f"{path}?limit=1"), 422, "limit")
