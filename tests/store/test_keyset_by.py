"""Pages of a list that people sort by name: never a row dropped, never one repeated."""

from __future__ import annotations

from itertools import product
from typing import Any
from uuid import UUID

import pytest

from customers.models import Customer, Organization
from customers.models.keyset import get_page
from customers.models.search import heading
from customers.values.uuid7 import uuid7
from tests import factories

NAMES = ["Beta", "alpha", "beta", None, "Álpha", None, "beta", "Gamma", "100", "…"]


@pytest.fixture
def rows(acme: Organization) -> list[Customer]:
    return [factories.customer(acme, name=name, city=str(n)) for n, name in enumerate(NAMES)]


def ids(rows: list[Customer]) -> list[UUID]:
    return [row.pk for row in rows]


def walk(limit: int, *, newest_first: bool, backward: bool = False) -> list[UUID]:
    """The whole list from its pages, from the one end to the other."""
    found: list[UUID] = []
    cursor: UUID | None = None
    while True:
        place: dict[str, Any] = {"before" if backward else "after": cursor} if cursor else {}
        page = get_page(
            Customer.objects.live(), limit=limit, newest_first=newest_first, by=heading(), **place
        )
        found = [*ids(page.rows), *found] if backward else [*found, *ids(page.rows)]
        assert page.has_previous if cursor and not backward else True
        if not (page.has_previous if backward else page.has_next):
            return found
        cursor = page.rows[0 if backward else -1].pk


def in_order(*, newest_first: bool) -> list[UUID]:
    ordered = Customer.objects.live().order_by(heading().asc(), "pk")
    return ids(list(ordered))[:: -1 if newest_first else 1]


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("limit", [1, 2, 3, 10, 11])
def test_pages_join_to_the_list(rows: list[Customer], limit: int, *, newest_first: bool) -> None:
    assert walk(limit, newest_first=newest_first) == in_order(newest_first=newest_first)


@pytest.mark.parametrize(("newest_first", "limit"), list(product([True, False], [1, 3, 20])))
def test_pages_backward_join_to_what_stands_before(
    rows: list[Customer], limit: int, *, newest_first: bool
) -> None:
    ordered = in_order(newest_first=newest_first)
    for place, cursor in enumerate(ordered):
        page = get_page(
            Customer.objects.live(),
            limit=limit,
            before=cursor,
            newest_first=newest_first,
            by=heading(),
        )
        assert ids(page.rows) == ordered[max(place - limit, 0) : place]
        assert page.has_previous is (place > limit)
        assert page.has_next is True or not page.rows


def test_accents_and_case_are_of_no_account(rows: list[Customer]) -> None:
    names = [Customer.objects.get(pk=id).name for id in in_order(newest_first=False)]

    assert names.index("alpha") + 1 == names.index("Álpha")
    assert [name for name in names if name and name.lower() == "beta"] == ["Beta", "beta", "beta"]


def test_a_row_archived_between_two_pages_moves_no_other(rows: list[Customer]) -> None:
    ordered = in_order(newest_first=False)
    first = get_page(Customer.objects.live(), limit=4, newest_first=False, by=heading())
    first.rows[-1].archive()

    second = get_page(
        Customer.objects.live(),
        limit=4,
        after=first.rows[-1].pk,
        newest_first=False,
        by=heading(),
    )

    assert ids(second.rows) == ordered[4:8]


def test_a_row_added_between_two_pages_moves_no_other(
    acme: Organization, rows: list[Customer]
) -> None:
    ordered = in_order(newest_first=False)
    first = get_page(Customer.objects.live(), limit=4, newest_first=False, by=heading())
    factories.customer(acme, name="  ", city="Kyiv")
    factories.customer(acme, name="0")

    second = get_page(
        Customer.objects.live(), limit=4, after=first.rows[-1].pk, newest_first=False, by=heading()
    )

    assert ids(second.rows) == ordered[4:8]


def test_a_cursor_of_no_row_stands_before_all(rows: list[Customer]) -> None:
    page = get_page(
        Customer.objects.live(),
        limit=50,
        after=uuid7(rows[0].created_at, random=0),
        newest_first=False,
        by=heading(),
    )

    assert len(page.rows) == len(NAMES)
