"""Takes an import back: all of it, or nothing where a later change stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.imports.applying import lock_changed, write_fields
from customers.imports.locking import NotPossible, hold
from customers.imports.uploading import CHUNK, chunks
from customers.models import Customer, CustomerImport, CustomerUser, ImportRow, PaymentMethod
from customers.models.credential import Actor
from customers.models.errors import ExternalIdTaken, refusals
from customers.models.history import acting

Outcome = ImportRow.Outcome
_TOUCHED = [Outcome.NEW, Outcome.CHANGED]
# An import makes neither users nor payment methods, and they do not raise a customer's version.
_WORKED_ON = Q(outcome=Outcome.NEW) & (
    Exists(CustomerUser.objects.filter(customer=OuterRef("customer_id")))
    | Exists(PaymentMethod.objects.filter(customer=OuterRef("customer_id")))
)


def in_the_way(customer_import: CustomerImport) -> QuerySet[ImportRow]:
    """The rows whose customer was changed since the import, or is new and has users or payment
    methods by now.
    """
    rows = customer_import.rows.filter(outcome__in=_TOUCHED).order_by("number")
    changed = ~Q(customer__version=F("left_version"))
    return rows.filter(changed | _WORKED_ON).select_related("customer")


def undo(id: UUID, actor: Actor) -> Iterator[int]:
    """Archive what the import made, and give what it changed the values of before; yields how many
    rows are done. Twice is once.

    Raises:
        NotPossible: it is not applied or too old, someone else works on it, or one of its customers
            was changed since, or is new and has users or payment methods by now.
    """
    with transaction.atomic():
        customer_import = hold(id)
        if customer_import.undone_at is not None:
            return
        if not customer_import.can_be_undone:
            raise NotPossible(_("This import cannot be undone: it is not imported, or too old."))
        reason = _("Undoing the import of %(file)s") % {"file": customer_import.file_name}
        touched = customer_import.rows.filter(outcome__in=_TOUCHED)
        with acting(actor, **{"import": str(id), "reason": reason}):
            if any(lock_changed(touched, "left")) or touched.filter(_WORKED_ON).exists():
                raise NotPossible(
                    _(
                        "Customers were changed since the import, or given users or payment "
                        "methods. Nothing was undone."
                    )
                )
            try:
                with refusals():
                    yield from _take_back(touched)
            except ExternalIdTaken:
                raise NotPossible(
                    _("An external id from before is another customer's now. Nothing was undone.")
                ) from None
        customer_import.state = CustomerImport.State.UNDONE
        customer_import.undone_at = timezone.now()
        customer_import.save(update_fields=["state", "undone_at"])


def _take_back(touched: QuerySet[ImportRow]) -> Iterator[int]:
    """New ones first: their external ids become free."""
    done = 0
    new = touched.filter(outcome=Outcome.NEW).order_by("customer_id")
    for ids in chunks(new.values_list("customer_id", flat=True).iterator(CHUNK)):
        Customer.objects.live().filter(pk__in=ids).update(archived_at=timezone.now())
        yield (done := done + len(ids))
    changed = touched.filter(outcome=Outcome.CHANGED).order_by("customer_id")
    for rows in chunks(changed.iterator(CHUNK)):
        write_fields(rows, ImportRow.OLD)
        yield (done := done + len(rows))
