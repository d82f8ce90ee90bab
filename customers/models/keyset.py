"""Keyset pagination: a page of an ordered list, forward or backward, without counting or OFFSET.

The key is the id alone, except in lists that people sort. Ids are UUIDv7 of `created_at`, so id
order is creation order and total: rows that share a timestamp still have a fixed order, and a row
added or archived between two pages moves no other row.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import BooleanField, Exists, F, Func, Model, QuerySet, Value
from django.db.models.expressions import Combinable

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in list order, and whether the list has more before and after them."""

    rows: list[Row]
    has_next: bool
    has_previous: bool


def get_page(
    rows: QuerySet[Row],
    *,
    limit: int,
    after: UUID | None = None,
    before: UUID | None = None,
    newest_first: bool = True,
    by: Combinable | None = None,
) -> Page[Row]:
    """The `limit` rows next to a cursor: following `after`, or preceding `before`, or the first.

    A cursor is a position, not a row: it stays valid when its row is deleted. One query, and one
    more only for a page without rows.

    `by` orders by an expression first, and by id where that is equal; `newest_first` then means
    the greatest first. One more query finds the current position of the cursor's row.
    """
    cursor = after or before
    backward = before is not None
    descending = newest_first is not backward
    key = [F("pk")] if by is None else [by, F("pk")]
    following: QuerySet[Any] = rows.order_by(*(_directed(part, descending) for part in key))
    passed = rows.none()
    if cursor is not None:
        place = [Value(cursor)] if by is None else _place(rows, cursor, by)
        following = following.filter(_beyond(key, place, "<" if descending else ">"))
        passed = rows.order_by().filter(_beyond(key, place, ">=" if descending else "<="))
        following = following.annotate(_has_passed=Exists(passed))

    found = list(following[: limit + 1])
    has_more = len(found) > limit
    del found[limit:]
    if found:
        has_passed = getattr(found[0], "_has_passed", False)
    else:
        has_passed = cursor is not None and passed.exists()

    if backward:
        return Page(found[::-1], has_next=has_passed, has_previous=has_more)
    return Page(found, has_next=has_more, has_previous=has_passed)


def _directed(part: Any, descending: bool) -> Any:  # noqa: FBT001
    return part.desc() if descending else part.asc()


def _place(rows: QuerySet[Any], cursor: UUID, by: Combinable) -> list[Any]:
    """The position of the cursor's row; before all others if there is no such row."""
    found = rows.model._base_manager.filter(pk=cursor).annotate(_by=by).values_list("_by", "pk")
    by_value, id = found.first() or ("", cursor)
    return [Value(by_value), Value(id, output_field=rows.model._meta.pk)]


def _beyond(key: list[Any], place: list[Any], sign: str) -> Any:
    """The condition that a row is beyond a place, in the form that an index on the key serves."""
    return Func(
        Func(*key, template="(%(expressions)s)", output_field=BooleanField()),
        Func(*place, template="(%(expressions)s)", output_field=BooleanField()),
        template="%(expressions)s",
        arg_joiner=f" {sign} ",
        output_field=BooleanField(),
    )
