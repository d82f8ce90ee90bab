"""GET …/payment-methods."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer
from tests import factories
from tests.api.billabear.support import BASES, assert_error
from tests.api.harness import NOTHING

pytestmark = pytest.mark.parametrize("base", BASES)


def listed(api: APIClient, base: str, customer: Customer, **query: Any) -> Any:
    response: Any = api.get(f"{base}/{customer.pk}/payment-methods", query)
    assert response.status_code == 200, response.content
    return response.json()


def test_they_are_those_of_the_store(api: APIClient, customer: Customer, base: str) -> None:
    card = customer.add_payment_method(
        type="card", brand="visa", last4="4242", exp_month=8, exp_year=2030
    )
    account = customer.add_payment_method(type="standard_ach", last4="6789", bank_name="First Bank")

    body = listed(api, base, customer)

    times = [method.pop("created_at") for method in body["data"]]
    assert body == {
        "data": [
            {
                "id": str(card.pk),
                "name": None,
                "default": True,
                "brand": "visa",
                "last_four": "4242",
                "expiry_month": "8",
                "expiry_year": "2030",
            },
            {
                "id": str(account.pk),
                "name": "First Bank",
                "default": False,
                "brand": None,
                "last_four": "6789",
                "expiry_month": None,
                "expiry_year": None,
            },
        ],
        "has_more": False,
        "last_key": str(account.pk),
    }
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time) for time in times)


def test_a_customer_without_any_has_an_empty_list(
    api: APIClient, customer: Customer, base: str
) -> None:
    assert listed(api, base, customer) == {"data": [], "has_more": False, "last_key": None}


def test_they_come_all_at_once_up_to_a_hundred(
    api: APIClient, customer: Customer, base: str
) -> None:
    """The vendor's clients cannot ask for a second page."""
    made = [str(factories.payment_method(customer).pk) for _ in range(12)]

    whole, first = listed(api, base, customer), listed(api, base, customer, per_page=5)
    second = listed(api, base, customer, limit=100, last_key=first["last_key"])

    assert [method["id"] for method in whole["data"]] == sorted(made)
    assert whole["has_more"] is False
    assert [method["id"] for method in first["data"] + second["data"]] == sorted(made)
    assert [first["has_more"], second["has_more"]] == [True, False]


def test_an_archived_or_unknown_customer_is_404(
    api: APIClient, customer: Customer, base: str
) -> None:
    factories.payment_method(customer)
    customer.archive()

    for gone in (customer, NOTHING):
        assert_error(api.get(f"{base}/{gone.pk}/payment-methods"), 404)
