"""Applies a checked import: creates and changes the customers of all accepted rows, or of none."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.imports.errors import ImportConflict, InvalidState
from customers.imports.locking import lock_import
from customers.imports.writes import create_customers, lock_changed, write_values, writing
from customers.models import CustomerImport, ImportRow
from customers.models.credential import Actor

Outcome = ImportRow.Outcome


def apply(id: UUID, actor: Actor, *, seen: int | None = None) -> Generator[int]:
    """Create and change the customers as checked; yields how many rows are done.

    Refused rows are left out. An import that is already applied is left as it is. `seen` is the
    revision that the person has confirmed; None accepts any.

    Raises:
        InvalidState: it is not checked, or no row changes anything.
        ImportConflict: it was checked again since it was seen, a customer was changed since the
            check, or an external id given to another.
        ImportUnavailable: it was deleted, or another request is processing it.
    """
    with transaction.atomic():
        customer_import = lock_import(id)
        if customer_import.applied_at is not None:
            return
        if not customer_import.can_be_applied:
            raise InvalidState(
                _("This import cannot be confirmed: it is not checked, or no row can be imported.")
            )
        if seen not in (None, customer_import.revision):
            raise ImportConflict(
                _("Rows were checked again since you opened the page. Look at them, then confirm.")
            )
        _refuse_if_changed(customer_import)
        reason = _("Import of %(file)s") % {"file": customer_import.file_name}
        taken = _("An external id of this file now belongs to another customer. Check again.")
        with writing(customer_import, actor, reason=reason, if_taken=taken):
            yield from _write(customer_import)
        customer_import.state = CustomerImport.State.APPLIED
        customer_import.applied_at = timezone.now()
        customer_import.save(update_fields=["state", "applied_at"])


def _refuse_if_changed(customer_import: CustomerImport) -> None:
    rows = customer_import.rows.filter(outcome=Outcome.CHANGED)
    count = sum(1 for _id in lock_changed(rows, "seen"))
    if count:
        message = ngettext(
            "%(count)d customer was changed since the check. Check again.",
            "%(count)d customers were changed since the check. Check again.",
            count,
        )
        raise ImportConflict(message % {"count": count})


def _write(customer_import: CustomerImport) -> Iterator[int]:
    done = 0
    changed = customer_import.rows.filter(outcome=Outcome.CHANGED)
    for count in write_values(changed, ImportRow.NEW):
        yield (done := done + count)
    changed.update(left_version=F("seen_version") + 1)  # a trigger raised it with the update
    new = customer_import.rows.filter(outcome=Outcome.NEW).order_by("number")
    for count in create_customers(customer_import.tenant, new):
        yield (done := done + count)
