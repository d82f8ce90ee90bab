"""Pages far into a long list continue from rows that are remembered, and totals too."""

from __future__ import annotations

from time import monotonic
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from customers.models.querysets import CustomerQuerySet
from customers.rest import numbered
from tests import factories


@pytest.fixture
def customers(acme: Organization, monkeypatch: pytest.MonkeyPatch) -> list[Customer]:
    """Thirty of them, newest first; what lies beyond the fifth is far."""
    monkeypatch.setattr(numbered, "FIRST_POSITION", 5)
    rows = [factories.customer(acme, external_id=f"c-{number}") for number in range(30)]
    return rows[::-1]


def page(api: APIClient, number: int, size: int = 4) -> Any:
    return api.get("/api/v1/customers", {"page": number, "per_page": size}).json()


def ids(body: Any) -> list[str]:
    return [customer["external_id"] for customer in body["customers"]]


def test_a_walk_sees_every_customer_once(api: APIClient, customers: list[Customer]) -> None:
    for size in (4, 7, 4):
        seen = [id for number in range(1, 30) for id in ids(page(api, number, size))]

        assert seen == [customer.external_id for customer in customers]


def test_any_page_is_right_after_any_other(api: APIClient, customers: list[Customer]) -> None:
    for number in (6, 3, 5, 7, 6, 2, 8, 1, 4):
        expected = customers[(number - 1) * 4 : number * 4]

        assert ids(page(api, number)) == [customer.external_id for customer in expected]


def test_what_is_added_meanwhile_moves_no_page_that_is_far(
    api: APIClient, acme: Organization, customers: list[Customer]
) -> None:
    first = [ids(page(api, number)) for number in range(1, 5)]
    factories.customer(acme, external_id="new")

    assert ids(page(api, 5)) == [customer.external_id for customer in customers[16:20]]
    assert ids(page(api, 1)) == ["new", *first[0][:3]]


def test_what_is_remembered_is_forgotten_after_a_minute(
    api: APIClient, acme: Organization, customers: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    page(api, 4)
    factories.customer(acme, external_id="new")
    now = monotonic() + 61
    monkeypatch.setattr(numbered, "monotonic", lambda: now)

    assert ids(page(api, 5)) == [customer.external_id for customer in customers[15:19]]


def test_other_tenants_lists_are_their_own(
    api: APIClient, acme: Organization, globex: Organization, customers: list[Customer]
) -> None:
    page(api, 4)
    theirs = [factories.customer(globex, external_id=f"g-{number}") for number in range(20)]

    assert ids(page(factories.client(globex), 4)) == [
        customer.external_id for customer in theirs[::-1][12:16]
    ]
    assert ids(page(factories.client(acme, "test"), 4)) == []


def test_a_long_list_is_counted_once_a_minute(
    api: APIClient,
    customers: list[Customer],
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(CustomerQuerySet, "count_or_estimate", lambda _rows: 1_000_000)
    page(api, 1)

    with django_assert_num_queries(2):  # the key and the page
        assert page(api, 2)["meta"]["total_count"] == 1_000_000
    monkeypatch.setattr(CustomerQuerySet, "count_or_estimate", lambda _rows: 2_000_000)
    now = monotonic() + 61
    monkeypatch.setattr(numbered, "monotonic", lambda: now)
    assert page(api, 1)["meta"]["total_count"] == 2_000_000
