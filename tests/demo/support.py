"""The days on which the demo is started, and what it then has written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import models

from customers.models import (
    ApiKey,
    Customer,
    CustomerImport,
    CustomerUser,
    ImportRow,
    OAuthClient,
    PaymentMethod,
)
from customers.staff.models import StaffUser

NOON = timedelta(hours=12)
DAYS = [date(2026, 1, 1), date(2028, 2, 29), date(2026, 5, 31), datetime.now(UTC).date()]
TRACKED: list[type[models.Model]] = [Customer, CustomerUser, PaymentMethod, ApiKey, OAuthClient]
KEPT: list[type[models.Model]] = [*TRACKED, StaffUser, CustomerImport, ImportRow]

Start = Callable[[date], int]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def events(model: type[models.Model]) -> models.QuerySet[Any]:
    """The history of a model beyond the fixture, which has no author here, in order."""
    found: Any = model._meta.get_field("events").related_model
    rows: models.QuerySet[Any] = found.objects.exclude(pgh_context=None).order_by("pgh_id")
    return rows


def dump() -> dict[str, list[dict[str, Any]]]:
    """All rows that the history adds, with the events."""
    rows = {model.__name__: list(model._default_manager.order_by("pk").values()) for model in KEPT}
    for model in TRACKED:
        rows[f"{model.__name__} events"] = list(events(model).values())
    return rows
