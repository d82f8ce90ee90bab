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
from customers.models.changes import find_changes
from customers.values.text import is_blank

Outcome = ImportRow.Outcome


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
    values, errors = {}, {}
    for name in FIELDS:
        cell = cells.get(name)
        if cell is None or (is_blank(cell) and not blank_clears):
            continue
        if customer is not None and cell == write_cell(getattr(customer, name)):
            continue  # as exported: unchanged, even where today's rules refuse the value
        try:
            values[name] = read_cell(name, cell)
        except ValidationError as error:
            errors[name] = error.error_list
    changes, refused = find_changes(customer, values)
    errors |= refused
    if errors:
        return Finding(customer, errors=errors)
    if customer is None and not changes:
        message = _("No imported column has a value in this row. Fill one, or remove the row.")
        return Finding(errors={NON_FIELD_ERRORS: [ValidationError(message)]})
    return Finding(customer, changes)
