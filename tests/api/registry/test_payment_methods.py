"""/registry/v1/customers/{id}/payment_methods"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from customers.models import Customer, PaymentMethod
from tests import factories
from tests.api.harness import send
from tests.api.registry.support import assert_error, get, patch, path_of, post
from tests.stored import stored

CARD: dict[str, Any] = {
    "type": "card",
    "brand": "visa",
    "last4": "4242",
    "exp_month": 8,
    "exp_year": 2030,
    "bank_name": None,
    "processor": "stripe",
    "processor_token": "pm_1PgafyL7jsA8",
}


def test_a_payment_method_is_added_changed_and_removed(api: APIClient, customer: Customer) -> None:
    created = post(api, path_of(customer, "/payment_methods"), CARD)
    path, shown = created["Location"], created.json()

    assert created.status_code == 201
    assert {name: shown[name] for name in CARD} == CARD
    assert (created["ETag"], shown["is_default"]) == ('"1"', True)
    assert get(api, path).json() == shown
    changed = patch(api, path, {"exp_year": 2033, "brand": None})
    assert changed.json()["exp_year"] == 2033
    assert send(api, "DELETE", path).json() == changed.json()
    assert_error(get(api, path), 404)
    customer.refresh_from_db()
    assert customer.default_payment_method_id is None


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"type": None}, {"type": "null"}),
        ({"type": "4242424242424242"}, {"type": "invalid_choice"}),
        ({"last4": "424"}, {"last4": "invalid"}),
        ({"last4": 4242}, {"last4": "type"}),
        ({"exp_month": 13}, {"exp_month": "max_value"}),
        ({"exp_month": "8"}, {"exp_month": "type"}),
        ({"exp_month": True}, {"exp_month": "type"}),
        ({"exp_month": 8.0}, {"exp_month": "type"}),
        ({"exp_year": 30}, {"exp_year": "min_value"}),
        ({"exp_month": None}, {"exp_month": "incomplete"}),
        ({"exp_year": None}, {"exp_year": "incomplete"}),
        ({"processor_token": "4242424242424242"}, {"processor_token": "card_number"}),
    ],
)
def test_what_is_refused(
    api: APIClient, customer: Customer, values: dict[str, Any], codes: dict[str, str]
) -> None:
    path = path_of(customer, "/payment_methods")
    method = customer.add_payment_method(**CARD)
    before = stored()

    changed = patch(api, f"{path}/{method.pk}", values)
    created = post(api, path, {**CARD, **values})

    assert_error(changed, 422, **codes)
    assert created.status_code == 422
    assert b"4242424242424242" not in changed.content + created.content
    assert stored() == before


def test_a_type_is_mandatory(api: APIClient, customer: Customer) -> None:
    answer = post(api, path_of(customer, "/payment_methods"), {"last4": "4242"})

    assert_error(answer, 422, type="required")


def test_another_is_made_the_default(api: APIClient, customer: Customer) -> None:
    first = customer.add_payment_method(type="card")
    second = customer.add_payment_method(type="standard_ach")
    path = path_of(customer, "/payment_methods")

    answer = post(api, f"{path}/{second.pk}/make_default", HTTP_IF_MATCH='"2"')

    assert answer.json()["id"] == str(customer.pk)
    assert answer.json()["default_payment_method_id"] == str(second.pk)
    assert answer["ETag"] == '"3"'
    assert [row["is_default"] for row in get(api, path).json()["data"]] == [True, False]
    assert_error(post(api, f"{path}/{first.pk}/make_default", HTTP_IF_MATCH='"2"'), 412)


def test_that_of_another_customer_is_not_there(api: APIClient, customer: Customer) -> None:
    other = factories.customer(customer.organization, name="Other").add_payment_method(type="card")
    path = path_of(customer, f"/payment_methods/{other.pk}")

    for answer in (get(api, path), post(api, f"{path}/make_default"), send(api, "DELETE", path)):
        assert_error(answer, 404)
    assert PaymentMethod.objects.get() == other


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("expired=true", ["0001", "0002"]),
        ("expired=false", ["0003", "0004", "0005", "0006"]),
        ("expiring_within=1", []),
        ("expiring_within=30", ["0003"]),
        ("expiring_within=31", ["0003"]),
        ("expiring_within=62", ["0003", "0004"]),
        ("expired=true&expiring_within=62", []),
        ("expired=", ["0001", "0002", "0003", "0004", "0005", "0006"]),
    ],
)
def test_by_expiry(api: APIClient, customer: Customer, query: str, found: list[str]) -> None:
    for number, (month, year) in enumerate(
        [(12, 2025), (6, 2026), (7, 2026), (8, 2026), (1, 2027), (None, None)], 1
    ):
        customer.add_payment_method(
            type="card", last4=f"{number:04}", exp_month=month, exp_year=year
        )

    with time_machine.travel(datetime(2026, 7, 2, tzinfo=UTC), tick=False):
        answer = get(api, path_of(customer, f"/payment_methods?{query}"))

    assert sorted(row["last4"] for row in answer.json()["data"]) == found


@pytest.mark.parametrize(
    ("name", "value"),
    [("expired", "yes"), ("expired", "1"), *(("expiring_within", v) for v in ("0", "x", "1.5"))],
)
def test_a_bad_filter_is_refused(api: APIClient, customer: Customer, name: str, value: str) -> None:
    answer = get(api, path_of(customer, f"/payment_methods?{name}={value}"))

    assert answer.status_code == 400
    assert [fault["field"] for fault in answer.json()["errors"]] == [name]
