"""Undoes an import, except for the customers that were changed since."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.imports.batches import BATCH_SIZE, batched
from customers.imports.errors import ImportConflict, InvalidState
from customers.imports.locking import lock_import
from customers.imports.writes import lock_changed, write_values, writing
from customers.models import Customer, CustomerImport, CustomerUser, ImportRow, PaymentMethod
from customers.models.credential import Actor

Outcome = ImportRow.Outcome
_WRITTEN = [Outcome.NEW, Outcome.CHANGED]
# Users and payment methods do not raise the version of their customer, and no import creates them.
_IN_USE = Q(outcome=Outcome.NEW) & (
    Exists(CustomerUser.objects.filter(customer=OuterRef("customer_id")))
    | Exists(PaymentMethod.objects.filter(customer=OuterRef("customer_id")))
)


_CAN_BE_UNDONE = Q(customer__version=F("left_version")) & ~_IN_USE


def undoable(customer_import: CustomerImport) -> QuerySet[ImportRow]:
    """The rows that undoing the import would undo."""
    return customer_import.rows.filter(_CAN_BE_UNDONE, outcome__in=_WRITTEN)


def conflicts(customer_import: CustomerImport) -> QuerySet[ImportRow]:
    """The rows that undoing the import would leave, or has left, as they are: their customer was
    changed since, or was created by the import and now has users or payment methods.
    """
    rows = customer_import.rows.filter(outcome__in=_WRITTEN, left_version__isnull=False)
    if customer_import.undone_at is None:
        rows = rows.exclude(pk__in=undoable(customer_import).values("pk"))
    return rows.select_related("customer").order_by("number")


def undo(id: UUID, actor: Actor) -> Iterator[int]:
    """Archive the customers that the import created, and restore the values of those that it
    changed, but not of its `conflicts`; yields how many rows are done. An import that is already
    undone is left as it is.

    Raises:
        InvalidState: it is not applied, or its rows are no longer kept.
        ImportConflict: nothing is left to undo, or an external id now belongs to another customer.
        ImportUnavailable: it was deleted, or another request is processing it.
    """
    with transaction.atomic():
        customer_import = lock_import(id)
        if customer_import.undone_at is not None:
            return
        if not customer_import.can_be_undone:
            raise InvalidState(
                _("This import cannot be undone: it was not imported, or is too old.")
            )
        written = customer_import.rows.filter(outcome__in=_WRITTEN)
        for _changed in lock_changed(written, "left"):
            pass  # their versions stay as they are until this transaction ends
        # A row that is undone has no version that the import left any more.
        if not undoable(customer_import).update(left_version=None):
            raise ImportConflict(
                _("All customers were changed since the import, or given users or payment methods.")
            )
        reason = _("Undoing the import of %(file)s") % {"file": customer_import.file_name}
        taken = _("An external id from before the import now belongs to another customer.")
        with writing(customer_import, actor, reason=reason, if_taken=taken):
            yield from _revert(written.filter(left_version=None))
        customer_import.state = CustomerImport.State.UNDONE
        customer_import.undone_at = timezone.now()
        customer_import.save(update_fields=["state", "undone_at"])


def _revert(written: QuerySet[ImportRow]) -> Iterator[int]:
    """Archive the new customers first, so that their external ids are free again."""
    done = 0
    new = written.filter(outcome=Outcome.NEW).order_by("customer_id")
    for ids in batched(new.values_list("customer_id", flat=True).iterator(BATCH_SIZE)):
        Customer.objects.live().filter(pk__in=ids).update(archived_at=timezone.now())
        yield (done := done + len(ids))
    for count in write_values(written.filter(outcome=Outcome.CHANGED), ImportRow.OLD):
        yield (done := done + count)
