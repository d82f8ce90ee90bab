"""The dry run: what every row would do, without doing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Min, Window
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.imports.locking import NotPossible, hold
from customers.imports.matching import Matching
from customers.imports.resource import CustomerResource, Finding, Outcome
from customers.imports.uploading import CHUNK, chunks
from customers.models import CustomerImport, ImportRow

_CARD_NUMBER = "card_number"
_WRITTEN = (
    *("cells", "outcome", "changes", "problems", "claims", "customer"),
    *("seen_version", "left_version"),
)


def set_mapping(id: UUID, mapping: Sequence[str | None], *, blank_clears: bool) -> None:
    """Say which column is which field; what was checked by another mapping is not any more."""
    with transaction.atomic():
        customer_import = hold(id)
        _refuse_if_applied(customer_import)
        customer_import.mapping = list(mapping)
        customer_import.blank_clears = blank_clears
        customer_import.state = CustomerImport.State.UPLOADED
        customer_import.save(update_fields=["mapping", "blank_clears", "state"])


def check(id: UUID) -> Iterator[int]:
    """Find out what each row would do; yields how many rows are done.

    Raises:
        NotPossible: it is imported already, or someone else works on it now.
    """
    with transaction.atomic():
        customer_import = hold(id)
        _refuse_if_applied(customer_import)
        yield from _check_rows(customer_import)
        _refuse_repeated(
            customer_import, "customer", _("This customer is in row %(first)d already.")
        )
        _refuse_repeated(
            customer_import,
            "claims",
            _("Row %(first)d gives this external id to a customer already."),
        )
        outcomes = customer_import.rows.values_list("outcome").annotate(Count("pk"))
        customer_import.counts = dict(outcomes.order_by())
        customer_import.state = CustomerImport.State.CHECKED
        customer_import.checked_at = timezone.now()
        customer_import.save(update_fields=["counts", "state", "checked_at"])


def _check_rows(customer_import: CustomerImport) -> Iterator[int]:
    resource = CustomerResource(blank_clears=customer_import.blank_clears)
    done = last = 0
    rows = customer_import.rows.order_by("number")
    while chunk := list(rows.filter(number__gt=last)[:CHUNK]):
        _check_chunk(customer_import, resource, chunk)
        last = chunk[-1].number
        done += len(chunk)
        yield done


def _refuse_if_applied(customer_import: CustomerImport) -> None:
    if customer_import.applied_at is not None:
        raise NotPossible(_("This file is imported already."))


def _check_chunk(
    customer_import: CustomerImport, resource: CustomerResource, rows: list[ImportRow]
) -> None:
    read = [_by_field(customer_import, row.cells) for row in rows]
    matching = Matching(customer_import, read)
    for row, cells in zip(rows, read, strict=True):
        _note(customer_import, row, resource.check(cells, matching))
    ImportRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=_WRITTEN
    )


def _by_field(customer_import: CustomerImport, cells: Sequence[str | None]) -> dict[str, str]:
    return {
        field: cell or ""
        for field, cell in zip(customer_import.mapping, cells, strict=True)
        if field is not None
    }


def _note(customer_import: CustomerImport, row: ImportRow, finding: Finding) -> None:
    """Write down what was found, and drop what must not be kept."""
    errors = {} if finding.error is None else finding.error.error_dict
    for field, found in errors.items():
        if any(error.code == _CARD_NUMBER for error in found):
            row.cells[customer_import.mapping.index(field)] = None
    row.problems = {
        customer_import.column_of(field): " ".join(ValidationError(found).messages)
        for field, found in errors.items()
    } | _card_numbers(customer_import, row)
    refused = bool(row.problems)
    row.outcome = Outcome.REFUSED if refused else finding.outcome
    row.changes = {} if refused else {name: list(pair) for name, pair in finding.changes.items()}
    row.customer = finding.customer
    row.seen_version = None if finding.customer is None else finding.customer.version
    row.left_version = None
    claimed = finding.changes.get("external_id")
    row.claims = claimed[1] if claimed else None  # type: ignore[assignment]


def _card_numbers(customer_import: CustomerImport, row: ImportRow) -> dict[str, str]:
    """Why a row is refused of which a cell was not kept."""
    told = _(
        "This looks like a payment card number, which is never stored here. Remove it. If it is a "
        "long id, name its column external_id or processor_reference."
    )
    cells = zip(customer_import.header, row.cells, strict=True)
    return {column: told for column, cell in cells if cell is None}


def _refuse_repeated(customer_import: CustomerImport, key: str, told: str) -> None:
    """Refuse every row whose customer, or new external id, stands in an earlier one.

    The database finds them, so that no list of all ids is held here.
    """
    first = Window(Min("number"), partition_by=[F(key)])
    keyed = customer_import.rows.exclude(**{key: None}).annotate(first=first)
    repeated = keyed.filter(first__lt=F("number"))
    for rows in chunks(repeated.iterator(CHUNK)):
        for row in rows:
            row.outcome, row.changes = Outcome.REFUSED, {}
            problem = told % {"first": row.first}
            row.problems = {**row.problems, _key_column(customer_import, row, key): problem}
        ImportRow.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["outcome", "changes", "problems"],
        )


def _key_column(customer_import: CustomerImport, row: ImportRow, key: str) -> str:
    """The column by which a row is the customer's, or gives it its external id."""
    by_id = customer_import.cell_of(row, "id") if key == "customer" else None
    return customer_import.column_of("id" if by_id else "external_id")
