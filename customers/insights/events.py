"""The events of a tenant: every change of its customers, users and payment methods, in one order.

A reader that keeps its position sees each event exactly once, however late its transaction commits.
Events are in the order of their transactions' numbers, and are returned once every transaction with
a lower number has ended: none can come before them any more. So a transaction that takes long holds
back the events of all that began after it.

Within a transaction, the changes of customers come first, then those of users and those of payment
methods, each in the order in which they were written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Q

from customers.insights.timeline import (
    MODELS,
    events_of,
    former_columns,
    of_verb,
    verb_of,
    with_former,
)
from customers.models import Customer
from customers.models.credential import Tenant

#: How many events of a table are looked at for a page, if only some of them are asked for.
WINDOW = 10_000

#: The kinds of rows whose changes are events, in the order within a transaction.
KINDS = ("customer", "user", "payment_method")

_NAMES = {"created": "created", "changed": "updated", "removed": "deleted"}
_ARCHIVING = {"archived": "archived", "restored": "restored"}
_VERBS: dict[str, dict[str, str]] = {
    kind: {**_NAMES, **(_ARCHIVING if kind == "customer" else {})} for kind in KINDS
}
#: The types of events: a kind and a verb.
TYPES = tuple(f"{kind}.{name}" for kind in KINDS for name in _VERBS[kind].values())

# More than the transactions that readers may have seen of what is not in the restored database.
_FAR = 2**40

# Columns that a record does not show, and those that are different after every change.
_HIDDEN = frozenset({"organization_id", "search_text", "sequential_id"})
_ALWAYS_NEW = frozenset({"version", "updated_at"})


class UnknownPosition(Exception):
    """The position is not one of this database, which was restored to an earlier state."""


class Position(NamedTuple):
    """The place of an event in the order of all."""

    xid: int
    """The number of its transaction."""
    kind: int
    """The place in `KINDS`."""
    number: int
    """The event's number in its table."""


#: Before all events.
START = Position(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Event:
    """A change of a customer, or of a user or payment method of it."""

    id: str
    type: str
    """One of `TYPES`."""
    at: datetime
    customer_id: UUID
    record: dict[str, Any]
    """The row after the change, by the names of its columns; one that was deleted, as it was."""
    previous: dict[str, Any]
    """The former values of what changed."""
    context: Mapping[str, Any]
    """Who made the change, how and why: see `customers.models.history`."""
    position: Position

    @property
    def members(self) -> dict[str, Any]:
        """The event as readers get it."""
        return {
            "id": self.id,
            "type": self.type,
            "time": self.at,
            "customer_id": self.customer_id,
            "version": self.record["version"],
            "record": self.record,
            "previous": self.previous,
            "actor": self.context.get("actor"),
            "contract": self.context.get("contract"),
            "request_id": self.context.get("request_id"),
            "import_id": self.context.get("import"),
            "reason": self.context.get("reason"),
        }


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in their order."""

    events: list[Event]
    end: Position
    """Where to go on. Events that were not asked for may lie between the last one and it."""
    has_more: bool
    """Whether there are more already."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The events that are asked for."""

    types: Collection[str] = TYPES
    customer_id: UUID | None = None
    since: datetime | None = None

    def verbs(self, kind: str) -> list[str]:
        """The verbs of a kind of row that are asked for."""
        return [verb for verb, name in _VERBS[kind].items() if f"{kind}.{name}" in self.types]


def read_events(
    tenant: Tenant, after: Position = START, *, limit: int, wanted: Wanted | None = None
) -> EventPage:
    """Return the first events after a position.

    Raises:
        UnknownPosition: no reader can have got this position from the database as it is.
    """
    wanted = wanted or Wanted()
    # What has ended by now is seen by all queries below; later ones might see more.
    running = oldest_running()
    if after.xid >= running:
        raise UnknownPosition
    found: list[tuple[Position, Any]] = []
    ends: list[Position] = []
    for kind, name in enumerate(KINDS):
        if verbs := wanted.verbs(name):
            rows = _between(tenant, kind, after, running, wanted)
            events, end = _find(kind, rows, verbs, limit)
            found += events
            if end is not None:
                ends.append(end)
    # Later events of one table wait until the others were looked at as far.
    end = min(ends, default=None)
    found = sorted(each for each in found if end is None or each[0] <= end)
    if len(found) > limit:
        return EventPage(list(_events(found[:limit])), found[limit - 1][0], has_more=True)
    if end is not None:
        return EventPage(list(_events(found)), end, has_more=True)
    # Not the number of the oldest running transaction: after a crash, the database may give the
    # numbers of transactions that wrote nothing to others.
    end = max(after, _last(tenant, running))
    return EventPage(list(_events(found)), end, has_more=False)


def find_event(tenant: Tenant, id: str) -> Event | None:
    """Return the event with an id, or None."""
    kind, _, place = id.removeprefix("evt_").rpartition("_")
    number = place.partition("-")[0]
    if kind not in KINDS or not number.isdecimal() or len(number) > 18:
        return None
    model = MODELS[kind]
    rows = with_former(model, _rows(model).filter(**tenant.columns, pk=int(number)))
    found = [(_position(KINDS.index(kind), row), row) for row in rows]
    return next((event for event in _events(found) if event.id == id), None)


def last_position(tenant: Tenant) -> Position:
    """Return the position of the last event that readers can get."""
    return _last(tenant, oldest_running())


def _last(tenant: Tenant, running: int) -> Position:
    latest = (
        _rows(MODELS[name])
        .filter(**tenant.columns, pgh_xid__lt=running)
        .order_by("-pgh_xid", "-pgh_id")
        .values_list("pgh_xid", "pgh_id")
        .first()
        for name in KINDS
    )
    places = [Position(row[0], kind, row[1]) for kind, row in enumerate(latest) if row]
    return max(places, default=START)


def has_events(tenant: Tenant, after: Position) -> bool:
    """Return whether there are events after a position."""
    running, anything = oldest_running(), Wanted()
    return any(
        _between(tenant, kind, after, running, anything).exists() for kind in range(len(KINDS))
    )


def oldest_running() -> int:
    """Return the number of the oldest transaction that is running, or else of the next one."""
    return _call("customers_oldest_xid")


def epoch() -> int:
    """Return a number that is another one after every `advance`."""
    return _call("customers_xid_offset")


def _call(function: str) -> int:
    """The number that a function of the database returns on the primary."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(f"SELECT {function}()")
        number: int = cursor.fetchone()[0]
        return number


def advance() -> None:
    """Let the events that are written from now on come after all others.

    A database that was restored from a dump counts its transactions anew, and one that was restored
    to a point in time gives numbers that readers have seen already.
    """
    tables = [_rows(MODELS[name]).aggregate(last=models.Max("pgh_xid"))["last"] for name in KINDS]
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT setval('customers_xid_offset', %s + greatest("
            "customers_xid_offset(), %s - pg_current_xact_id()::text::bigint))",
            [_FAR, max(number or 0 for number in tables)],
        )


def record_of(model: type[models.Model], row: Any) -> dict[str, Any]:
    """Return a row of a model, or of its history, by the names of its columns."""
    return {name: getattr(row, name) for name in _columns(model)}


@cache
def _columns(model: type[models.Model]) -> list[str]:
    hidden = _HIDDEN if model is Customer else _HIDDEN | {"mode"}  # which is the customer's
    return [field.attname for field in model._meta.concrete_fields if field.attname not in hidden]


def _rows(model: type[models.Model]) -> models.QuerySet[Any]:
    """The history of a model on the primary: a replica may have replayed less than was seen."""
    return events_of(model).using(DEFAULT_DB_ALIAS)


def _between(
    tenant: Tenant, kind: int, after: Position, running: int, wanted: Wanted
) -> models.QuerySet[Any]:
    """The rows of a kind after a position whose place in the order cannot change any more."""
    model = MODELS[KINDS[kind]]
    rows = _rows(model).filter(**tenant.columns, pgh_xid__lt=running)
    if kind > after.kind:
        rows = rows.filter(pgh_xid__gte=after.xid)
    elif kind < after.kind:
        rows = rows.filter(pgh_xid__gt=after.xid)
    else:
        later = Q(pgh_xid__gt=after.xid) | Q(pgh_id__gt=after.number)
        rows = rows.filter(later, pgh_xid__gte=after.xid)
    if wanted.customer_id is not None:
        of_customer = "pgh_obj" if model is Customer else "customer"
        rows = rows.filter(**{of_customer: wanted.customer_id})
    if wanted.since is not None:
        recent = _rows(model).filter(**tenant.columns, pgh_created_at__gte=wanted.since)
        first = recent.order_by("pgh_created_at", "pgh_id").values("pgh_xid")[:1]
        rows = rows.filter(pgh_created_at__gte=wanted.since, pgh_xid__gte=first)
    return rows.order_by("pgh_xid", "pgh_id")


def _find(
    kind: int, rows: models.QuerySet[Any], verbs: list[str], limit: int
) -> tuple[list[tuple[Position, Any]], Position | None]:
    """The first events with these verbs, one more than the limit, and how far the table was
    searched if that may have left some out.
    """
    name = KINDS[kind]
    model = MODELS[name]
    if len(verbs) == len(_VERBS[name]):
        return [(_position(kind, row), row) for row in with_former(model, rows)[: limit + 1]], None
    chosen = Q()
    for verb in verbs:
        chosen |= of_verb(model, verb)
    among = rows.values("pgh_id")[:WINDOW]
    matching = _rows(model).alias(**former_columns(model)).filter(chosen, pk__in=among)
    matching = with_former(model, matching).order_by("pgh_xid", "pgh_id")
    found = [(_position(kind, row), row) for row in matching[: limit + 1]]
    last = None if len(found) > limit else rows[WINDOW - 1 : WINDOW].first()
    return found, None if last is None else _position(kind, last)


def _position(kind: int, row: Any) -> Position:
    return Position(row.pgh_xid, kind, row.pgh_id)


def _events(found: Iterable[tuple[Position, Any]]) -> Iterator[Event]:
    """Yield the events of rows, each compared with the one before it of the same row."""
    found = list(found)
    formers: dict[tuple[int, int], Any] = {}
    for kind, name in enumerate(KINDS):
        numbers = [row.former for place, row in found if place.kind == kind and row.former]
        before = _rows(MODELS[name]).in_bulk(numbers) if numbers else {}
        formers.update({(kind, number): row for number, row in before.items()})
    for place, row in found:
        yield _event(place, row, formers.get((place.kind, row.former)))


def _event(position: Position, row: Any, former: Any) -> Event:
    kind = KINDS[position.kind]
    model = MODELS[kind]
    verb = verb_of(kind, row, former)
    record = record_of(model, row)
    was = record_of(model, former) if former is not None and row.pgh_label == "update" else record
    return Event(
        # With the transaction: after a restore to a point in time, numbers are given once more.
        id=f"evt_{kind}_{position.number}-{position.xid}",
        type=f"{kind}.{_VERBS[kind][verb]}",
        at=row.pgh_created_at,
        customer_id=row.pgh_obj_id if model is Customer else row.customer_id,
        record=record,
        previous={
            name: value
            for name, value in was.items()
            if value != record[name] and name not in _ALWAYS_NEW
        },
        context=row.pgh_context or {},
        position=position,
    )
