"""GET /v1/customers: the envelope, its links, and the pages that they lead to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from customers.values.cus_ids import encode
from tests import factories
from tests.api.vatly.support import (
    BASE,
    ORIGIN,
    ends,
    follow,
    get,
    names,
    page,
    walk,
)

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
PLACES = ["startingAfter", "endingBefore"]


def cus(customer: Customer) -> str:
    return encode(customer.pk)


def add(acme: Organization, name: object, created_at: datetime | None = None) -> Customer:
    return factories.customer(acme, email=f"{name}@example.org", created_at=created_at)


@pytest.fixture
def seven(acme: Organization) -> list[Customer]:
    """Seven customers, oldest first; the list has them as 7 6 5 4 3 2 1."""
    return [add(acme, number, NOON + timedelta(hours=number)) for number in range(1, 8)]


@pytest.fixture
def simultaneous(acme: Organization) -> list[Customer]:
    """Many customers of one and the same moment."""
    return [add(acme, number, NOON) for number in range(12)]


def test_a_page_is_its_rows_their_count_and_three_links(
    api: APIClient, seven: list[Customer]
) -> None:
    body = get(api, f"{BASE}?startingAfter={cus(seven[5])}&limit=2")

    def link(query: str) -> dict[str, str]:
        return {"href": f"{ORIGIN}{BASE}?{query}&limit=2", "type": "application/json"}

    assert body == {
        "data": [get(api, f"{BASE}/{cus(customer)}") for customer in (seven[4], seven[3])],
        "links": {
            "self": link(f"startingAfter={cus(seven[5])}"),
            "next": link(f"startingAfter={cus(seven[3])}"),
            "prev": link(f"endingBefore={cus(seven[4])}"),
        },
        "count": 2,
    }


def test_an_empty_list_leads_nowhere(api: APIClient) -> None:
    self = {"href": f"{ORIGIN}{BASE}?limit=10", "type": "application/json"}

    links = {"self": self, "next": None, "prev": None}
    assert page(api) == {"data": [], "links": links, "count": 0}


def test_only_live_customers_of_the_keys_organization_are_in_it(
    api: APIClient, acme: Organization, globex: Organization
) -> None:
    add(acme, "mine")
    add(acme, "archived").archive()
    add(globex, "theirs")

    assert names(page(api)) == ["mine"]
    assert names(page(factories.client(globex))) == ["theirs"]


def test_a_customer_without_an_email_is_in_it(api: APIClient, customer: Customer) -> None:
    (row,) = page(api)["data"]

    assert (row["id"], row["email"], row["metadata"]) == (cus(customer), None, {})


def test_its_cost_does_not_grow_with_its_rows(
    api: APIClient, seven: list[Customer], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page(api)  # notes the key's use

    for limit in (1, 7):
        with django_assert_num_queries(2):  # the key, and the page
            assert page(api, limit=limit)["count"] == limit


# --- Links, followed as they are -----------------------------------------------------------------


def test_next_leads_to_the_end_and_prev_back_again(api: APIClient, seven: list[Customer]) -> None:
    there = walk(api, page(api, limit=3), "next")
    back = walk(api, there[-1], "prev")

    assert [names(page) for page in there] == [["7", "6", "5"], ["4", "3", "2"], ["1"]]
    assert [names(page) for page in back] == [["1"], ["4", "3", "2"], ["7", "6", "5"]]
    assert [ends(page) for page in there] == [(False, True), (True, True), (True, False)]
    assert [ends(page) for page in back] == [(True, False), (True, True), (False, True)]
    assert [page["count"] for page in there] == [3, 3, 1]


def test_back_at_the_start_next_leads_to_the_end_again(
    api: APIClient, seven: list[Customer]
) -> None:
    there = walk(api, page(api, limit=2), "next")
    start = walk(api, there[-1], "prev")[-1]

    again = walk(api, start, "next")

    assert names(*again) == names(*there) == list("7654321")


@pytest.mark.parametrize("limit", [1, 2, 5, 11, 12])
def test_rows_of_one_moment_have_one_place_each(
    api: APIClient, simultaneous: list[Customer], limit: int
) -> None:
    there = walk(api, page(api, limit=limit), "next")
    back = walk(api, there[-1], "prev")

    ids = [row["id"] for page in there for row in page["data"]]
    assert ids == sorted(map(cus, simultaneous), reverse=True)
    assert names(*reversed(back)) == names(*there)


@pytest.mark.parametrize("query", [{}, {"limit": 2}, {"limit": "007"}])
def test_self_leads_to_the_same_page(
    api: APIClient, seven: list[Customer], query: dict[str, str]
) -> None:
    for place in ({}, {"startingAfter": cus(seven[4])}, {"endingBefore": cus(seven[1])}):
        body = page(api, **query, **place)
        assert follow(api, body, "self") == body


@pytest.mark.parametrize("limit", [7, 8, 100])
def test_a_page_of_all_has_no_neighbours(api: APIClient, seven: list[Customer], limit: int) -> None:
    assert ends(page(api, limit=limit)) == (False, False)


def test_a_page_emptied_meanwhile_still_leads_back(api: APIClient, seven: list[Customer]) -> None:
    first = page(api, limit=4)
    for gone in seven[:3]:
        gone.archive()

    empty = follow(api, first, "next")

    assert (empty["data"], empty["count"], empty["links"]["next"]) == ([], 0, None)
    assert names(follow(api, empty, "prev")) == list("7654")


# --- Places --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "after", "before"),
    [(1, "4", "6"), (2, "43", "76"), (3, "432", "76"), (100, "4321", "76")],
)
def test_a_page_is_next_to_its_place(
    api: APIClient, seven: list[Customer], limit: int, after: str, before: str
) -> None:
    five = cus(seven[4])

    assert names(page(api, limit=limit, startingAfter=five)) == list(after)
    assert names(page(api, limit=limit, endingBefore=five)) == list(before)


def test_a_row_added_meanwhile_moves_no_other(
    api: APIClient, acme: Organization, seven: list[Customer]
) -> None:
    first = page(api, limit=3)
    add(acme, "new")

    second = follow(api, first, "next")
    back = follow(api, second, "prev")

    assert names(second) == ["4", "3", "2"]
    assert names(back) == ["7", "6", "5"]
    assert names(follow(api, back, "prev")) == ["new"]


def test_rows_archived_meanwhile_move_no_other(api: APIClient, seven: list[Customer]) -> None:
    first = page(api, limit=3)
    for gone in (seven[6], seven[4], seven[3]):  # "7", the link's own "5", and "4"
        gone.archive()

    second = follow(api, first, "next")

    assert names(second) == ["3", "2", "1"]
    assert names(follow(api, second, "prev")) == ["6"]


def test_a_place_of_another_organization_is_only_a_place(
    api: APIClient, globex: Organization, seven: list[Customer]
) -> None:
    between = add(globex, "theirs", NOON + timedelta(hours=4, minutes=30))

    body = page(api, startingAfter=cus(between))

    assert names(body) == list("4321")
    assert "theirs" not in str(body)


@pytest.mark.parametrize("place", PLACES)
def test_an_empty_place_is_the_first_page(
    api: APIClient, seven: list[Customer], place: str
) -> None:
    assert names(get(api, f"{BASE}?{place}=&limit=2")) == list("76")


# --- Limits and other parameters -----------------------------------------------------------------


def test_ten_rows_are_a_page_by_default(api: APIClient, simultaneous: list[Customer]) -> None:
    first = page(api)

    assert first["count"] == len(first["data"]) == 10
    assert first["links"]["self"]["href"] == f"{ORIGIN}{BASE}?limit=10"


def test_a_hundred_rows_are_the_most(api: APIClient, acme: Organization) -> None:
    for number in range(101):
        add(acme, number)

    most = page(api, limit=100)

    assert (most["count"], ends(most)) == (100, (False, True))
    assert follow(api, most, "next")["count"] == 1
