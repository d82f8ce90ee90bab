"""Finds out what rows would do, and stores it with them."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import Count, F, Min, QuerySet, Window
from django.utils.translation import gettext as _

from customers.imports.batches import BATCH_SIZE, batched, update_rows
from customers.imports.check_row import Finding, Outcome, check_row
from customers.imports.lookup import CustomerLookup
from customers.models import CustomerImport, ImportRow
from customers.values.validators import IS_CARD_NUMBER

_CARD_NUMBER = "card_number"


def check_batch(customer_import: CustomerImport, rows: list[ImportRow]) -> None:
    """Check rows and store the findings, as if no other row were in the file."""
    cells = [_by_field(customer_import, row.cells) for row in rows]
    customers = CustomerLookup(customer_import.tenant, cells)
    for row, its_cells in zip(rows, cells, strict=True):
        finding = check_row(its_cells, customers, blank_clears=customer_import.blank_clears)
        _set_finding(customer_import, row, finding)
    update_rows(
        rows,
        *("outcome", "changes", "problems", "claims", "customer", "seen_version", "left_version"),
    )
    update_rows([row for row in rows if row.problems], "cells")  # without card numbers


def _by_field(customer_import: CustomerImport, cells: Sequence[str | None]) -> dict[str, str]:
    return {
        field: cell or ""
        for field, cell in zip(customer_import.mapping, cells, strict=True)
        if field is not None
    }


def _set_finding(customer_import: CustomerImport, row: ImportRow, finding: Finding) -> None:
    """Set the fields of the row to the finding, and delete card numbers from its cells."""
    for field, errors in finding.errors.items():
        if any(error.code == _CARD_NUMBER for error in errors):
            row.cells[customer_import.mapping.index(field)] = None
    row.problems = {
        customer_import.column_of(field): " ".join(ValidationError(errors).messages)
        for field, errors in finding.errors.items()
    } | _card_number_problems(customer_import, row)
    is_refused = bool(row.problems)
    row.outcome = Outcome.REFUSED if is_refused else finding.outcome
    row.changes = {} if is_refused else {name: list(pair) for name, pair in finding.changes.items()}
    row.claims = finding.changes.get("external_id", (None, None))[1]
    customer = finding.customer
    row.customer_id = None if customer is None else customer.pk
    row.seen_version = None if customer is None else customer.version
    row.left_version = None


def _card_number_problems(customer_import: CustomerImport, row: ImportRow) -> dict[str, str]:
    """The columns in which a card number was deleted, with what to do about it."""
    if None not in row.cells:
        return {}
    advice = _(
        "Remove it. If it is a long id, name its column external_id or processor_reference; if a "
        "registration or telephone number, legal_number or phone."
    )
    cells = zip(customer_import.header, row.cells, strict=True)
    return {column: f"{IS_CARD_NUMBER} {advice}" for column, cell in cells if cell is None}


def refuse_repeated(customer_import: CustomerImport, rows: QuerySet[ImportRow]) -> None:
    """Refuse every row with the same customer, or the same new external id, as an earlier one.

    The database finds them: a set of all ids would grow with the file.
    """
    for key, message in (
        ("customer", _("This customer is already in row %(first)d.")),
        ("claims", _("This external id is already in row %(first)d.")),
    ):
        _refuse_repeated(customer_import, rows, key, message)


def _refuse_repeated(
    customer_import: CustomerImport, rows: QuerySet[ImportRow], key: str, message: str
) -> None:
    first = Window(Min("number"), partition_by=[F(key)])
    keyed = rows.exclude(**{key: None}).annotate(first=first)
    for repeated in batched(keyed.filter(first__lt=F("number")).iterator(BATCH_SIZE)):
        for row in repeated:
            column = _key_column(customer_import, row, key)
            row.problems = {**row.problems, column: message % {"first": row.first}}
            row.outcome, row.changes = Outcome.REFUSED, {}
        update_rows(repeated, "outcome", "changes", "problems")


def _key_column(customer_import: CustomerImport, row: ImportRow, key: str) -> str:
    """The column that says which customer the row is about, or which external id it gives."""
    by_id = customer_import.cell_of(row, "id") if key == "customer" else None
    return customer_import.column_of("id" if by_id else "external_id")


def count_outcomes(customer_import: CustomerImport) -> None:
    """Store how many rows have each outcome, and that they were checked."""
    outcomes = customer_import.rows.values_list("outcome").annotate(Count("pk"))
    customer_import.counts = dict(outcomes.order_by())
    customer_import.revision += 1
    customer_import.save(update_fields=["counts", "revision"])
