"""What belongs to a customer, users and payment methods: add one, change it, remove it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.backoffice.change import EditRow
from customers.backoffice.forms import PaymentMethodForm, RowForm, UserForm, VersionForm
from customers.backoffice.pages import Page
from customers.models import Customer, CustomerNote, CustomerUser, PaymentMethod
from customers.models.base import CustomerRelated
from customers.models.errors import Refusal, VersionMismatch
from customers.models.history import recording


class RelatedPage(Page):
    """A page about something that belongs to a customer."""

    template_name = "backoffice/related_form.html"
    model: ClassVar[type[CustomerUser | PaymentMethod | CustomerNote]]

    def row(self, **address: UUID) -> Any:
        rows = self.model.objects.visible_to(self.scope.tenant)
        found = rows.select_related("customer", "customer__organization")
        return get_object_or_404(found, pk=address["row_id"], customer=address["id"])


class AddRelated(RelatedPage):
    """Adds a row to a customer."""

    form_class: ClassVar[type[RowForm]]
    title: ClassVar[Any]
    done: ClassVar[Any] = gettext_lazy("%(row)s is added.")
    creates = True

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        customer = self.customer(id)
        return self.show(self.form_class(self.typed, instance=self.blank(customer)), customer)

    @transaction.atomic
    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        customer = self.customer(id)
        form = self.form_class(request.POST, instance=self.blank(customer))
        if not form.is_valid():
            return self.show(form, customer)
        try:
            with recording(reason=form.cleaned_data.get("reason", "")):
                added = self.add(customer, form.values)
        except Refusal as refusal:  # taken after the form was validated
            form.add_error(refusal.field, str(refusal))
            return self.show(form, customer)
        self.succeed(str(self.done) % {"row": added}, undo=self.undo_of(added))
        return self.go("customer", customer.pk)

    def blank(self, customer: Customer) -> CustomerRelated:
        """Return a new, unsaved row."""
        return self.model(**customer.tenant.columns, customer=customer)

    def add(self, customer: Customer, values: Mapping[str, Any]) -> CustomerRelated:
        """Save a new row. Raises Refusal."""
        raise NotImplementedError

    def show(self, form: RowForm, customer: Customer) -> HttpResponse:
        status = 400 if form.errors else 200
        return self.render(status=status, title=self.title, form=form, customer=customer)


class EditRelated(RelatedPage, EditRow):
    """Edits a row of a customer."""

    def show(self, form: RowForm, row: Any) -> HttpResponse:
        title = _("Edit %(row)s") % {"row": row}
        status = 400 if form.errors else 200
        return self.render(status=status, title=title, form=form, customer=row.customer, row=row)

    def done(self, row: Any) -> HttpResponse:
        return self.go("customer", row.customer_id)


class RemoveRelated(RelatedPage):
    """Removes a row, after saying what will happen."""

    template_name = "backoffice/related_remove.html"

    def get(self, request: HttpRequest, **address: UUID) -> HttpResponse:
        return self.show(VersionForm(self.typed), self.row(**address))

    def post(self, request: HttpRequest, **address: UUID) -> HttpResponse:
        row = self.row(**address)
        form = VersionForm(request.POST)
        if not form.is_valid():
            return self.show(form, row)
        undo = self.undo_of(row)
        try:
            with recording(reason=form.cleaned_data["reason"]):
                row.remove(expecting=[form.cleaned_data["version"] or 0])
        except ObjectDoesNotExist:  # removed since it was read
            raise Http404 from None
        except VersionMismatch:
            form.add_error(
                None, _("Someone else changed this. Nothing was removed. Check it and try again.")
            )
            return self.show(form, self.row(**address))
        self.succeed(_("%(row)s is removed.") % {"row": row}, undo=undo)
        return self.go("customer", row.customer_id)

    def show(self, form: VersionForm, row: Any) -> HttpResponse:
        title = _("Remove %(row)s?") % {"row": row}
        status = 409 if form.errors else 200
        return self.render(status=status, title=title, form=form, row=row, customer=row.customer)


class AddUser(AddRelated):
    permission = "customers.add_customeruser"
    model = CustomerUser
    form_class = UserForm
    title = gettext_lazy("Add a user")

    def add(self, customer: Customer, values: Mapping[str, Any]) -> CustomerRelated:
        return customer.add_user(**values)


class EditUser(EditRelated):
    permission = "customers.change_customeruser"
    model = CustomerUser
    form_class = UserForm


class RemoveUser(RemoveRelated):
    permission = "customers.delete_customeruser"
    model = CustomerUser


class AddPaymentMethod(AddRelated):
    permission = "customers.add_paymentmethod"
    model = PaymentMethod
    form_class = PaymentMethodForm
    title = gettext_lazy("Add a payment method")

    def add(self, customer: Customer, values: Mapping[str, Any]) -> CustomerRelated:
        return customer.add_payment_method(**values)


class EditPaymentMethod(EditRelated):
    permission = "customers.change_paymentmethod"
    model = PaymentMethod
    form_class = PaymentMethodForm


class RemovePaymentMethod(RemoveRelated):
    permission = "customers.delete_paymentmethod"
    model = PaymentMethod


class MakeDefault(RelatedPage):
    """Makes a payment method the customer's default."""

    permission = "customers.change_customer"
    model = PaymentMethod

    def get(self, request: HttpRequest, **address: UUID) -> HttpResponse:
        return self.go("customer", self.row(**address).customer_id)  # signing in again ends here

    def post(self, request: HttpRequest, **address: UUID) -> HttpResponse:
        method = self.row(**address)
        customer = method.customer
        before = customer.version
        try:
            customer.set_default_payment_method(method)
        except ObjectDoesNotExist:  # removed since it was read
            raise Http404 from None
        done = _("%(method)s is now the default.") % {"method": method}
        self.succeed(done, undo=self.undo_of(customer) if customer.version != before else "")
        return self.go("customer", customer.pk)
