"""What a change would show in each API, before it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from customers.models import Customer
from customers.models.base import label
from customers.rest.contract import contracts
from customers.values.uuid7 import uuid7

# Links in the representations begin with it: any, because they are only compared.
_ORIGIN = "https://host"


@dataclass(frozen=True, slots=True)
class FieldPreview:
    """A changed field, and the titles of the contracts whose APIs show the change or cannot."""

    label: str
    shown_by: list[str]
    not_shown_by: list[str]


def preview_of(customer: Customer, values: Mapping[str, Any]) -> list[FieldPreview]:
    """The fields of which `values` differ from a customer's, which may be one to be created."""
    before = copy(customer)
    before.pk = customer.pk or uuid7(timezone.now())
    return list(_previews(before, values))


def _previews(before: Customer, values: Mapping[str, Any]) -> Iterator[FieldPreview]:
    shown_before = {contract.title: contract.represent(before, _ORIGIN) for contract in contracts()}
    for name, value in values.items():
        if value == getattr(before, name):
            continue
        after = copy(before)
        setattr(after, name, value)
        is_shown = {
            contract.title: contract.represent(after, _ORIGIN) != shown_before[contract.title]
            for contract in contracts()
        }
        yield FieldPreview(
            label(Customer, name),
            [title for title, shown in is_shown.items() if shown],
            [title for title, shown in is_shown.items() if not shown],
        )
