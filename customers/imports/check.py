"""The check: what every row would do. It writes no customer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from customers.imports.batches import BATCH_SIZE, batched
from customers.imports.columns import READ_ONLY, field_of
from customers.imports.findings import check_batch, count_outcomes, refuse_repeated
from customers.imports.locking import lock_unapplied
from customers.models import CustomerImport
from customers.values.text import is_blank


def set_mapping(id: UUID, mapping: Sequence[str | None], *, blank_clears: bool) -> None:
    """Set which column fills which field. The import must be checked again.

    Raises:
        InvalidState: it is already imported, or discarded.
        ImportUnavailable: it was deleted, or another request is processing it.
    """
    with transaction.atomic():
        customer_import = lock_unapplied(id)
        customer_import.mapping = list(mapping)
        customer_import.blank_clears = blank_clears
        customer_import.state = CustomerImport.State.UPLOADED
        customer_import.save(update_fields=["mapping", "blank_clears", "state"])


def check(id: UUID) -> Iterator[int]:
    """Check every row and store the findings; yields how many rows are done.

    Raises:
        InvalidState: it is already imported, or discarded.
        ImportUnavailable: it was deleted, or another request is processing it.
    """
    with transaction.atomic():
        customer_import = lock_unapplied(id)
        yield from _check_rows(customer_import)
        refuse_repeated(customer_import, customer_import.rows.all())
        customer_import.state = CustomerImport.State.CHECKED
        customer_import.checked_at = timezone.now()
        customer_import.save(update_fields=["left_out", "state", "checked_at"])
        count_outcomes(customer_import)


def _check_rows(customer_import: CustomerImport) -> Iterator[int]:
    done = 0
    header, mapping = customer_import.header, customer_import.mapping
    unmatched = {
        number
        for number, name in enumerate(header)
        if mapping[number] is None and field_of(name) not in READ_ONLY
    }
    filled: set[int] = set()
    rows = customer_import.rows.defer("changes", "problems").order_by("number")
    for batch in batched(rows.iterator(BATCH_SIZE)):
        check_batch(customer_import, batch)
        filled |= {
            number
            for number in unmatched - filled
            if not all(is_blank(row.cells[number] or "") for row in batch)
        }
        yield (done := done + len(batch))
    customer_import.left_out = [header[number] for number in sorted(filled)]
