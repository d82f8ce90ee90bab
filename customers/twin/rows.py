"""The rows of chosen customers: with their organizations, and all that belongs to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import models

from customers.insights.timeline import MODELS, events_of
from customers.models import Customer, NotDuplicate, Organization

CHUNK = 1000


def rows_of(ids: Sequence[UUID]) -> Iterator[models.Model]:
    """Yield the rows in an order in which they can be loaded, and each history in its own."""
    customers = Customer.objects.filter(pk__in=ids)
    yield from Organization.objects.filter(customers__in=customers).order_by("pk").distinct()
    for model in MODELS.values():
        of_customers = _of_customers(model, ids)
        yield from _stream(model._default_manager.filter(**of_customers).order_by("pk"))
    pairs = NotDuplicate.objects.filter(customer__in=ids, other__in=ids)
    yield from _stream(pairs.order_by("customer", "other"))
    for model in MODELS.values():
        of_customers = _of_customers(model, ids)
        name, chosen = of_customers.popitem()
        of_events = {"pgh_obj__in" if model is Customer else name: chosen}
        yield from _stream(events_of(model).filter(**of_events).order_by("pgh_id"))


def numbers_of(ids: Sequence[UUID]) -> dict[UUID, int]:
    """Number the customers of each organization and mode from 1, in the order of their numbers."""
    chosen = Customer.objects.filter(pk__in=ids).order_by("organization", "mode", "sequential_id")
    numbers: dict[UUID, int] = {}
    counted: dict[tuple[Any, ...], int] = {}
    for id, *tenant in chosen.values_list("pk", "organization_id", "mode"):
        counted[*tenant] = numbers[id] = counted.get((*tenant,), 0) + 1
    return numbers


def customer_of(row: models.Model) -> UUID | None:
    """The customer that a row or an event is about; None for an organization."""
    if isinstance(row, Organization):
        return None
    names = ("customer_id", "pgh_obj_id", "pk")
    ids: Iterator[UUID] = (getattr(row, name) for name in names if hasattr(row, name))
    return next(ids)


def _of_customers(model: type[models.Model], ids: Sequence[UUID]) -> dict[str, Any]:
    return {"pk__in" if model is Customer else "customer__in": ids}


def _stream(rows: models.QuerySet[Any]) -> Iterator[models.Model]:
    yield from rows.iterator(chunk_size=CHUNK)
