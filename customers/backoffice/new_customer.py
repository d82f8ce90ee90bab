"""Create a customer."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from customers.backoffice.forms import CustomerForm
from customers.backoffice.pages import Page
from customers.backoffice.write_preview import preview_of
from customers.insights.duplicates import BEFORE_CREATING, Candidate, possible_duplicates
from customers.models import Customer
from customers.models.errors import Refusal
from customers.models.history import recording

ALIKE = 5  # of those that exist


class NewCustomer(Page):
    """Creates a customer, after a warning if one like it exists."""

    permission = "customers.add_customer"
    template_name = "backoffice/customer_form.html"
    creates = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(CustomerForm(self.typed, instance=self.blank()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CustomerForm(request.POST, instance=self.blank())
        if "preview" in request.POST or not form.is_valid():
            return self.show(form)
        if "anyway" not in request.POST and (alike := self.alike(form)):
            return self.show(form, alike)
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

    def alike(self, form: CustomerForm) -> list[Candidate]:
        """Return the first few live customers that may be the one to be created."""
        new = Customer(**self.scope.tenant.columns, **Customer.writable(form.values))
        return possible_duplicates(new, ALIKE, criteria=BEFORE_CREATING)

    def show(self, form: CustomerForm, alike: Sequence[Candidate] = ()) -> HttpResponse:
        return self.render(
            status=400 if form.errors else 409 if alike else 200,
            title=_("New customer"),
            form=form,
            alike=alike,
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
