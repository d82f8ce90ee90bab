"""Corrects the cells of a row, and checks it again with the rows that it has to do with."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from customers.imports.batches import BATCH_SIZE, batched, update_rows
from customers.imports.errors import CorrectedMeanwhile, InvalidState
from customers.imports.findings import check_batch, count_outcomes, refuse_repeated
from customers.imports.locking import lock_unapplied
from customers.imports.upload import without_card_number
from customers.models import CustomerImport, ImportRow
from customers.staff.models import StaffUser


def correct(
    id: UUID, number: int, cells: Mapping[int, str], *, seen: int, person: StaffUser
) -> ImportRow:
    """Give cells of a row other texts, by the number of their column, and check the row again.

    The other cells stay as they are. A card number is not kept, as in an upload. `seen` is how
    often the row had been corrected when the person opened it.

    Raises:
        CorrectedMeanwhile: it was corrected since.
        InvalidState: the import is not checked, already applied, or discarded.
        ImportUnavailable: it was deleted, or another request is processing it.
    """
    with transaction.atomic():
        customer_import = lock_unapplied(id)
        if customer_import.state != CustomerImport.State.CHECKED:
            raise InvalidState(_("The columns are being matched again. Check the rows first."))
        row = customer_import.rows.get(number=number)
        if customer_import.corrections.filter(row=number).count() != seen:
            raise CorrectedMeanwhile(_("Someone else corrected this row meanwhile."))
        corrected = [
            without_card_number(cells[column], field) if column in cells else row.cells[column]
            for column, field in enumerate(customer_import.mapping)
        ]
        shared = _sharing(customer_import, row)
        if corrected != row.cells:
            customer_import.corrections.create(
                row=number,
                number=seen + 1,
                before=row.cells,
                corrected_by_label=person.get_username(),
            )
            row.cells = corrected
            update_rows([row], "cells")
        check_batch(customer_import, [row])
        _check_sharing(customer_import, row, shared | _sharing(customer_import, row))
        count_outcomes(customer_import)
        row.refresh_from_db()
        return row


def _check_sharing(customer_import: CustomerImport, row: ImportRow, ids: set[int]) -> None:
    """Check the rows anew of which some may be refused only because of each other."""
    rows = customer_import.rows.filter(pk__in=ids)
    for batch in batched(rows.exclude(pk=row.pk).order_by("number").iterator(BATCH_SIZE)):
        check_batch(customer_import, batch)
    refuse_repeated(customer_import, rows)


def _sharing(customer_import: CustomerImport, row: ImportRow) -> set[int]:
    """The ids of the row and those with the same customer or the same new external id, and of
    those that share one with these, and so on.
    """
    ids: set[int] = set()
    found = [(row.pk, row.customer_id, row.claims)]
    while ids != (ids := ids | {id for id, _customer, _claim in found}):
        customers = {customer for _id, customer, _claim in found if customer is not None}
        claims = {claim for _id, _customer, claim in found if claim is not None}
        sharing = Q(pk=row.pk) | Q(customer__in=customers) | Q(claims__in=claims)
        found = list(
            customer_import.rows.filter(sharing).values_list("pk", "customer_id", "claims")
        )
    return ids
