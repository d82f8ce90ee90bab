"""What given values would change about a customer, and which of them are refused.

A file's rows and a request's customers are compared by the thousand, so what is compared is checked
without a model instance for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from customers.models.customer import Customer
from customers.values.card_numbers import parted_card_number
from customers.values.validators import PARTED_CARD_NUMBER

#: The old and the new value of each field.
Changes = dict[str, tuple[Any, Any]]
Errors = dict[str, list[ValidationError]]

_BLANK = Customer()  # what a new customer is compared with
_FIELDS: dict[str, Any] = {field.name: field for field in Customer._meta.concrete_fields}


def find_changes(customer: Customer | None, values: Mapping[str, Any]) -> tuple[Changes, Errors]:
    """Compare values, as they are stored, with a customer, or with a new one.

    Only the fields that change are checked, as `Customer.revise` does.
    """
    before = customer or _BLANK
    changes: Changes = {}
    errors: Errors = {}
    for name, new in values.items():
        old = getattr(before, name)
        if new == old:
            continue
        try:
            if new is not None:
                _FIELDS[name].clean(new, None)
            changes[name] = (old, new)
        except ValidationError as error:
            errors[name] = error.error_list
    together = {name: getattr(before, name) for name in Customer.READ_TOGETHER}
    together |= {name: new for name, (_old, new) in changes.items() if name in together}
    parted = [name for name in parted_card_number(together) if name in changes]
    if parted:
        errors[parted[-1]] = [ValidationError(PARTED_CARD_NUMBER, code="card_number")]
    return changes, errors
