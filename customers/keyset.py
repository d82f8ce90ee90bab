"""Cuts one page out of an ordered list by key, forward or backward, without counting or OFFSET.

The key is the id alone. Ids are UUIDv7 of `created_at`, so id order is creation order and total:
rows that share a timestamp still have one place each, and a row added or archived between two
pages moves no other row.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Exists, Model, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in list order, and whether the list goes on to either side of them."""

    rows: list[Row]
    has_next: bool
    has_previous: bool


def cut(
    rows: QuerySet[Row],
    *,
    limit: int,
    after: UUID | None = None,
    before: UUID | None = None,
    newest_first: bool = True,
) -> Page[Row]:
    """The `limit` rows next to a cursor: following `after`, or preceding `before`, or the first.

    A cursor is a place, not a row: it still holds when its row is gone. One query, and one more
    only for a page without rows.
    """
    cursor = after or before
    backward = before is not None
    towards_older = newest_first is not backward
    following: QuerySet[Any] = rows.order_by("-pk" if towards_older else "pk")
    passed = rows.none()
    if cursor is not None:
        following = following.filter(**{"pk__lt" if towards_older else "pk__gt": cursor})
        passed = rows.order_by().filter(**{"pk__gte" if towards_older else "pk__lte": cursor})
        following = following.annotate(_came_past=Exists(passed))

    found = list(following[: limit + 1])
    goes_on = len(found) > limit
    del found[limit:]
    if found:
        came_past = getattr(found[0], "_came_past", False)
    else:
        came_past = cursor is not None and passed.exists()

    if backward:
        return Page(found[::-1], has_next=came_past, has_previous=goes_on)
    return Page(found, has_next=goes_on, has_previous=came_past)
