"""GET /api/v1/customers: numbered pages, and the count of all."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from customers.models.querysets import CustomerQuerySet
from tests import factories
from tests.api.lago.support import KEYS, PATH, assert_invalid, at, upsert

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def page(api: APIClient, **query: Any) -> dict[str, Any]:
    """The page that `query` gets."""
    response: Any = api.get(PATH, query)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    body: dict[str, Any] = response.json()
    assert list(body) == ["customers", "meta"]
    return body


def ids(body: dict[str, Any]) -> list[str]:
    return [customer["customer_id"] for customer in body["customers"]]


def meta(current: int, following: int | None, pages: int, count: int) -> dict[str, int | None]:
    return {
        "current_page": current,
        "next_page": following,
        "prev_page": current - 1 or None,
        "total_pages": pages,
        "total_count": count,
    }


@pytest.fixture
def seven(acme: Organization) -> list[str]:
    """The ids of seven customers as they come, which is newest first."""
    names = [f"id-{number}" for number in range(7)]
    for name in names:
        factories.customer(acme, external_id=name)
    return names[::-1]


def test_an_empty_list(api: APIClient) -> None:
    assert page(api) == {"customers": [], "meta": meta(1, None, 0, 0)}
    assert page(api, page=3) == {"customers": [], "meta": meta(3, None, 0, 0)}


def test_a_row_is_what_the_customer_alone_is(api: APIClient, customer: Customer) -> None:
    (row,) = page(api)["customers"]

    assert row.keys() == KEYS
    assert {"customer": row} == api.get(at("ext-1")).json()


def test_customers_of_other_contracts_are_in_it_by_their_uuid(
    api: APIClient, acme: Organization
) -> None:
    customer = factories.customer(acme, name="Made elsewhere")

    (row,) = page(api)["customers"]

    assert row["lago_id"] == row["customer_id"] == row["external_id"] == str(customer.pk)


def test_newest_come_first(api: APIClient, acme: Organization) -> None:
    for day, name in enumerate(["first", "second", "third"]):
        factories.customer(acme, external_id=name, created_at=NOON + timedelta(days=day))
    upsert(api, "first", name="Updated last")

    assert ids(page(api)) == ["third", "second", "first"]


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8, 100])
def test_the_pages_are_the_list_and_their_meta_is_exact(
    api: APIClient, seven: list[str], size: int
) -> None:
    pages = -(-7 // size)
    found: list[str] = []
    for number in range(1, pages + 1):
        body = page(api, page=number, per_page=size)
        assert ids(body) == seven[(number - 1) * size : number * size]
        following = number + 1 if number < pages else None
        assert body["meta"] == meta(number, following, pages, 7)
        found += ids(body)

    assert found == seven
    for past in (pages + 1, pages + 2, 1_000_000):
        assert page(api, page=past, per_page=size) == {
            "customers": [],
            "meta": meta(past, None, pages, 7),
        }


def test_following_next_page_ends_with_the_list(api: APIClient, seven: list[str]) -> None:
    found: list[str] = []
    number: int | None = 1
    while number is not None:
        body = page(api, page=number, per_page=3)
        found += ids(body)
        number = body["meta"]["next_page"]

    assert found == seven


def test_a_page_has_twenty_by_default_and_a_hundred_at_most(
    api: APIClient, acme: Organization
) -> None:
    for number in range(101):
        factories.customer(acme, external_id=str(number))

    assert len(page(api)["customers"]) == 20
    assert page(api)["meta"] == meta(1, 2, 6, 101)
    assert page(api) == page(api, page=1, per_page=20)
    assert len(page(api, per_page=100)["customers"]) == 100
    assert page(api, per_page=100)["meta"] == meta(1, 2, 2, 101)


def test_archived_customers_are_neither_shown_nor_counted(api: APIClient, seven: list[str]) -> None:
    api.delete(at(seven[3]))

    body = page(api, per_page=6)

    assert ids(body) == seven[:3] + seven[4:]
    assert body["meta"] == meta(1, None, 1, 6)


def test_others_and_the_other_mode_are_neither_shown_nor_counted(
    api: APIClient, acme: Organization, globex: Organization, customer: Customer
) -> None:
    for number in range(3):
        factories.customer(globex, external_id=f"theirs-{number}")
    factories.customer(acme, "test", external_id="for tests")

    for client, expected in (
        (api, ["ext-1"]),
        (factories.client(acme, "test"), ["for tests"]),
        (factories.client(globex), ["theirs-2", "theirs-1", "theirs-0"]),
    ):
        assert ids(page(client)) == expected
        assert page(client, per_page=1)["meta"]["total_count"] == len(expected)
        assert page(client, page=9)["meta"]["total_count"] == len(expected)


def test_head_answers_as_get_without_a_body(api: APIClient, customer: Customer) -> None:
    response = api.head(PATH)

    assert response.status_code == 200
    assert response.content == b""


# --- Totals that are estimated -------------------------------------------------------------------


@pytest.fixture
def estimate(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> int:
    """The planner's estimate, where more than three customers are many."""
    rows: int = request.param
    plan = json.dumps([{"Plan": {"Plan Rows": rows}}])
    monkeypatch.setattr("customers.models.counting.EXACT_COUNT", 3)
    monkeypatch.setattr(CustomerQuerySet, "explain", lambda *_args, **_options: plan)
    return rows


@pytest.mark.parametrize("estimate", [1234], indirect=True)
def test_beyond_the_limit_the_total_is_an_estimate(
    api: APIClient, seven: list[str], estimate: int
) -> None:
    body = page(api, page=2, per_page=2)

    assert ids(body) == seven[2:4]
    assert body["meta"] == meta(2, 3, 617, 1234)
    assert page(api, page=9, per_page=2)["meta"] == meta(9, None, 617, 1234)


@pytest.mark.parametrize("estimate", [1234], indirect=True)
def test_the_last_page_knows_the_total(api: APIClient, seven: list[str], estimate: int) -> None:
    assert page(api, page=4, per_page=2)["meta"] == meta(4, None, 4, 7)
    assert page(api)["meta"] == meta(1, None, 1, 7)


@pytest.mark.parametrize("estimate", [1234], indirect=True)
def test_up_to_the_limit_the_total_is_exact(
    api: APIClient, acme: Organization, estimate: int
) -> None:
    for number in range(3):
        factories.customer(acme, external_id=str(number))

    assert page(api, per_page=1)["meta"] == meta(1, 2, 3, 3)
    assert page(api, page=9)["meta"] == meta(9, None, 1, 3)


@pytest.mark.parametrize("estimate", [1, 5], indirect=True)
@pytest.mark.parametrize("size", [1, 2])
def test_an_estimate_is_never_less_than_what_was_seen(
    api: APIClient, seven: list[str], estimate: int, size: int
) -> None:
    """A caller who pages up to `total_pages` stops too early otherwise."""
    number: int | None = 1
    while number is not None:
        reported = page(api, page=number, per_page=size)["meta"]
        if reported["next_page"] is not None:
            assert reported["total_pages"] >= reported["next_page"]
            assert reported["total_count"] > number * size
        number = reported["next_page"]


def test_the_planner_is_asked_in_earnest(
    api: APIClient, seven: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("customers.models.counting.EXACT_COUNT", 3)

    reported = page(api, per_page=2)["meta"]

    assert reported["total_count"] >= 4
    assert reported["total_pages"] == -(-reported["total_count"] // 2)


# --- Refusals ------------------------------------------------------------------------------------


def test_both_parameters_are_named_at_once(api: APIClient) -> None:
    response = api.get(PATH, {"page": "0", "per_page": "0"})

    assert_invalid(response, page=["value_is_invalid"], per_page=["value_is_invalid"])
