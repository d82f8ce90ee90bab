"""Reads of all contracts: rows of the store, written straight in the wire's shape.

A contract's serializer names the members of its objects, and the OpenAPI document comes from it.
`Wire` derives from the serializer which columns to read and how to write their values. So reading
a page makes no model instance and runs no serializer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Model, QuerySet
from django.db.models.expressions import Combinable
from rest_framework import serializers

from customers.insights.past import WAS
from customers.models.compiled import Build, fetch_rows
from customers.models.credential import Tenant
from customers.models.keyset import Page, Place
from customers.rest.fields import Computed, Constant, ShownMetadata
from customers.rest.filters import FilterSet

#: Returns the rows of a tenant that an endpoint reads from. Its other arguments say which, and it
#: may use them, and the tenant's columns, only as parameters of the query.
Source = Callable[..., QuerySet[Any]]

# What these fields return is what the JSON renderer writes anyway.
_AS_THEY_ARE = (
    *(serializers.UUIDField, serializers.CharField, serializers.EmailField),
    *(serializers.ChoiceField, serializers.IntegerField, serializers.BooleanField),
    *(serializers.DateTimeField, ShownMetadata),
)


class Found(NamedTuple):
    """A row that was read, with its members on the wire, for the JSON renderer."""

    id: UUID
    version: int
    members: dict[str, Any]


class Wire:
    """The shape of a contract's objects, derived from their serializer."""

    def __init__(self, serializer: type[serializers.Serializer[Any]]) -> None:
        self.columns = ["id", "version"]
        self._names: list[str] = []
        self._computed: list[tuple[str, Computed, tuple[int, ...]]] = []
        self._written: list[tuple[str, Callable[[Any], Any]]] = []
        self._constants: dict[str, Any] = {}
        places = []
        for name, field in serializer().fields.items():
            self._names.append(name)
            place = 0
            if isinstance(field, Constant):
                self._constants[name] = field.value
            elif isinstance(field, Computed):
                self._computed.append((name, field, tuple(map(self._place, field.columns))))
            else:
                place = self._place(str(field.source))
                if type(field) not in _AS_THEY_ARE:
                    self._written.append((name, field.to_representation))
            places.append(place)
        self._values = itemgetter(*places)

    def _place(self, column: str) -> int:
        """The place of a column in the rows, to which it is added if it is not there yet."""
        if column not in self.columns:
            self.columns.append(column)
        return self.columns.index(column)

    def columns_of(self, rows: QuerySet[Any]) -> list[str]:
        """What `columns` are called in a queryset: as they were, where it is of the past."""
        known = rows.query.annotations
        return [WAS + name if WAS + name in known else name for name in self.columns]

    def members(self, row: tuple[Any, ...], origin: str) -> dict[str, Any]:
        """The object on the wire, from the values of `columns`. Links begin with `origin`."""
        members = dict(zip(self._names, self._values(row), strict=True))
        members.update(self._constants)
        for name, write in self._written:
            if members[name] is not None:
                members[name] = write(members[name])
        for name, field, places in self._computed:
            members[name] = field.make(origin, *(row[place] for place in places))
        return members

    def members_of(self, instance: Model, origin: str) -> dict[str, Any]:
        """The object on the wire, from a model instance."""
        return self.members(tuple(getattr(instance, column) for column in self.columns), origin)

    def found(self, row: tuple[Any, ...], origin: str) -> Found:
        return Found(row[0], row[1], self.members(row, origin))


#: The wire of a serializer class.
wire_of = cache(Wire)


class _Shape(NamedTuple):
    """All of a read but the values: what its SQL depends on."""

    source: Source
    wire: Wire
    given: tuple[str, ...] = ()
    filters: type[FilterSet] | None = None
    asked: tuple[str, ...] = ()
    limit: int = 1
    side: str | None = None
    newest_first: bool = True
    skip: int = 0
    by: Combinable | None = None

    def rows(self, values: Mapping[str, Any]) -> QuerySet[Any]:
        """The rows that the filters let through."""
        tenant = Tenant(values["organization_id"], values["mode"])
        rows = self.source(tenant, **{name: values[name] for name in self.given})
        for name in self.asked:
            assert self.filters is not None
            rows = self.filters.apply(rows, name, values[f"filter {name}"])
        return rows

    def place(self, values: Mapping[str, Any]) -> Place:
        cursor = {self.side: values["cursor"]} if self.side else {}
        return Place(
            self.limit,
            newest_first=self.newest_first,
            skip=self.skip,
            by=self.by,
            at=values.get("at"),
            **cursor,
        )


def read_one(
    source: Source,
    serializer: type[serializers.Serializer[Any]],
    tenant: Tenant,
    origin: str,
    given: Mapping[str, Any],
) -> Found | None:
    """The first row of a source, or None."""
    shape = _Shape(source, wire_of(serializer), tuple(given))
    rows = fetch_rows(_one, shape, {**tenant.columns, **given})
    return shape.wire.found(rows[0], origin) if rows else None


def read_page(
    source: Source,
    serializer: type[serializers.Serializer[Any]],
    tenant: Tenant,
    origin: str,
    given: Mapping[str, Any],
    place: Place,
    filters: type[FilterSet] | None,
    asked: Mapping[str, Any],
) -> Page[Found]:
    """The page of a source at a place: one query, and one more for a page without rows.

    `asked` has the values of those of the `filters` that apply.
    """
    side = "after" if place.after else "before" if place.before else None
    shape = _Shape(
        *(source, wire_of(serializer), tuple(given), filters, tuple(asked)),
        *(place.limit, side, place.newest_first, place.skip, place.by),
    )
    values = {**tenant.columns, **given, **{f"filter {name}": asked[name] for name in asked}}
    if side:
        values["cursor"] = place.cursor
        if place.at is not None:
            values["at"] = place.at
    if filters is not None and filters.depends_on_values(asked):
        fetch = _fetch_now
    else:
        fetch = partial(fetch_rows, keep_plan=not asked and not place.skip)
    rows = fetch(_page, shape, values)
    if rows:
        has_passed = side is not None and rows[0][-1]
    else:
        has_passed = side is not None and bool(fetch(_passed, shape, values))
    return place.page([shape.wire.found(row, origin) for row in rows], has_passed=has_passed)


def _fetch_now(build: Build, shape: _Shape, values: Mapping[str, Any]) -> list[Any]:
    """The same as `fetch_rows` for a query that depends on the values, from the primary."""
    return list(build(shape, values))


def _one(shape: _Shape, values: Mapping[str, Any]) -> QuerySet[Any, Any]:
    rows = shape.rows(values)
    return rows.values_list(*shape.wire.columns_of(rows))[:1]


def _page(shape: _Shape, values: Mapping[str, Any]) -> QuerySet[Any, Any]:
    found = shape.place(values).following(shape.rows(values))
    has_passed = ["has_passed"] if shape.side else []
    return found.values_list(*shape.wire.columns_of(found), *has_passed)


def _passed(shape: _Shape, values: Mapping[str, Any]) -> QuerySet[Any, Any]:
    return shape.place(values).passed(shape.rows(values)).values_list("pk")[:1]
