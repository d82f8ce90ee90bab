"""The versions of a customer, each with what it changed, and who last set each field."""

from __future__ import annotations

from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from customers.insights.timeline import events_of, verb_of, with_former
from customers.models import Customer
from customers.models.credential import Tenant
from customers.models.keyset import Page, get_page

#: How many events are in memory at once while the whole history of a customer is read.
CHUNK = 500


class Version(NamedTuple):
    """A version of a customer, and the one before it, as events of the history."""

    event: Any
    former: Any

    @property
    def verb(self) -> str:
        """What made it, as the timeline calls it."""
        return verb_of("customer", self.event, self.former)


def get_versions(
    tenant: Tenant,
    customer_id: UUID,
    *,
    limit: int,
    after: int | None = None,
    before: int | None = None,
) -> Page[Version]:
    """Return a page of a customer's versions, newest first. A cursor is an event's `pgh_id`."""
    events = with_former(Customer, _events(tenant, customer_id))
    page = get_page(events, limit=limit, after=after, before=before, key="pgh_id")
    formers = events_of(Customer).in_bulk([event.former for event in page.rows if event.former])
    versions = [Version(event, formers.get(event.former)) for event in page.rows]
    return Page(versions, has_next=page.has_next, has_previous=page.has_previous)


def get_last_changes(tenant: Tenant, customer_id: UUID, names: set[str]) -> dict[str, Any]:
    """Return the event that last set each of a customer's fields, by the field's name.

    A field that never had a value is left out. Each key that is in the metadata now is a field of
    its own, by the name `metadata[key]`, besides `metadata`.
    """
    found: dict[str, Any] = {}
    keys: set[str] = set()
    latest = later = None
    events = _events(tenant, customer_id).order_by("-pgh_id")
    with transaction.atomic(savepoint=False):  # in which the server keeps the cursor
        for earlier in chain(events.iterator(CHUNK), [None]):
            if latest is None and earlier is not None:
                latest, keys = earlier, set(earlier.metadata)
            if later is not None:
                for name in _differing(later, earlier, names, keys):
                    found.setdefault(name, later)
            later = earlier
    return found


def _events(tenant: Tenant, customer_id: UUID) -> QuerySet[Any]:
    return events_of(Customer).filter(**tenant.columns, pgh_obj=customer_id)


def _differing(event: Any, former: Any, names: set[str], keys: set[str]) -> set[str]:
    """The fields that an event changed; of the first one, those with a value."""
    changed = {
        name
        for name in names
        if (getattr(event, name) or None) != (getattr(former, name, None) or None)
    }
    if "metadata" in changed:
        before = getattr(former, "metadata", None) or {}
        changed |= {
            f"metadata[{key}]" for key in keys if event.metadata.get(key) != before.get(key)
        }
    return changed
