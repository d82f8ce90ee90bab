"""The timeline of a customer: the changes to it and to what belongs to it, newest first.

It reads the history that triggers write, so it has every change, whoever made it: an API, a staff
member, a command, or SQL by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from customers.models import Customer, CustomerNote, CustomerUser, PaymentMethod
from customers.models.base import Versioned, label
from customers.models.credential import Tenant

# The store sets these itself.
_HIDDEN = frozenset(
    {
        *("id", "created_at", "updated_at", "version", "organization", "mode", "customer"),
        *("author", "author_label"),
    }
)
# Fields of which the verb of a change tells.
_TOLD = frozenset({"archived_at", "is_pinned"})

#: The models of which the timeline shows rows, by their names in it.
MODELS: dict[str, type[Versioned]] = {
    "customer": Customer,
    "user": CustomerUser,
    "payment_method": PaymentMethod,
    "note": CustomerNote,
}
_WHAT: dict[type[models.Model], str] = {model: what for what, model in MODELS.items()}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field's value before and after a change. None means that it has no value."""

    name: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Entry:
    """One change to one row."""

    at: datetime
    what: str
    """A key of `MODELS`."""
    verb: str
    """"created", "changed", "archived", "restored", "pinned", "unpinned" or "removed"."""
    subject: str
    """The name of the user or payment method, or the beginning of the note."""
    changes: list[FieldChange]
    context: dict[str, Any] = field(default_factory=dict)
    """Who made the change, how and why: see `customers.models.history`."""


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """A page of entries, and the time to continue before, or None on the last page."""

    entries: list[Entry]
    next_before: datetime | None


def get_timeline(customer: Customer, *, limit: int, before: datetime | None = None) -> TimelinePage:
    """Return the latest `limit` entries before a time.

    There may be more: a page always has all entries of its last instant.
    """
    entries: list[Entry] = []
    methods = payment_method_names([customer.pk])
    for model in MODELS.values():
        of_customer = "pgh_obj" if model is Customer else "customer"
        events = events_of(model).filter(**{of_customer: customer.pk})
        if before is not None:
            events = events.filter(pgh_created_at__lt=before)
        entries.extend(_entries(model, events, limit, methods))
    entries.sort(key=lambda entry: entry.at, reverse=True)
    end = limit
    while limit <= end < len(entries) and entries[end].at == entries[end - 1].at:
        end += 1
    goes_on = len(entries) > end
    return TimelinePage(entries[:end], entries[end - 1].at if goes_on else None)


def last_change(row: Versioned) -> Entry | None:
    """Return the latest change to a row, or None if it has no history."""
    model = type(row)
    events = events_of(model).filter(pgh_obj=row.pk)
    return next(_entries(model, events, 1, {}), None)


def values_at(row: Versioned, version: int) -> dict[str, Any] | None:
    """Return a row's values at a version, by field, or None if its history starts later."""
    events = events_of(type(row)).filter(pgh_obj=row.pk, version=version)
    return events.order_by("-pgh_id").values().first()


def changes_of(event: Any) -> list[FieldChange]:
    """Return the fields that differ from the previous event, for an event of any history table."""
    return list(_changes(event, event_before(event), _method_names_for(event)))


def event_at(what: str, tenant: Tenant, row_id: UUID, version: int) -> Any:
    """Return the event that left a row of the tenant at a version, or None."""
    events = events_of(MODELS[what]).filter(**tenant.columns, pgh_obj=row_id, version=version)
    return events.order_by("-pgh_id").first()


def event_before(event: Any) -> Any:
    """Return the previous event of the same row, or None."""
    earlier = type(event)._default_manager.filter(
        pgh_obj_id=event.pgh_obj_id, pgh_id__lt=event.pgh_id
    )
    return earlier.order_by("-pgh_id").first()


def entry_of(event: Any, former: Any) -> Entry:
    """Return the timeline's entry of an event, given the one before it."""
    model = event.pgh_tracked_model
    return _entry(_WHAT[model], model, event, former, _method_names_for(event))


def events_of(model: type[models.Model]) -> models.QuerySet[Any]:
    """Return the history of all rows of a model."""
    events: models.QuerySet[Any] = model._meta.get_field(
        "events"
    ).related_model._default_manager.all()  # type: ignore[union-attr]
    return events


def _entries(
    model: type[models.Model],
    events: models.QuerySet[Any],
    limit: int,
    methods: Mapping[Any, str],
) -> Iterator[Entry]:
    """Yield the entries of the latest events."""
    ordered = with_former(model, events).order_by("-pgh_created_at", "-pgh_id")
    found = list(ordered[: limit + 1])
    if len(found) > limit and found[limit].pgh_created_at == found[limit - 1].pgh_created_at:
        # An import makes many events at one instant; a page does not end between them.
        instant = found[limit].pgh_created_at
        found = [event for event in found if event.pgh_created_at != instant]
        found += ordered.filter(pgh_created_at=instant)
        found += ordered.filter(pgh_created_at__lt=instant)[:1]
    yield from compare(model, found, methods)


def with_former(model: type[models.Model], events: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Return the events, each with the id of the event before it of the same row, in `former`."""
    found: models.QuerySet[Any] = events.annotate(former=former_value(model, "pgh_id"))
    return found


def former_value(model: type[models.Model], column: str) -> Subquery:
    """Return what a column had in the event before it of the same row, for a query of events."""
    former = events_of(model).filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
    return Subquery(former.order_by("-pgh_id").values(column)[:1])


def compare(
    model: type[models.Model], events: Sequence[Any], methods: Mapping[Any, str]
) -> Iterator[Entry]:
    """Yield the entry of each event, compared with its `former`.

    `methods` has the names of payment methods by id, for the changes of a default.
    """
    formers = events_of(model).in_bulk([event.former for event in events if event.former])
    for event in events:
        yield _entry(_WHAT[model], model, event, formers.get(event.former), methods)


def _entry(
    what: str, model: type[models.Model], event: Any, former: Any, methods: Mapping[Any, str]
) -> Entry:
    verb = verb_of(what, event, former)
    changes = [] if verb == "removed" else list(_changes(event, former, methods, _HIDDEN | _TOLD))
    return Entry(
        at=event.pgh_created_at,
        what=what,
        verb=verb,
        subject="" if what == "customer" else _subject(model, event),
        changes=changes,
        context=event.pgh_context or {},
    )


def verb_of(what: str, event: Any, former: Any) -> str:
    """Return the verb of an event, given the one before it of the same row."""
    verb = {"insert": "created", "update": "changed", "delete": "removed"}[event.pgh_label]
    if verb == "changed" and what == "customer" and former is not None:
        if event.archived_at and not former.archived_at:
            return "archived"
        if former.archived_at and not event.archived_at:
            return "restored"
    if what == "note" and former is not None and event.is_pinned != former.is_pinned:
        return "pinned" if event.is_pinned else "unpinned"
    return verb


def of_verb(model: type[models.Model], verb: str) -> Q:
    """Return the condition that an event, with its `former_columns`, has a verb."""
    label = {"created": "insert", "removed": "delete"}.get(verb, "update")
    of_label = Q(pgh_label=label)
    if label != "update" or (model is not Customer and verb == "changed"):
        return of_label
    if model is not Customer:
        return Q(pk__in=[])  # only customers are archived
    archived = Q(archived_at__isnull=False, _was_archived_at=None)
    restored = Q(archived_at=None, _was_archived_at__isnull=False)
    by_verb = {"archived": archived, "restored": restored, "changed": ~archived & ~restored}
    return of_label & by_verb[verb]


def former_columns(model: type[models.Model]) -> dict[str, Subquery]:
    """Return what `of_verb` needs of the event before, as aliases of a query of events."""
    if model is not Customer:
        return {}
    return {"_was_archived_at": former_value(model, "archived_at")}


def _changes(
    event: Any, former: Any, methods: Mapping[Any, str], hidden: frozenset[str] = _HIDDEN
) -> Iterator[FieldChange]:
    model = event.pgh_tracked_model
    for column in model._meta.concrete_fields:
        if column.name in hidden or not hasattr(event, column.attname):  # secrets have no history
            continue
        new = getattr(event, column.attname)
        old = None if former is None else getattr(former, column.attname)
        if old == new:
            continue
        name = label(model, column.name)
        if isinstance(new, dict):
            yield from _keys(name, old if isinstance(old, dict) else {}, new)
        elif isinstance(column, models.ForeignKey):
            yield FieldChange(name, methods.get(old, old), methods.get(new, new))
        else:
            yield FieldChange(name, old, new)


def _keys(name: str, old: dict[str, str], new: dict[str, str]) -> Iterator[FieldChange]:
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            yield FieldChange(f"{name}: {key}", old.get(key), new.get(key))


def payment_method_names(customer_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of customers' payment methods by id, including removed ones."""
    events = events_of(PaymentMethod).filter(customer__in=list(customer_ids))
    events = events.order_by("pgh_obj", "-pgh_id")
    return {
        event.pgh_obj_id: _subject(PaymentMethod, event) for event in events.distinct("pgh_obj")
    }


def _method_names_for(event: Any) -> dict[UUID, str]:
    """Return the names of the payment methods that an event may refer to."""
    is_customers = event.pgh_tracked_model is Customer
    return payment_method_names([event.pgh_obj_id]) if is_customers else {}


def _subject(model: type[models.Model], event: Any) -> str:
    names = [field.attname for field in model._meta.concrete_fields if not field.generated]
    return str(model(**{name: getattr(event, name) for name in names}))
