"""Customers, with their users and payment methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.admin.base import OfOrganizations, becomes
from customers.admin.filters import CountryFilter, CreatedFilter, OrganizationFilter, StatusFilter
from customers.admin.forms import (
    CustomerForm,
    PaymentMethodFormSet,
    RelatedForm,
    UserFormSet,
)
from customers.models import Customer, CustomerUser, PaymentMethod
from customers.models.errors import Refusal
from customers.models.querysets import CustomerQuerySet

if TYPE_CHECKING:
    Inline = admin.TabularInline[Any, Customer]
else:
    Inline = admin.TabularInline


class RelatedInline(Inline):
    """Users or payment methods, edited on the page of their customer."""

    form = RelatedForm
    extra = 0
    show_change_link = False


class UserInline(RelatedInline):
    model = CustomerUser
    formset = UserFormSet
    fields = ["email", "first_name", "last_name", "seen_version"]


class PaymentMethodInline(RelatedInline):
    model = PaymentMethod
    formset = PaymentMethodFormSet
    fields = [
        "type",
        "brand",
        "last4",
        "exp_month",
        "exp_year",
        "bank_name",
        "processor",
        "processor_token",
        "state",
        "seen_version",
    ]
    readonly_fields = ["state"]

    @admin.display(description=gettext_lazy("state"))
    def state(self, method: PaymentMethod) -> str:
        if method.has_expired():
            return _("expired")
        return _("default") if method.pk and method.is_default else ""


@admin.register(Customer)
class CustomerAdmin(OfOrganizations):
    form = CustomerForm
    list_display = [
        "__str__",
        "email",
        "external_id",
        "country",
        "organization",
        "mode",
        "created",
    ]
    list_filter = [
        StatusFilter,
        CreatedFilter,
        "mode",
        OrganizationFilter,
        CountryFilter,
    ]
    list_select_related = ["organization"]
    search_fields = ["name"]  # shows the search box; see get_search_results
    search_help_text = gettext_lazy(
        "Any id, or parts of any text of a customer, its users or payment methods"
    )
    ordering = ["-pk"]
    autocomplete_fields = ["organization"]
    readonly_fields = ["id", "version", "created_at", "updated_at", "archived_at"]
    fieldsets = [
        (None, {"fields": [("organization", "mode"), "name", "legal_name", "email", "phone"]}),
        (
            gettext_lazy("Address"),
            {
                "fields": [
                    "address_line1",
                    "address_line2",
                    ("postal_code", "city"),
                    ("state", "country"),
                ]
            },
        ),
        (
            gettext_lazy("Identifiers"),
            {
                "fields": [
                    "external_id",
                    "reference",
                    "processor_reference",
                    ("ein", "legal_number"),
                ]
            },
        ),
        (
            gettext_lazy("More"),
            {"fields": ["default_payment_method", "url", "logo_url", "metadata"]},
        ),
        (
            gettext_lazy("Record"),
            {
                "fields": [
                    "id",
                    ("created_at", "updated_at"),
                    ("version", "archived_at"),
                    "seen_version",
                ]
            },
        ),
    ]
    inlines = [PaymentMethodInline, UserInline]
    actions = ["archive", "restore"]

    @admin.display(ordering="pk")
    def created(self, customer: Customer) -> str:
        return f"{customer.created_at:%Y-%m-%d}"

    def get_readonly_fields(self, request: HttpRequest, obj: Customer | None = None) -> list[str]:
        # A customer cannot move: its users, payment methods and history would not follow.
        moved = ["organization", "mode"] if obj else []
        return [*moved, *self.readonly_fields]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        assert isinstance(queryset, CustomerQuerySet)
        return queryset.matching(search_term), False

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:  # noqa: FBT001
        changes = form.changes
        values = {name: changes[name] for name in changes.keys() & Customer.WRITABLE}
        if not change:
            becomes(obj, Customer.objects.register(obj.tenant, values))
            return
        expecting = form.expecting
        if "default_payment_method" in changes:
            obj.set_default_payment_method(changes["default_payment_method"], expecting=expecting)
            expecting = [obj.version]
        if values:
            obj.revise(values, expecting=expecting)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # archive them instead

    @admin.action(
        description=gettext_lazy("Archive the selected customers"), permissions=["change"]
    )
    def archive(self, request: HttpRequest, queryset: CustomerQuerySet) -> None:
        count = self._each(request, queryset, Customer.archive)
        message = ngettext("%(count)d customer archived.", "%(count)d customers archived.", count)
        self.message_user(request, message % {"count": count})

    @admin.action(
        description=gettext_lazy("Restore the selected customers"), permissions=["change"]
    )
    def restore(self, request: HttpRequest, queryset: CustomerQuerySet) -> None:
        count = self._each(request, queryset, Customer.restore)
        message = ngettext("%(count)d customer restored.", "%(count)d customers restored.", count)
        self.message_user(request, message % {"count": count})

    def _each(
        self,
        request: HttpRequest,
        customers: CustomerQuerySet,
        verb: Callable[[Customer], None],
    ) -> int:
        """Call `verb` for each customer, show each refusal, and return how many succeeded."""
        count = 0
        for customer in customers:
            try:
                verb(customer)
            except Refusal as refusal:
                self.message_user(request, f"{customer}: {refusal}", messages.ERROR)
            else:
                count += 1
        return count
