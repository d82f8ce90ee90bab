"""Undo a change of a customer or of what belongs to it, unless someone changed it since."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.backoffice.pages import Page
from customers.insights.timeline import (
    MODELS,
    Entry,
    entry_of,
    event_at,
    event_before,
    last_change,
)
from customers.models import Customer, PaymentMethod
from customers.models.base import CustomerRelated, Versioned
from customers.models.errors import Refusal, VersionMismatch
from customers.models.history import recording
from customers.values.validators import REASON_LENGTH

# After "Undo" and "Undo of".
_DONE = {
    "changed": gettext_lazy("the change of %(fields)s"),
    "archived": gettext_lazy("archiving"),
    "restored": gettext_lazy("restoring"),
    "pinned": gettext_lazy("pinning the note"),
    "unpinned": gettext_lazy("unpinning the note"),
    "created": gettext_lazy("creating"),
    "added": gettext_lazy("adding %(subject)s"),
    "removed": gettext_lazy("removing %(subject)s"),
}
# What undoes an insert, an update and a delete.
_NEEDED = {"insert": "delete", "update": "change", "delete": "add"}


class Undo(Page):
    """Undoes the change that left a row at a version, after saying what will happen."""

    template_name = "backoffice/undo.html"
    creates = True

    def needed(self, **address: Any) -> str:
        return f"customers.change_{MODELS[address['what']]._meta.model_name}"

    def get(
        self, request: HttpRequest, id: UUID, what: str, row_id: UUID, version: int
    ) -> HttpResponse:
        event, former = self.change(id, what, row_id, version)
        row = MODELS[what]._base_manager.filter(pk=row_id).first()
        is_there = event.pgh_label != "delete"
        is_latest = (row.version == version if row else False) if is_there else row is None
        return self.show(id, event, former, error="" if is_latest else _changed_since())

    def post(
        self, request: HttpRequest, id: UUID, what: str, row_id: UUID, version: int
    ) -> HttpResponse:
        event, former = self.change(id, what, row_id, version)
        try:
            with transaction.atomic(), recording(reason=_reason(entry_of(event, former))):
                row = undo(event, former)
        except (VersionMismatch, ObjectDoesNotExist):
            return self.show(id, event, former, error=_changed_since())
        except Refusal as refusal:
            return self.show(id, event, former, error=str(refusal))
        except ValidationError as error:
            return self.show(id, event, former, error=" ".join(error.messages))
        row.pk = row_id  # a row that was removed has lost it
        self.succeed(_("Undone."), undo=self.undo_of(row))
        return self.go("customer", id)

    def change(self, id: UUID, what: str, row_id: UUID, version: int) -> tuple[Any, Any]:
        """Return the event of a change and the one before it.

        Raises Http404, also for a change that no page makes, and PermissionDenied.
        """
        self.customer(id)
        event = event_at(what, self.scope.tenant, row_id, version)
        if event is None or (row_id if what == "customer" else event.customer_id) != id:
            raise Http404
        former = event_before(event)
        if event.pgh_label == "update" and _changed(event, former) is None:
            raise Http404
        if what != "customer":
            verb = _NEEDED[event.pgh_label]
            may = self.scope.user.has_perm(f"customers.{verb}_{MODELS[what]._meta.model_name}")
            is_of_others = what == "note" and event.author_id != self.scope.user.pk
            if not may or (is_of_others and verb == "delete"):
                raise PermissionDenied
        return event, former

    def show(self, id: UUID, event: Any, former: Any, *, error: str) -> HttpResponse:
        entry = entry_of(event, former)
        row = MODELS[entry.what]._base_manager.filter(pk=event.pgh_obj_id).first()
        return self.render(
            status=409 if error else 200,
            title=_("Undo %(done)s?") % {"done": _done(entry)},
            customer=self.customer(id),
            entry=entry,
            error=error,
            last_change=last_change(row) if error and row else None,
        )


def undo(event: Any, former: Any) -> Versioned:
    """Undo the change of an event, given the one before it, and return the row.

    Raises:
        VersionMismatch, ObjectDoesNotExist: someone changed the row since, or removed it.
        Refusal, ValidationError: as the change that this is.
    """
    model = event.pgh_tracked_model
    if event.pgh_label == "delete":
        brought_back: Versioned = model.bring_back(event)
        return brought_back
    row: Versioned = model._base_manager.get(pk=event.pgh_obj_id)
    expecting = [event.version]
    if event.pgh_label == "insert":
        if isinstance(row, CustomerRelated):
            row.remove(expecting=expecting)
        elif isinstance(row, Customer):
            row.archive(expecting=expecting)
        return row
    changed = _changed(event, former) or set()
    if isinstance(row, Customer) and changed == {"archived_at"}:
        (row.archive if former.archived_at else row.restore)(expecting=expecting)
    elif isinstance(row, Customer) and changed == {"default_payment_method_id"}:
        method = former.default_payment_method_id
        default = PaymentMethod.objects.get(pk=method, customer=row) if method else None
        row.set_default_payment_method(default, expecting=expecting)
    else:
        row.revise({name: getattr(former, name) for name in changed}, expecting=expecting)
    return row


def _changed(event: Any, former: Any) -> set[str] | None:
    """The columns that a change changed; None if it is not one that a page of a row makes."""
    if former is None:
        return None
    columns = event.pgh_tracked_model._meta.concrete_fields
    names = {column.attname for column in columns if hasattr(event, column.attname)}
    names -= {"version", "updated_at"}
    changed = {name for name in names if getattr(event, name) != getattr(former, name)}
    if event.pgh_tracked_model is Customer:
        is_known = changed <= Customer.WRITABLE or changed in (
            {"archived_at"},
            {"default_payment_method_id"},
        )
        return changed if is_known else None
    return changed


def _done(entry: Entry) -> str:
    is_added = entry.verb == "created" and entry.what != "customer"
    fields = ", ".join(change.name for change in entry.changes)
    return str(
        _DONE["added" if is_added else entry.verb] % {"subject": entry.subject, "fields": fields}
    )


def _reason(entry: Entry) -> str:
    text = _("Undo of %(done)s") % {"done": _done(entry)}
    return Truncator(text).chars(REASON_LENGTH)


def _changed_since() -> str:
    return _("Someone changed this meanwhile. Nothing was undone.")
