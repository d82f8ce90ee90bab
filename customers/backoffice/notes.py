"""The notes on a customer: add one, pin it, remove one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.backoffice.forms import NoteForm
from customers.backoffice.related import AddRelated, RelatedPage, RemoveRelated
from customers.models import Customer, CustomerNote
from customers.models.base import CustomerRelated
from customers.models.errors import VersionMismatch


class AddNote(AddRelated):
    permission = "customers.add_customernote"
    model = CustomerNote
    form_class = NoteForm
    title = gettext_lazy("Add a note")
    done = gettext_lazy("The note is added.")

    def add(self, customer: Customer, values: Mapping[str, Any]) -> CustomerRelated:
        return CustomerNote.write_about(customer, author=self.scope.user, **values)


class PinNote(RelatedPage):
    """Pins a note to the top of the page, or unpins it."""

    permission = "customers.change_customernote"
    model = CustomerNote

    def get(self, request: HttpRequest, **address: UUID) -> HttpResponse:
        return self.go("customer", self.row(**address).customer_id)  # signing in again ends here

    def post(self, request: HttpRequest, **address: UUID) -> HttpResponse:
        note = self.row(**address)
        before = note.version
        try:
            note.revise({"is_pinned": "pin" in request.POST}, expecting=[before])
        except ObjectDoesNotExist:  # removed since it was read
            raise Http404 from None
        except VersionMismatch:
            messages.warning(request, _("Someone else changed this note. Nothing was done."))
        else:
            done = _("The note is pinned.") if note.is_pinned else _("The note is not pinned now.")
            self.succeed(done, undo=self.undo_of(note) if note.version != before else "")
        return self.go("customer", note.customer_id)


class RemoveNote(RemoveRelated):
    """Removes a note, which its author alone may do."""

    permission = "customers.delete_customernote"
    template_name = "backoffice/note_remove.html"
    model = CustomerNote

    def row(self, **address: UUID) -> Any:
        note = super().row(**address)
        if note.author_id != self.scope.user.pk:
            raise PermissionDenied
        return note
