"""The activity of an organization: the changes of all its customers and of what belongs to them,
newest first, from the history that triggers write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models
from django.db.models import Q

from customers.insights.timeline import (
    MODELS,
    Entry,
    compare,
    events_of,
    former_columns,
    of_verb,
    payment_method_names,
    with_former,
)
from customers.models import Customer
from customers.models.credential import Tenant

#: How many changes of a table a page looks at, if only some of them are asked for.
WINDOW = 10_000

VERBS = ("created", "changed", "archived", "restored", "removed")


class Position(NamedTuple):
    """Where a change stands in the order of all of them; `table` is the place in `MODELS`."""

    at: datetime
    table: int
    event: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.table}_{self.event}"

    @classmethod
    def read(cls, text: str) -> Position:
        """Return what `str` has written. Raises ValueError."""
        at, table, event = text.split("_")
        position = cls(datetime.fromisoformat(at), int(table), int(event))
        if position.at.tzinfo is None or not 0 <= position.event < 2**63:
            raise ValueError(text)
        return position


@dataclass(frozen=True, slots=True)
class Wanted:
    """The changes that are asked for. None asks for any."""

    what: str | None = None
    """A key of `MODELS`."""
    verb: str | None = None
    """One of `VERBS`."""
    actor: tuple[str, str] | None = None
    """Kind and id, as in the context of the history."""
    contract: str | None = None
    import_id: UUID | None = None
    reason: str | None = None
    """A part of it, in any case."""
    customer_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def conditions(self) -> Q:
        """What a change must meet, beyond its time."""
        wanted = Q()
        if self.actor is not None:
            kind, id = self.actor
            wanted &= Q(pgh_context__actor__kind=kind, pgh_context__actor__id=id)
        if self.contract is not None:
            wanted &= Q(pgh_context__contract=self.contract)
        if self.import_id is not None:
            wanted &= Q(pgh_context__import=str(self.import_id))
        if self.reason is not None:
            wanted &= Q(pgh_context__reason__icontains=self.reason)
        return wanted


@dataclass(frozen=True, slots=True)
class Line:
    """A change, and the customer that it is about."""

    entry: Entry
    customer: Customer | None


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """A page of changes.

    `next_before` is the position to continue before, None on the last page. `searched_to` is the
    time down to which changes were looked at, if that was not far enough to fill the page.
    """

    lines: list[Line]
    next_before: Position | None
    searched_to: datetime | None = None


def get_activity(
    tenant: Tenant, wanted: Wanted, *, limit: int, before: Position | None = None
) -> ActivityPage:
    """Return the latest `limit` changes that are asked for, before a position."""
    found: list[tuple[Position, Any]] = []
    ends: list[Position] = []
    for table, (what, model) in enumerate(MODELS.items()):
        if wanted.what in (None, what):
            events, end = _find(table, model, tenant, wanted, limit, before)
            found += events
            if end is not None:
                ends.append(end)
    # Older changes of one table wait until the others were looked at as far.
    end = max(ends, default=None)
    found = sorted(
        (each for each in found if end is None or each[0] >= end),
        key=lambda each: each[0],
        reverse=True,
    )
    if len(found) > limit:
        return ActivityPage(list(_lines(tenant, found[:limit])), found[limit - 1][0])
    return ActivityPage(list(_lines(tenant, found)), end, end.at if end else None)


def last_change(tenant: Tenant) -> datetime | None:
    """Return the time of the latest change, or None if there is none."""
    times = (
        events_of(model)
        .filter(**tenant.columns)
        .order_by("-pgh_created_at", "-pgh_id")
        .values_list("pgh_created_at", flat=True)
        .first()
        for model in MODELS.values()
    )
    return max((at for at in times if at is not None), default=None)


def _find(
    table: int,
    model: type[models.Model],
    tenant: Tenant,
    wanted: Wanted,
    limit: int,
    before: Position | None,
) -> tuple[list[tuple[Position, Any]], Position | None]:
    """Return a table's latest events, one more than the limit, and how far it was searched if that
    may have left some out.
    """
    events = _between(events_of(model).filter(**tenant.columns), table, wanted, before)
    if wanted.customer_id is not None:
        of_customer = "pgh_obj" if model is Customer else "customer"
        events = events.filter(**{of_customer: wanted.customer_id})
    events = events.order_by("-pgh_created_at", "-pgh_id")
    chosen = wanted.conditions & (of_verb(model, wanted.verb) if wanted.verb else Q())
    if not chosen:
        latest = with_former(model, events)[: limit + 1]
        return [(_position(table, event), event) for event in latest], None
    window = events.values("pgh_id")[:WINDOW]
    rows = events_of(model).alias(**former_columns(model)).filter(chosen, pk__in=window)
    rows = with_former(model, rows).order_by("-pgh_created_at", "-pgh_id")
    found = [(_position(table, event), event) for event in rows[: limit + 1]]
    last = None if len(found) > limit else events[WINDOW - 1 : WINDOW].first()
    return found, None if last is None else _position(table, last)


def _between(
    events: models.QuerySet[Any], table: int, wanted: Wanted, before: Position | None
) -> models.QuerySet[Any]:
    if wanted.since is not None:
        events = events.filter(pgh_created_at__gte=wanted.since)
    if wanted.until is not None:
        events = events.filter(pgh_created_at__lte=wanted.until)
    if before is None:
        return events
    if table > before.table:
        return events.filter(pgh_created_at__lt=before.at)
    events = events.filter(pgh_created_at__lte=before.at)
    if table < before.table:
        return events
    return events.filter(Q(pgh_created_at__lt=before.at) | Q(pgh_id__lt=before.event))


def _position(table: int, event: Any) -> Position:
    return Position(event.pgh_created_at, table, event.pgh_id)


def _lines(tenant: Tenant, found: Iterable[tuple[Position, Any]]) -> Iterator[Line]:
    """Yield the lines of events, in their order."""
    events = [event for _position, event in found]
    owners = [_customer_id(event) for event in events]
    customers = Customer.objects.visible_to(tenant).in_bulk(set(owners))
    methods = payment_method_names(customers)
    entries: dict[Any, Entry] = {}
    for model in MODELS.values():
        of_model = [event for event in events if event.pgh_tracked_model is model]
        entries.update(zip(of_model, compare(model, of_model, methods), strict=True))
    for event, owner in zip(events, owners, strict=True):
        yield Line(entries[event], customers.get(owner))


def _customer_id(event: Any) -> UUID:
    id: UUID = event.pgh_obj_id if event.pgh_tracked_model is Customer else event.customer_id
    return id
