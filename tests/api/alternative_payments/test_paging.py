"""Pages of customers: cursors in both directions, while rows come and go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)

Page = dict[str, Any]


def page(api: APIClient, **query: Any) -> Page:
    response: Any = api.get("/customers", query)
    assert response.status_code == 200, response.content
    body: Page = response.json()
    return body


def names(*pages: Page) -> list[str]:
    return [row["name"] for page in pages for row in page["data"]]


def ends(page: Page) -> tuple[bool, bool]:
    """Whether there is a previous page, and a next one."""
    return page["has_previous_page"], page["has_next_page"]


def forward(api: APIClient, limit: int, **query: Any) -> list[Page]:
    """All pages from the first to the last."""
    pages = [page(api, limit=limit, **query)]
    while pages[-1]["has_next_page"]:
        pages.append(page(api, limit=limit, after=pages[-1]["end_cursor"], **query))
        assert len(pages) < 20, "the pages go in circles"
    return pages


def backward(api: APIClient, last: Page, limit: int, **query: Any) -> list[Page]:
    """All pages before `last`, in the order in which they are got."""
    pages = [last]
    while pages[-1]["has_previous_page"]:
        pages.append(page(api, limit=limit, before=pages[-1]["start_cursor"], **query))
        assert len(pages) < 20, "the pages go in circles"
    return pages[1:]


@pytest.fixture
def seven(acme: Organization) -> list[Customer]:
    """Seven customers, oldest first; the list has them as 7 6 5 4 3 2 1."""
    return [
        factories.customer(acme, name=str(number), created_at=NOON + timedelta(hours=number))
        for number in range(1, 8)
    ]


@pytest.fixture
def simultaneous(acme: Organization) -> list[Customer]:
    """Seven customers of one and the same moment."""
    return [factories.customer(acme, name=str(number), created_at=NOON) for number in range(7)]


def test_pages_forward_have_every_row_once_in_order(api: APIClient, seven: list[Customer]) -> None:
    pages = forward(api, 3)

    assert [names(page) for page in pages] == [["7", "6", "5"], ["4", "3", "2"], ["1"]]
    assert [ends(page) for page in pages] == [(False, True), (True, True), (True, False)]


def test_pages_backward_have_every_row_once_in_the_lists_order(
    api: APIClient, seven: list[Customer]
) -> None:
    last = forward(api, 3)[-1]

    pages = backward(api, last, 3)

    assert [names(page) for page in pages] == [["4", "3", "2"], ["7", "6", "5"]]
    assert [ends(page) for page in pages] == [(True, True), (False, True)]


def test_backward_to_a_first_page_that_is_not_full(api: APIClient, seven: list[Customer]) -> None:
    last = forward(api, 3)[-1]

    pages = backward(api, last, 4)

    assert [names(page) for page in pages] == [["5", "4", "3", "2"], ["7", "6"]]
    assert [ends(page) for page in pages] == [(True, True), (False, True)]


def test_forward_and_back_again_is_the_same_page(api: APIClient, seven: list[Customer]) -> None:
    first = page(api, limit=3)
    second = page(api, limit=3, after=first["end_cursor"])

    assert page(api, limit=3, before=second["start_cursor"]) == first


@pytest.mark.parametrize("limit", [7, 8, 100])
def test_one_page_of_all_has_no_neighbours(
    api: APIClient, seven: list[Customer], limit: int
) -> None:
    only = page(api, limit=limit)

    assert len(only["data"]) == 7
    assert ends(only) == (False, False)


def test_a_one_row_page_starts_where_it_ends(api: APIClient, seven: list[Customer]) -> None:
    pages = forward(api, 1)

    assert names(*pages) == list("7654321")
    assert all(page["start_cursor"] == page["end_cursor"] for page in pages)
    assert [ends(page) for page in pages] == [(False, True), *[(True, True)] * 5, (True, False)]


def test_cursors_of_longer_pages_differ(api: APIClient, seven: list[Customer]) -> None:
    first = page(api, limit=2)

    assert first["start_cursor"] != first["end_cursor"]


def test_a_cursor_needs_no_escaping_in_a_url(api: APIClient, simultaneous: list[Customer]) -> None:
    for each in forward(api, 1):
        assert each["end_cursor"].replace("-", "").replace("_", "").isalnum()


def test_an_empty_cursor_is_none(api: APIClient, seven: list[Customer]) -> None:
    assert page(api, limit=3, after="") == page(api, limit=3, before="") == page(api, limit=3)


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7])
def test_rows_of_one_moment_have_one_place_each(
    api: APIClient, simultaneous: list[Customer], limit: int
) -> None:
    there = forward(api, limit)
    back = backward(api, there[-1], limit)

    assert sorted(names(*there)) == list("0123456")
    assert names(*reversed(back), there[-1]) == names(*there)


def test_after_the_last_row_is_an_empty_page(api: APIClient, seven: list[Customer]) -> None:
    last = forward(api, 3)[-1]

    beyond = page(api, after=last["end_cursor"])

    assert beyond == {
        "data": [],
        "start_cursor": None,
        "end_cursor": None,
        "has_next_page": False,
        "has_previous_page": True,
    }


def test_before_the_first_row_is_an_empty_page(api: APIClient, seven: list[Customer]) -> None:
    first = page(api, limit=3)

    beyond = page(api, before=first["start_cursor"])

    assert beyond["data"] == []
    assert ends(beyond) == (False, True)


def test_a_row_added_meanwhile_moves_no_other(
    api: APIClient, acme: Organization, seven: list[Customer]
) -> None:
    first = page(api, limit=3)
    factories.customer(acme, name="new")

    second = page(api, limit=3, after=first["end_cursor"])
    before_first = page(api, limit=3, before=first["start_cursor"])

    assert names(second) == ["4", "3", "2"]
    assert names(before_first) == ["new"]
    assert ends(before_first) == (False, True)


def test_rows_archived_meanwhile_move_no_other(api: APIClient, seven: list[Customer]) -> None:
    first = page(api, limit=3)
    for gone in (seven[6], seven[4], seven[3]):  # "7", the cursor's own "5", and "4"
        gone.archive()

    second = page(api, limit=3, after=first["end_cursor"])
    back = page(api, limit=3, before=second["start_cursor"])

    assert names(second) == ["3", "2", "1"]
    assert ends(second) == (True, False)
    assert names(back) == ["6"]
    assert ends(back) == (False, True)


def test_a_cursor_outlives_all_rows_on_its_side(api: APIClient, seven: list[Customer]) -> None:
    first = page(api, limit=3)
    for gone in seven[4:]:
        gone.archive()

    second = page(api, limit=3, after=first["end_cursor"])

    assert names(second) == ["4", "3", "2"]
    assert ends(second) == (False, True)


def test_a_cursor_outlives_the_whole_list(api: APIClient, seven: list[Customer]) -> None:
    first = page(api, limit=3)
    for gone in seven:
        gone.archive()

    for direction in ("after", "before"):
        empty = page(api, **{direction: first["end_cursor"]})
        assert empty["data"] == []
        assert ends(empty) == (False, False)


def test_a_restored_row_is_back_in_its_place(api: APIClient, seven: list[Customer]) -> None:
    seven[3].archive()
    without = names(page(api))
    seven[3].restore()

    assert without == list("765321")
    assert names(page(api)) == list("7654321")


def test_filters_and_cursors_combine(api: APIClient, acme: Organization) -> None:
    for number in range(9):
        factories.customer(
            acme, name=f"{'odd' if number % 2 else 'even'} {number}", created_at=NOON
        )
    query = {"company_name": "odd", "created_at_start": "2026-01-31T12:00:00Z"}

    there = forward(api, 2, **query)
    back = backward(api, there[-1], 2, **query)

    assert sorted(names(*there)) == ["odd 1", "odd 3", "odd 5", "odd 7"]
    assert [ends(page) for page in there] == [(False, True), (True, False)]
    assert [ends(page) for page in back] == [(False, True)]
    assert names(*back, there[-1]) == names(*there)


def test_neighbours_are_those_within_the_filter(api: APIClient, seven: list[Customer]) -> None:
    """Rows outside of the filter, on either side, are no next and no previous page."""
    bounds = {
        "created_at_start": "2026-01-31T15:00:00Z",  # "3"
        "created_at_end": "2026-01-31T17:00:00Z",  # "5"
    }
    whole = page(api, limit=3, **bounds)
    rest = page(api, limit=3, after=whole["start_cursor"], **bounds)

    assert names(whole) == ["5", "4", "3"]
    assert ends(whole) == (False, False)
    assert names(rest) == ["4", "3"]
    assert ends(rest) == (True, False)


def test_a_cursor_of_one_filter_is_a_place_in_every_other(
    api: APIClient, seven: list[Customer]
) -> None:
    of_all = page(api, limit=3)

    assert names(page(api, after=of_all["end_cursor"], company_name="2")) == ["2"]
