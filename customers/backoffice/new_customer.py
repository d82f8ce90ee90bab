"""Create a customer."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from customers.backoffice.forms import CustomerForm
from customers.backoffice.pages import Page
from customers.backoffice.write_preview import preview_of
from customers.models import Customer
from customers.models.errors import Refusal
from customers.models.history import recording


class NewCustomer(Page):
    """Creates a customer."""

    permission = "customers.add_customer"
    template_name = "backoffice/customer_form.html"
    creates = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(CustomerForm(self.typed, instance=self.blank()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CustomerForm(request.POST, instance=self.blank())
        if "preview" in request.POST or not form.is_valid():
            return self.show(form)
        try:
            with transaction.atomic(), recording(reason=form.cleaned_data["reason"]):
                customer = Customer.objects.register(self.scope.tenant, form.values)
        except Refusal as refusal:  # taken after the form was validated
            form.add_error(refusal.field, str(refusal))
            return self.show(form)
        done = _("%(customer)s is created.") % {"customer": customer}
        self.succeed(done, undo=self.undo_of(customer))
        return self.go("customer", customer.pk)

    def blank(self) -> Customer:
        """Return a new, unsaved customer."""
        return Customer(organization=self.scope.organization, mode=self.scope.mode)

    def show(self, form: CustomerForm) -> HttpResponse:
        return self.render(
            status=400 if form.errors else 200,
            title=_("New customer"),
            form=form,
            previews=preview_of(self.blank(), form.stored),
            preview_address=self.scope.address("customer_new_preview"),
        )


class PreviewNew(NewCustomer):
    """The part of the form that says where the values show. Nothing is saved."""

    template_name = "backoffice/_write_preview.html"
    creates = False

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.go("customer_new")  # signing in again ends here

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CustomerForm(request.POST, instance=self.blank())
        return self.render(form=form, previews=preview_of(self.blank(), form.stored))
