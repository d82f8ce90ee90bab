"""Undoes an import, except for the customers that were changed since."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT
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
_UNCHANGED_SINCE = Q(customer__version=F("left_version"))
# Users and payment methods do not raise the version of their customer, and no import creates them.
_IN_USE = Q(outcome=Outcome.NEW) & (
    Exists(CustomerUser.objects.filter(customer=OuterRef("customer_id")))
    | Exists(PaymentMethod.objects.filter(customer=OuterRef("customer_id")))
)
# No import gives an external id away and to another customer: the holder got it elsewhere.
_HOLDER = (
    Customer.objects.live()
    .filter(
        organization=OuterRef("customer__organization"),
        mode=OuterRef("customer__mode"),
        external_id=OuterRef("previous_external_id"),
    )
    .exclude(pk=OuterRef("customer_id"))
)
_TAKEN = (
    Q(outcome=Outcome.CHANGED, changes__has_key="external_id", customer__archived_at=None)
    & Q(previous_external_id__isnull=False)
    & Exists(_HOLDER)
)


def undoable(customer_import: CustomerImport) -> QuerySet[ImportRow]:
    """The rows that undoing the import would undo."""
    return _written(customer_import).filter(_UNCHANGED_SINCE & ~_IN_USE & ~_TAKEN)


def conflicts(customer_import: CustomerImport) -> QuerySet[ImportRow]:
    """The rows that undoing the import would leave, or has left, as they are, each with its `why`:
    their customer was changed since ("changed"), was created by the import and now has users or
    payment methods ("in use"), or its external id from before is another customer's, the `holder`
    ("taken").
    """
    rows = _written(customer_import).filter(left_version__isnull=False)
    if customer_import.undone_at is None:
        rows = rows.exclude(pk__in=undoable(customer_import).values("pk"))
    why = Case(
        When(_TAKEN & _UNCHANGED_SINCE, then=Value("taken")),
        When(_IN_USE & _UNCHANGED_SINCE, then=Value("in use")),
        When(~_UNCHANGED_SINCE, then=Value("changed")),
        default=Value(""),  # what prevented it has ended since
    )
    holder = Case(When(_TAKEN, then=Subquery(_HOLDER.values("pk")[:1])))
    return rows.annotate(why=why, holder=holder).select_related("customer").order_by("number")


def _written(customer_import: CustomerImport) -> QuerySet[ImportRow]:
    rows = customer_import.rows.filter(outcome__in=_WRITTEN)
    return rows.annotate(previous_external_id=KT(f"changes__external_id__{ImportRow.OLD}"))


def undo(id: UUID, actor: Actor) -> Iterator[int]:
    """Archive the customers that the import created, and restore the values of those that it
    changed, but not of its `conflicts`; yields how many rows are done. An import that is already
    undone is left as it is.

    Raises:
        InvalidState: it is not applied, or its rows are no longer kept.
        ImportConflict: nothing is left to undo, or an external id was given away meanwhile.
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
                _(
                    "No customer can get its previous values: each was changed since the import, "
                    "has users or payment methods, or its external id is another customer's now."
                )
            )
        reason = _("Undoing the import of %(file)s") % {"file": customer_import.file_name}
        # Between the query above and the write.
        taken = _("An external id was given to another customer just now. Try again.")
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
