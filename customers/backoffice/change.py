"""Edit, archive and restore a customer; the base of the pages that edit a row."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from customers.backoffice.conflicts import find_conflicts, untouched
from customers.backoffice.forms import CustomerForm, RowForm, VersionForm
from customers.backoffice.pages import Page
from customers.backoffice.write_preview import preview_of
from customers.forms import as_given
from customers.insights.timeline import last_change, values_at
from customers.models import Customer
from customers.models.base import Versioned, as_stored
from customers.models.errors import Refusal, VersionMismatch
from customers.models.history import recording


class EditRow(Page):
    """Edits a row, unless someone changed it after the form was opened.

    In that case nothing is saved: the page shows both changes side by side, and posts the person's
    choice back here with the version that it shows.
    """

    form_class: ClassVar[type[RowForm]]
    conflict_template: ClassVar[str] = "backoffice/conflict.html"

    def row(self, **address: UUID) -> Versioned:
        """Return the row that the URL names. Raises Http404."""
        raise NotImplementedError

    def show(self, form: RowForm, row: Any) -> HttpResponse:
        raise NotImplementedError

    def done(self, row: Any) -> HttpResponse:
        raise NotImplementedError

    def get(self, request: HttpRequest, **address: UUID) -> HttpResponse:
        row = self.row(**address)
        return self.show(self.form_class(self.typed, instance=copy(row)), row)

    @transaction.atomic
    def post(self, request: HttpRequest, **address: UUID) -> HttpResponse:
        row = self.row(**address)
        form = self.form_class(request.POST, instance=copy(row))  # the form changes it
        if not form.is_valid():
            return self.show(form, row)
        seen = form.cleaned_data["version"] or 0
        base = values_at(row, seen)
        if base is None:  # the history does not go back that far
            known = seen == row.version
            base = {name: getattr(row, name) if known else None for name in form.values}
        yours = {
            name: as_given(as_stored(name, value), base[name])
            if form.was_sent(name)
            else base[name]
            for name, value in form.values.items()
        }
        changes = {name: value for name, value in yours.items() if value != base[name]}
        try:
            with recording(reason=form.cleaned_data["reason"]):
                row.revise(changes, expecting=[seen])
        except ObjectDoesNotExist:  # removed since it was read
            raise Http404 from None
        except VersionMismatch:
            return self.show_conflicts(form, row, base, yours)
        except ValidationError as error:
            form.add_error(None, error)
            return self.show(form, row)
        except Refusal as refusal:  # taken after the form was validated
            form.add_error(refusal.field, str(refusal))
            return self.show(form, row)
        if row.version == seen:
            messages.success(request, _("Nothing was changed."))
        else:
            self.succeed(_("Saved."), undo=self.undo_of(row))
        return self.done(row)

    def show_conflicts(
        self, form: RowForm, row: Versioned, base: Mapping[str, Any], yours: Mapping[str, Any]
    ) -> HttpResponse:
        """Show both changes field by field, for the person to choose."""
        theirs = {name: getattr(row, name) for name in yours}
        conflicts = find_conflicts(row, base, yours, theirs)
        return self.render(
            template=self.conflict_template,
            status=409,
            title=_("Someone else changed this too"),
            row=row,
            last_change=last_change(row),
            conflicts=conflicts,
            undecided=any(conflict.who == "both" for conflict in conflicts),
            untouched=untouched(yours, conflicts, row),
            reason=form.cleaned_data["reason"],
        )


class EditCustomer(EditRow):
    """Edits a customer's own fields."""

    permission = "customers.change_customer"
    template_name = "backoffice/customer_form.html"
    form_class = CustomerForm

    def row(self, **address: UUID) -> Customer:
        return self.customer(address["id"])

    def post(self, request: HttpRequest, **address: UUID) -> HttpResponse:
        if "preview" not in request.POST:
            return super().post(request, **address)
        row = self.row(**address)
        return self.show(CustomerForm(request.POST, instance=copy(row)), row)

    def show(self, form: RowForm, row: Customer) -> HttpResponse:
        return self.render(
            status=400 if form.errors else 200,
            title=_("Edit %(customer)s") % {"customer": row},
            form=form,
            customer=row,
            previews=preview_of(row, form.stored),
            preview_address=self.scope.address("customer_preview", row.pk),
        )

    def done(self, row: Customer) -> HttpResponse:
        return self.go("customer", row.pk)


class PreviewEdit(EditCustomer):
    """The part of the form that says where the change shows. Nothing is saved."""

    template_name = "backoffice/_write_preview.html"

    def get(self, request: HttpRequest, **address: UUID) -> HttpResponse:
        return self.go("customer_edit", self.row(**address).pk)  # signing in again ends here

    def post(self, request: HttpRequest, **address: UUID) -> HttpResponse:
        row = self.row(**address)
        form = CustomerForm(request.POST, instance=copy(row))
        return self.render(form=form, previews=preview_of(row, form.stored))


class CustomerAction(Page):
    """An action on one customer, refused if the customer changed after the page was opened."""

    permission = "customers.change_customer"

    def do(self, customer: Customer, seen: list[int]) -> str:
        """Perform the action and return the message to show. Raises Refusal."""
        raise NotImplementedError

    def show(self, form: VersionForm, customer: Customer, status: int = 200) -> HttpResponse:
        raise NotImplementedError

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        customer = self.customer(id)
        form = VersionForm(self.typed, initial={"version": customer.version})
        return self.show(form, customer)

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        customer = self.customer(id)
        form = VersionForm(request.POST)
        if not form.is_valid():
            return self.show(form, customer, status=400)
        try:
            with recording(reason=form.cleaned_data["reason"]):
                done = self.do(customer, [form.cleaned_data["version"] or 0])
        except VersionMismatch:
            form.add_error(
                None,
                _("Someone else changed this customer. Nothing was done. Check it and try again."),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            is_done = customer.version != form.cleaned_data["version"]
            self.succeed(done, undo=self.undo_of(customer) if is_done else "")
            return self.go("customer", customer.pk)
        fresh = self.customer(id)
        form.data = form.data.copy()
        form.data["version"] = str(fresh.version)
        return self.show(form, fresh, status=409)


class Archive(CustomerAction):
    """Archives a customer, after saying what will happen."""

    template_name = "backoffice/archive.html"

    def do(self, customer: Customer, seen: list[int]) -> str:
        customer.archive(expecting=seen)
        return _("%(customer)s is archived.") % {"customer": customer}

    def show(self, form: VersionForm, customer: Customer, status: int = 200) -> HttpResponse:
        title = _("Archive %(customer)s?") % {"customer": customer}
        return self.render(
            status=status,
            title=title,
            form=form,
            customer=customer,
            last_change=last_change(customer) if form.errors else None,
        )


class Restore(CustomerAction):
    """Restores an archived customer, or shows which customer now has its external id.

    Needs the permission to change customers, which the groups Editor and Manager have.
    """

    template_name = "backoffice/restore.html"

    def do(self, customer: Customer, seen: list[int]) -> str:
        customer.restore(expecting=seen)
        return _("%(customer)s is restored.") % {"customer": customer}

    def show(self, form: VersionForm, customer: Customer, status: int = 200) -> HttpResponse:
        holder = None
        if customer.archived_at and customer.external_id:
            live = self.scope.customers.live()
            holder = live.filter(external_id=customer.external_id).first()
        return self.render(
            status=status,
            title=_("Restore %(customer)s?") % {"customer": customer},
            form=form,
            customer=customer,
            holder=holder,
            last_change=last_change(customer) if form.errors else None,
        )
