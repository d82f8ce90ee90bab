"""Undoes an import: the whole, or nothing if one of its customers was changed since."""

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


def conflicts(customer_import: CustomerImport) -> QuerySet[ImportRow]:
    """The rows because of which an import cannot be undone: their customer was changed since, or
    was created by the import and now has users or payment methods.
    """
    rows = customer_import.rows.filter(outcome__in=_WRITTEN).order_by("number")
    changed = ~Q(customer__version=F("left_version"))
    return rows.filter(changed | _IN_USE).select_related("customer")


def undo(id: UUID, actor: Actor) -> Iterator[int]:
    """Archive the customers that the import created, and restore the values of those that it
    changed; yields how many rows are done. An import that is already undone is left as it is.

    Raises:
        InvalidState: it is not applied, or its rows are no longer kept.
        ImportConflict: it has `conflicts`, or an external id now belongs to another customer.
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
        if any(lock_changed(written, "left")) or written.filter(_IN_USE).exists():
            raise ImportConflict(
                _("Customers were changed since the import, or given users or payment methods.")
            )
        reason = _("Undoing the import of %(file)s") % {"file": customer_import.file_name}
        taken = _("An external id from before the import now belongs to another customer.")
        with writing(customer_import, actor, reason=reason, if_taken=taken):
            yield from _revert(written)
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
