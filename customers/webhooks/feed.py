"""Where the events come from: the feed that `GET /registry/v1/events` shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps

from customers.models.credential import Tenant

TYPES = [
    "customer.created", "customer.updated", "customer.archived", "customer.restored",
    "user.created", "user.updated", "user.removed",
    "payment_method.created", "payment_method.updated", "payment_method.removed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    id: str
    cursor: str
    type: str
    time: datetime
    customer_id: UUID
    body: dict[str, Any]


def events_after(
    tenant: Tenant, cursor: str, limit: int, types: Collection[str]
) -> tuple[list[Event], str]:
    """Some events after a cursor in order, and the cursor after them."""
    model = apps.get_model("customers", "CustomerEvent")
    rows = model.objects.filter(**tenant.columns, pgh_id__gt=int(cursor)).order_by("pgh_id")[:limit]
    found = []
    for row in rows:
        kind = "customer.created" if row.pgh_label == "insert" else "customer.updated"
        cursor = str(row.pgh_id)
        if types and kind not in types:
            continue
        found.append(
            Event(
                f"evt_{row.pgh_id}",
                cursor,
                kind,
                row.pgh_created_at,
                row.pgh_obj_id,
                {
                    "id": f"evt_{row.pgh_id}",
                    "type": kind,
                    "version": row.version,
                    "customer_id": str(row.pgh_obj_id),
                    "data": {"name": row.name, "email": row.email},
                },
            )
        )
    return found, cursor


def head(tenant: Tenant) -> str:
    """The cursor of the newest event."""
    model = apps.get_model("customers", "CustomerEvent")
    newest = model.objects.filter(**tenant.columns).order_by("-pgh_id").first()
    return str(newest.pgh_id if newest else 0)
