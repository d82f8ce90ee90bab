"""Chosen customers, with what belongs to them, as rows that name no one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import models

from customers.dumps.made_up import MadeUp, is_personal, texts
from customers.models import Customer, CustomerUser, Organization, PaymentMethod


def made_up(ids: Sequence[UUID]) -> list[models.Model]:
    """The customers with their organizations, users and payment methods, all personal replaced.

    The customers come in the order of their ids.
    """
    customers = Customer.objects.filter(pk__in=ids).order_by("pk")
    rows: list[models.Model] = [
        *Organization.objects.filter(customers__in=customers).order_by("pk").distinct(),
        *customers,
        *CustomerUser.objects.filter(customer__in=customers).order_by("pk"),
        *PaymentMethod.objects.filter(customer__in=customers).order_by("pk"),
    ]
    replaced = MadeUp({text for row in rows for text in _personal(row)})
    return [replaced.row(row) for row in rows]


def _personal(row: models.Model) -> list[str]:
    """Every text of the row that is to be replaced."""
    found: list[str] = []
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(value, dict):
            found += texts(value)
        elif is_personal(field, value):
            found.append(value)
    return found
