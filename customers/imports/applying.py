"""Writes what the check found into the store: all rows or none."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.imports.locking import NotPossible, hold
from customers.imports.uploading import CHUNK, chunks
from customers.models import Customer, CustomerImport, ImportRow
from customers.models.credential import Actor
from customers.models.errors import ExternalIdTaken, refusals
from customers.models.history import acting

Outcome = ImportRow.Outcome
# Django writes bulk updates as a CASE for each field, which gets slow with the number of rows.
UPDATED_AT_ONCE = 200


def apply(id: UUID, actor: Actor) -> Generator[int]:
    """Make and change the customers that the check told; yields how many rows are done.

    Twice is once.

    Raises:
        NotPossible: it is not checked, rows are refused, someone else works on it, or a customer
            was changed since the check.
    """
    with transaction.atomic():
        customer_import = hold(id)
        if customer_import.applied_at is not None:
            return
        if not customer_import.can_be_applied:
            raise NotPossible(_("This import cannot be confirmed as it is. Look at its check."))
        reason = _("Import of %(file)s") % {"file": customer_import.file_name}
        with acting(actor, **{"import": str(id), "reason": reason}):
            _refuse_if_stale(customer_import)
            try:
                with refusals():
                    yield from _write(customer_import)
            except ExternalIdTaken:
                raise NotPossible(
                    _("Another customer was given an external id of this file. Check again.")
                ) from None
        customer_import.state = CustomerImport.State.APPLIED
        customer_import.applied_at = timezone.now()
        customer_import.save(update_fields=["state", "applied_at"])


def _refuse_if_stale(customer_import: CustomerImport) -> None:
    stale = len(list(lock_changed(customer_import.rows.filter(outcome=Outcome.CHANGED), "seen")))
    if stale:
        raise NotPossible(
            ngettext(
                "%(count)d customer was changed since the check. Check again.",
                "%(count)d customers were changed since the check. Check again.",
                stale,
            )
            % {"count": stale}
        )


def lock_changed(rows: QuerySet[ImportRow], when: str) -> Iterator[UUID]:
    """Hold the customers of the rows until the transaction ends; yields those no longer at the
    version `seen` by the check, or `left` by the import.

    In the order of their ids, as everyone who locks several customers does: two imports that meet
    follow one another.
    """
    expected = rows.order_by("customer_id").values_list("customer_id", f"{when}_version")
    for chunk in chunks(expected.iterator(CHUNK)):
        ids = [id for id, _version in chunk]
        held = Customer.objects.select_for_update().filter(pk__in=ids).order_by("pk")
        versions = dict(held.values_list("pk", "version"))
        yield from (id for id, version in chunk if versions.get(id) != version)


def _write(customer_import: CustomerImport) -> Iterator[int]:
    done = 0
    changed = customer_import.rows.filter(outcome=Outcome.CHANGED)
    for rows in chunks(changed.order_by("customer_id").iterator(CHUNK)):
        write_fields(rows, ImportRow.NEW)
        yield (done := done + len(rows))
    changed.update(left_version=F("seen_version") + 1)  # the trigger raised it once
    new = customer_import.rows.filter(outcome=Outcome.NEW).order_by("number")
    moment = timezone.now()
    for rows in chunks(new.iterator(CHUNK)):
        _create(customer_import, rows, moment)
        moment += timedelta(microseconds=len(rows))
        yield (done := done + len(rows))


def write_fields(rows: Iterable[ImportRow], which: int) -> None:
    """Write the `OLD` or the `NEW` values of rows, of each customer only the fields that change."""

    def fields(row: ImportRow) -> list[str]:
        return sorted(row.changes)

    for names, alike in groupby(sorted(rows, key=fields), key=fields):
        customers = [
            Customer(pk=row.customer_id, **{name: row.changes[name][which] for name in names})
            for row in alike
        ]
        Customer.objects.bulk_update(customers, names, batch_size=UPDATED_AT_ONCE)


def _create(customer_import: CustomerImport, rows: list[ImportRow], moment: datetime) -> None:
    """Insert the customers of rows, a microsecond apart: lists show them in the file's order."""
    customers = [
        Customer(
            **customer_import.tenant.columns,
            created_at=moment + number * timedelta(microseconds=1),
            **{field: new for field, (_old, new) in row.changes.items()},
        )
        for number, row in enumerate(rows)
    ]
    Customer.objects.bulk_create(customers)
    for row, customer in zip(rows, customers, strict=True):
        row.customer, row.left_version = customer, customer.version
    ImportRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["customer", "left_version"],
    )
