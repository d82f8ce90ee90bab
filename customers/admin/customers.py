"""Customers, with their users and payment methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.admin.base import OfOrganizations
from customers.admin.filters import CountryFilter, CreatedFilter, OrganizationFilter, StatusFilter
from customers.admin.forms import CustomerForm, RelatedForm, RelatedFormSet
from customers.models import Customer, CustomerUser, PaymentMethod
from customers.models.errors import Refusal, refusals
from customers.models.querysets import CustomerQuerySet

if TYPE_CHECKING:
    Inline = admin.TabularInline[Any, Customer]
else:
    Inline = admin.TabularInline


class RelatedInline(Inline):
    """Rows of a customer, edited with it."""

    form = RelatedForm
    formset = RelatedFormSet
    extra = 0
    show_change_link = False


class UserInline(RelatedInline):
    model = CustomerUser
    fields = ["email", "first_name", "last_name", "seen_version"]


class PaymentMethodInline(RelatedInline):
    model = PaymentMethod
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
    search_fields = ["name"]  # shows the box; get_search_results searches
    search_help_text = gettext_lazy("Any id, or words of the name, email, address and the like")
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
        # A customer stays where it is: its users, payment methods and history do too.
        moved = ["organization", "mode"] if obj else []
        return [*moved, *self.readonly_fields]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        assert isinstance(queryset, CustomerQuerySet)
        return queryset.matching(search_term), False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:  # someone was quicker between the check and the change
            self.message_user(
                request, _("Nothing was saved. %(why)s") % {"why": refusal}, messages.ERROR
            )
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:  # noqa: FBT001
        changed = [name for name in form.changed_data if name != "seen_version"]
        with refusals():
            if not change:
                obj.save(force_insert=True)
            elif changed:
                obj.save(update_fields=changed)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        with refusals():
            super().save_formset(request, form, formset, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # customers are archived

    @admin.action(
        description=gettext_lazy("Archive the selected customers"), permissions=["change"]
    )
    def archive(self, request: HttpRequest, queryset: CustomerQuerySet) -> None:
        count = self._each(request, queryset, Customer.archive)
        told = ngettext("%(count)d customer archived.", "%(count)d customers archived.", count)
        self.message_user(request, told % {"count": count})

    @admin.action(
        description=gettext_lazy("Restore the selected customers"), permissions=["change"]
    )
    def restore(self, request: HttpRequest, queryset: CustomerQuerySet) -> None:
        count = self._each(request, queryset, Customer.restore)
        told = ngettext("%(count)d customer restored.", "%(count)d customers restored.", count)
        self.message_user(request, told % {"count": count})

    def _each(
        self,
        request: HttpRequest,
        customers: CustomerQuerySet,
        verb: Callable[[Customer], None],
    ) -> int:
        """Do it to each, and tell of those to which it cannot be done: to how many it was done."""
        count = 0
        for customer in customers:
            try:
                verb(customer)
            except Refusal as refusal:
                self.message_user(request, f"{customer}: {refusal}", messages.ERROR)
            else:
                count += 1
        return count
