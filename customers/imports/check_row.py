"""What one row would do to its customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from customers.imports.cells import read_cell, write_cell
from customers.imports.columns import FIELDS
from customers.imports.lookup import CustomerLookup
from customers.models import Customer, ImportRow
from customers.values.card_numbers import parted_card_number
from customers.values.text import is_blank
from customers.values.validators import PARTED_CARD_NUMBER

Outcome = ImportRow.Outcome

_BLANK = Customer()  # what a new customer is compared with


@dataclass(frozen=True, slots=True)
class Finding:
    """What one row would do, or by field why it is refused."""

    #: None for a new customer, and where none can be found.
    customer: Customer | None = None
    #: The old and the new value of each field that changes.
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    errors: dict[str, list[ValidationError]] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        if self.errors:
            return Outcome.REFUSED
        if not self.changes:
            return Outcome.UNCHANGED
        return Outcome.NEW if self.customer is None else Outcome.CHANGED


def check_row(
    cells: Mapping[str, str], customers: CustomerLookup, *, blank_clears: bool
) -> Finding:
    """Compare a row with its customer, and check the values that differ.

    `cells` has the cells of the matched columns by field. Blank ones are ignored, unless
    `blank_clears`.
    """
    try:
        customer = customers.find(cells)
    except ValidationError as error:
        return Finding(errors=error.error_dict)
    before = customer or _BLANK
    changes, errors = {}, {}
    for name in FIELDS:
        cell, old = cells.get(name), getattr(before, name)
        if cell is None or (is_blank(cell) and not blank_clears):
            continue
        if customer is not None and cell == write_cell(old):
            continue  # as exported: unchanged, even where today's rules refuse the value
        try:
            new = read_cell(name, cell)
            if new != old:
                _validate(name, new)
                changes[name] = (old, new)
        except ValidationError as error:
            errors[name] = error.error_list
    after = {name: getattr(before, name) for name in Customer.READ_TOGETHER}
    after |= {name: new for name, (_old, new) in changes.items() if name in after}
    for name in [name for name in parted_card_number(after) if name in changes][-1:]:
        errors[name] = [ValidationError(PARTED_CARD_NUMBER, code="card_number")]
    if errors:
        return Finding(customer, errors=errors)
    if customer is None and not changes:
        message = _("No imported column has a value in this row. Fill one, or remove the row.")
        return Finding(errors={NON_FIELD_ERRORS: [ValidationError(message)]})
    return Finding(customer, changes)


def _validate(name: str, value: Any) -> None:
    """Check the rules of the field. A country has been checked by reading it."""
    if value is not None and name != "country":
        Customer._meta.get_field(name).clean(value, None)  # type: ignore[union-attr]
