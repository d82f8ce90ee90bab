"""Pages of a list, cut by key: never a row dropped, never one repeated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from customers.models import Customer, Organization, keyset
from customers.values.uuid7 import uuid7
from tests import factories

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
LIVE = Customer.objects.live
Cut = Callable[..., keyset.Page[Customer]]


def rows_at(organization: Organization, *times: datetime) -> list[Customer]:
    return Customer.objects.bulk_create(
        Customer(organization=organization, mode="live", created_at=at, city="Kyiv") for at in times
    )


def ids(rows: list[Customer]) -> list[UUID]:
    return [row.pk for row in rows]


def naive_page(
    ordered: list[UUID],
    *,
    limit: int,
    after: UUID | None = None,
    before: UUID | None = None,
    newest_first: bool = True,
) -> tuple[list[UUID], bool, bool]:
    """What a page is, by its definition: (ids, has_next, has_previous)."""

    def precedes(one: UUID, other: UUID) -> bool:
        return one > other if newest_first else one < other

    if before is not None:
        candidates = [id for id in ordered if precedes(id, before)]
        page = candidates[-limit:]
        return page, any(not precedes(id, before) for id in ordered), len(candidates) > limit
    candidates = [id for id in ordered if after is None or precedes(after, id)]
    return (
        candidates[:limit],
        len(candidates) > limit,
        after is not None and any(not precedes(after, id) for id in ordered),
    )


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("side", ["after", "before"])
def test_every_page_from_every_cursor_is_as_defined(
    acme: Organization,
    newest_first: bool,  # noqa: FBT001
    side: str,
) -> None:
    second = timedelta(seconds=1)
    rows = rows_at(acme, AT, AT, AT, AT + second, AT + second, AT + 3 * second)
    ordered = sorted(ids(rows), reverse=newest_first)
    places = [uuid7(AT + number * second / 2) for number in range(-1, 8)]

    for cursor, limit in product([None, *ordered, *places], [1, 2, 3, 5, 6, 7]):
        options: dict[str, Any] = {"limit": limit, "newest_first": newest_first, side: cursor}
        page = keyset.get_page(LIVE(), **options)
        expected = naive_page(ordered, **options)
        assert (ids(page.rows), page.has_next, page.has_previous) == expected, options


def walk(rows: Any, *, limit: int, newest_first: bool, backward: bool) -> list[list[UUID]]:
    """All pages, one after the other, in the order in which they were read."""
    last = UUID(int=0) if newest_first else UUID(int=(1 << 128) - 1)
    page = keyset.get_page(
        rows, limit=limit, newest_first=newest_first, before=last if backward else None
    )
    pages = []
    while page.rows:
        pages.append(ids(page.rows))
        if not (page.has_previous if backward else page.has_next):
            break
        cursor = page.rows[0].pk if backward else page.rows[-1].pk
        where = {"before": cursor} if backward else {"after": cursor}
        page = keyset.get_page(rows, limit=limit, newest_first=newest_first, **where)
    return pages


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("backward", [True, False])
@pytest.mark.parametrize("limit", [1, 7, 50, 51])
def test_pages_of_one_timestamp_join_to_the_list(
    acme: Organization,
    newest_first: bool,  # noqa: FBT001
    backward: bool,  # noqa: FBT001
    limit: int,
) -> None:
    rows = rows_at(acme, *[AT] * 51)

    pages = walk(LIVE(), limit=limit, newest_first=newest_first, backward=backward)

    joined = [id for page in (pages[::-1] if backward else pages) for id in page]
    assert joined == sorted(ids(rows), reverse=newest_first)
    assert all(len(page) <= limit for page in pages)


STEP = st.tuples(st.sampled_from(["add", "archive", "restore"]), st.integers(0, 30))


@how(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seconds=st.lists(st.integers(0, 4), max_size=12),
    limit=st.integers(1, 4),
    newest_first=st.booleans(),
    backward=st.booleans(),
    changes=st.lists(st.lists(STEP, max_size=3), max_size=8),
)
def test_rows_added_and_archived_while_paging_move_no_other_row(
    acme: Organization,
    seconds: list[int],
    limit: int,
    newest_first: bool,  # noqa: FBT001
    backward: bool,  # noqa: FBT001
    changes: list[list[tuple[str, int]]],
) -> None:
    with transaction.atomic():
        all_rows = rows_at(acme, *[AT + timedelta(seconds=second) for second in seconds])
        stayed = {row.pk for row in all_rows}
        pending = iter(changes)

        def disturb() -> None:
            for verb, number in next(pending, []):
                if verb == "add":
                    all_rows.extend(rows_at(acme, AT + timedelta(seconds=number % 5)))
                elif all_rows:
                    row = all_rows[number % len(all_rows)]
                    stayed.discard(row.pk)
                    at = AT if verb == "archive" else None
                    Customer.objects.filter(pk=row.pk).update(archived_at=at)

        read: list[UUID] = []
        end = UUID(int=0) if newest_first else UUID(int=(1 << 128) - 1)
        where: dict[str, Any] = {"before": end} if backward else {}
        while True:
            page = keyset.get_page(LIVE(), limit=limit, newest_first=newest_first, **where)
            if not page.rows:
                break
            read.extend(ids(page.rows)[::-1] if backward else ids(page.rows))
            cursor = page.rows[0].pk if backward else page.rows[-1].pk
            where = {"before": cursor} if backward else {"after": cursor}
            disturb()

        assert len(set(read)) == len(read), "repeated"
        assert stayed <= set(read), "dropped"
        assert read == sorted(read, reverse=newest_first is not backward)
        transaction.set_rollback(True)


def test_a_control_by_offset_repeats_a_row_when_one_is_added(acme: Organization) -> None:
    rows = rows_at(acme, *[AT + timedelta(seconds=second) for second in range(4)])
    newest_first = LIVE().order_by("-pk")
    first = list(newest_first[:2])
    rows_at(acme, AT + timedelta(seconds=9))

    by_offset = list(newest_first[2:4])
    by_key = keyset.get_page(LIVE(), limit=2, after=first[-1].pk).rows

    assert set(first) & set(by_offset) == {rows[2]}
    assert by_key == [rows[1], rows[0]]


def test_a_cursor_holds_when_its_row_is_gone(acme: Organization) -> None:
    rows = rows_at(acme, *[AT + timedelta(seconds=second) for second in range(5)])
    rows[2].archive()

    page = keyset.get_page(LIVE(), limit=9, after=rows[2].pk)

    assert page.rows == [rows[1], rows[0]]
    assert (page.has_next, page.has_previous) == (False, True)


def test_an_empty_list_is_one_empty_page(db: None) -> None:
    assert keyset.get_page(LIVE(), limit=3) == keyset.Page([], has_next=False, has_previous=False)


def test_an_empty_page_past_the_end_knows_what_lies_before_it(acme: Organization) -> None:
    (row,) = rows_at(acme, AT)

    after = keyset.get_page(LIVE(), limit=3, after=row.pk)
    before = keyset.get_page(LIVE(), limit=3, before=row.pk)

    assert after == keyset.Page([], has_next=False, has_previous=True)
    assert before == keyset.Page([], has_next=True, has_previous=False)


def test_a_page_stays_within_its_list(acme: Organization, globex: Organization) -> None:
    rows = rows_at(acme, AT, AT + timedelta(seconds=2))
    rows_at(globex, *[AT + timedelta(seconds=second) for second in range(-3, 6)])
    mine = Customer.objects.visible_to(factories.tenant(acme))

    assert keyset.get_page(mine, limit=1) == keyset.Page(
        [rows[1]], has_next=True, has_previous=False
    )
    second = keyset.get_page(mine, limit=1, after=rows[1].pk)
    assert second == keyset.Page([rows[0]], has_next=False, has_previous=True)


def test_the_order_of_the_given_list_is_of_no_account(acme: Organization) -> None:
    rows = rows_at(acme, *[AT + timedelta(seconds=second) for second in range(4)])

    page = keyset.get_page(LIVE().order_by("name", "pk"), limit=2, after=rows[3].pk)

    assert page.rows == [rows[2], rows[1]]


@pytest.mark.parametrize("where", [{}, {"after": 1}, {"before": 1}])
def test_a_page_with_rows_is_one_query(
    acme: Organization, where: dict[str, int], django_assert_num_queries: Any
) -> None:
    rows = rows_at(acme, *[AT + timedelta(seconds=second) for second in range(3)])

    with django_assert_num_queries(1):
        keyset.get_page(LIVE(), limit=2, **{name: rows[place].pk for name, place in where.items()})


def test_a_page_without_rows_is_two_queries(
    acme: Organization, django_assert_num_queries: Any
) -> None:
    (row,) = rows_at(acme, AT)

    with django_assert_num_queries(2):
        keyset.get_page(LIVE(), limit=2, after=row.pk)
