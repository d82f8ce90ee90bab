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

Row = TypeVar("Row")
ModelRow = TypeVar("ModelRow", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in list order, and whether the list has more before and after them."""

    rows: list[Row]
    has_next: bool
    has_previous: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a list a page is: following `after`, or preceding `before`, or at the start.

    A cursor is a position, not a row: it stays valid when its row is deleted.
    """

    limit: int
    after: UUID | int | None = None
    before: UUID | int | None = None
    newest_first: bool = True
    skip: int = 0
    """How many rows to leave out before the page. Each of them takes time."""

    by: Combinable | None = None
    """What the list is ordered by first, and by `key` where that is equal.

    `newest_first` then means the greatest first.
    """

    at: Any = None
    """The value of `by` at the cursor. Without it, one more query finds what it is now."""

    key: str = "id"
    """The unique column that the list is ordered by, and that a cursor has."""

    @property
    def cursor(self) -> UUID | int | None:
        return self.after if self.before is None else self.before

    @property
    def descending(self) -> bool:
        """Whether the rows are read from the greatest to the smallest."""
        return self.newest_first is (self.before is None)

    def following(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the page in the order of reading, and one more if there are more.

        With a cursor, each has `has_passed`: whether there are rows on the cursor's other side.
        """
        following: QuerySet[Any] = rows.order_by(
            *(_directed(part, self.descending) for part in self._key)
        )
        if self.cursor is not None:
            position = self._position(rows)
            beyond = _beyond(self._key, position, "<" if self.descending else ">")
            has_passed = Exists(self._up_to(position, rows))
            following = following.filter(beyond).annotate(has_passed=has_passed)
        return following[self.skip : self.skip + self.limit + 1]

    def passed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows at the cursor and on its other side; none if there is no cursor."""
        return rows.none() if self.cursor is None else self._up_to(self._position(rows), rows)

    def _up_to(self, position: list[Any], rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.order_by().filter(
            _beyond(self._key, position, ">=" if self.descending else "<=")
        )

    def page(self, found: list[Row], *, has_passed: bool) -> Page[Row]:
        """The page of the rows that were read."""
        has_more = len(found) > self.limit
        found = found[: self.limit]
        if self.before is not None:
            return Page(found[::-1], has_next=has_passed, has_previous=has_more)
        return Page(found, has_next=has_more, has_previous=has_passed)

    @property
    def _key(self) -> list[Any]:
        return [F(self.key)] if self.by is None else [self.by, F(self.key)]

    def _position(self, rows: QuerySet[Any]) -> list[Any]:
        """The position of the cursor's row; before all others if there is no such row."""
        cursor = self.cursor
        if self.by is None:
            return [Value(cursor)]
        if self.at is not None:
            return [Value(self.at), Value(cursor, output_field=rows.model._meta.pk)]
        places = rows.model._base_manager.filter(pk=cursor).annotate(_by=self.by)
        by_value, id = places.values_list("_by", "pk").first() or ("", cursor)
        return [Value(by_value), Value(id, output_field=rows.model._meta.pk)]


def get_page(
    rows: QuerySet[ModelRow],
    *,
    limit: int,
    after: UUID | int | None = None,
    before: UUID | int | None = None,
    newest_first: bool = True,
    by: Combinable | None = None,
    key: str = "id",
) -> Page[ModelRow]:
    """The page of a queryset at a `Place`. One query, and one more for a page without rows."""
    place = Place(limit, after, before, newest_first, by=by, key=key)
    found = list(place.following(rows))
    has_passed = getattr(found[0], "has_passed", False) if found else place.passed(rows).exists()
    return place.page(found, has_passed=has_passed)


def _directed(part: Any, descending: bool) -> Any:  # noqa: FBT001
    return part.desc() if descending else part.asc()


def _beyond(key: list[Any], place: list[Any], sign: str) -> Any:
    """The condition that a row is beyond a place, in the form that an index on the key serves."""
    return Func(
        Func(*key, template="(%(expressions)s)", output_field=BooleanField()),
        Func(*place, template="(%(expressions)s)", output_field=BooleanField()),
        template="%(expressions)s",
        arg_joiner=f" {sign} ",
        output_field=BooleanField(),
    )
