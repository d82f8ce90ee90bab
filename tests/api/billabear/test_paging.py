"""GET /api/v1.0/customer: pages by `last_key`, while rows come and go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.billabear.support import BASE, Body, assert_error, page, references

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)

BELOW = {"success": False, "reason": "per_page is below 1"}
ABOVE = {"success": False, "reason": "per_page is above 100"}


@pytest.fixture
def seven(acme: Organization) -> list[Customer]:
    """Seven customers, oldest first, which is the list's order."""
    return [
        factories.customer(acme, reference=str(number), created_at=NOON + timedelta(hours=number))
        for number in range(1, 8)
    ]


@pytest.fixture
def simultaneous(acme: Organization) -> list[Customer]:
    """Many customers of one and the same moment."""
    return [factories.customer(acme, reference=str(n), created_at=NOON) for n in range(25)]


def walk(api: APIClient, per_page: int, **query: str) -> list[Body]:
    """All pages, each got with the `last_key` of the one before."""
    pages = [page(api, per_page=per_page, **query)]
    while pages[-1]["has_more"]:
        last_key = pages[-1]["last_key"]
        pages.append(page(api, per_page=per_page, last_key=last_key, **query))
        assert len(pages) < 40, "the pages go in circles"
    return pages


def test_the_list_is_in_the_order_of_ids(api: APIClient, seven: list[Customer]) -> None:
    ids = [row["id"] for row in page(api)["data"]]

    assert ids == sorted(ids) == [str(customer.pk) for customer in seven]


def test_pages_have_every_row_once_in_order(api: APIClient, seven: list[Customer]) -> None:
    pages = walk(api, 3)

    assert [references(page) for page in pages] == [["1", "2", "3"], ["4", "5", "6"], ["7"]]
    assert [page["has_more"] for page in pages] == [True, True, False]


@pytest.mark.parametrize("per_page", [1, 3, 7])
def test_the_last_key_is_the_id_of_the_last_row(
    api: APIClient, seven: list[Customer], per_page: int
) -> None:
    for each in walk(api, per_page):
        assert each["last_key"] == each["data"][-1]["id"]


@pytest.mark.parametrize("per_page", [7, 8, 100])
def test_a_page_of_all_has_no_more(api: APIClient, seven: list[Customer], per_page: int) -> None:
    only = page(api, per_page=per_page)

    assert len(only["data"]) == 7
    assert only["has_more"] is False


@pytest.mark.parametrize("per_page", [1, 2, 6, 24, 25])
def test_rows_of_one_moment_have_one_place_each(
    api: APIClient, simultaneous: list[Customer], per_page: int
) -> None:
    ids = [row["id"] for each in walk(api, per_page) for row in each["data"]]

    assert ids == sorted(str(customer.pk) for customer in simultaneous)


def test_ten_rows_are_a_page_by_default(api: APIClient, simultaneous: list[Customer]) -> None:
    first = page(api)

    assert len(first["data"]) == 10
    assert first["has_more"] is True


def test_limit_is_another_name_of_per_page(api: APIClient, seven: list[Customer]) -> None:
    assert page(api, limit=3) == page(api, per_page=3)


def test_a_hundred_rows_are_the_most(api: APIClient, acme: Organization) -> None:
    for _ in range(101):
        factories.customer(acme)

    for name in ("per_page", "limit"):
        most = page(api, **{name: 100})
        assert len(most["data"]) == 100
        assert most["has_more"] is True


@pytest.mark.parametrize("name", ["per_page", "limit"])
@pytest.mark.parametrize(
    "size",
    ["0", "-1", "-101", "-" + "9" * 30, "x", "", "%20", "1.5", "1e1", "0x5", "NaN", "null", "1_0"],
)
def test_a_page_size_below_1_or_no_number_is_400_in_the_vendors_words(
    api: APIClient, seven: list[Customer], name: str, size: str
) -> None:
    response = api.get(f"{BASE}?{name}={size}")

    assert assert_error(response, 400) == BELOW


@pytest.mark.parametrize("name", ["per_page", "limit"])
@pytest.mark.parametrize(
    "size", ["101", "102", "1000", "9" * 30, "9" * 2000], ids=lambda size: size[:5]
)
def test_a_page_size_above_100_is_413_in_the_vendors_words(
    api: APIClient, seven: list[Customer], name: str, size: str
) -> None:
    response = api.get(f"{BASE}?{name}={size}")

    assert assert_error(response, 413) == ABOVE


def test_per_page_and_limit_together_are_400(api: APIClient) -> None:
    body = assert_error(api.get(f"{BASE}?per_page=5&limit=5"), 400)

    assert "per_page" in body["reason"]


def test_an_empty_last_key_is_the_first_page(api: APIClient, seven: list[Customer]) -> None:
    assert page(api, per_page=3, last_key="") == page(api, per_page=3)


def test_after_the_last_row_is_an_empty_page(api: APIClient, seven: list[Customer]) -> None:
    last = walk(api, 3)[-1]

    beyond = page(api, last_key=last["last_key"])

    assert beyond == {"data": [], "has_more": False, "last_key": None}


def test_a_row_added_meanwhile_moves_no_other_and_comes_last(
    api: APIClient, acme: Organization, seven: list[Customer]
) -> None:
    first = page(api, per_page=3)
    factories.customer(acme, reference="new")
    rest = page(api, per_page=100, last_key=first["last_key"])

    assert references(first, rest) == ["1", "2", "3", "4", "5", "6", "7", "new"]


def test_a_row_added_after_the_last_page_follows_its_last_key(
    api: APIClient, acme: Organization, seven: list[Customer]
) -> None:
    last = walk(api, 3)[-1]
    factories.customer(acme, reference="new")

    assert references(page(api, last_key=last["last_key"])) == ["new"]


def test_rows_archived_meanwhile_move_no_other(api: APIClient, seven: list[Customer]) -> None:
    first = page(api, per_page=3)
    for gone in (seven[0], seven[2], seven[3]):  # the key's own row "3" among them
        gone.archive()

    second = page(api, per_page=3, last_key=first["last_key"])

    assert references(second) == ["5", "6", "7"]
    assert second["has_more"] is False


def test_rows_added_and_archived_between_all_pages_drop_and_repeat_none(
    api: APIClient, acme: Organization, simultaneous: list[Customer]
) -> None:
    there = {str(customer.pk): customer for customer in simultaneous}
    seen: list[str] = []
    last_key = ""
    while True:
        body = page(api, per_page=4, last_key=last_key)
        seen += [row["id"] for row in body["data"]]
        if not body["has_more"]:
            break
        last_key = body["last_key"]
        there[last_key].archive()  # what the next page begins after
        factories.customer(acme, created_at=NOON - timedelta(hours=1))

    assert seen == sorted(there)


def test_filters_and_last_key_combine(api: APIClient, acme: Organization) -> None:
    for number in range(9):
        reference = f"{'odd' if number % 2 else 'even'} {number}"
        factories.customer(acme, reference=reference, created_at=NOON + timedelta(hours=number))

    pages = walk(api, 2, reference="odd")

    assert [references(page) for page in pages] == [["odd 1", "odd 3"], ["odd 5", "odd 7"]]
    assert [page["has_more"] for page in pages] == [True, False]


def test_a_last_key_of_another_organization_is_only_a_place(
    api: APIClient, globex: Organization, seven: list[Customer]
) -> None:
    between = factories.customer(globex, created_at=NOON + timedelta(hours=4, minutes=30))

    body = page(api, last_key=str(between.pk))

    assert references(body) == ["5", "6", "7"]
    assert str(between.pk) not in str(body)
