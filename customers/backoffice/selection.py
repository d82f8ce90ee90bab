"""Archive or export several customers at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.backoffice.customer_list import ROWS
from customers.backoffice.export import export_response
from customers.backoffice.filters import CustomerFilters
from customers.backoffice.forms import ReasonForm
from customers.backoffice.pages import Page, Scope
from customers.models import Customer
from customers.models.errors import VersionMismatch
from customers.models.history import recording

PERMISSIONS = {"archive": "customers.change_customer", "export": "customers.export_customer"}


class Selection(Page):
    """Archives or exports the customers selected in the list, after a preview.

    The list posts `action` and the ids; the preview adds the versions and `confirmed`.
    """

    permission = "customers.view_customer"
    template_name = "backoffice/selection.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.go("customers")  # signing in again ends here

    def post(self, request: HttpRequest) -> HttpResponseBase:
        action = request.POST.get("action", "")
        if action not in PERMISSIONS:
            raise BadRequest  # the list has no such button
        if not request.user.has_perm(PERMISSIONS[action]):
            raise PermissionDenied
        seen = dict(filter(None, map(_selected, request.POST.getlist("id")[:ROWS])))
        chosen = self.scope.customers.filter(pk__in=seen).order_by("-pk")
        form = ReasonForm(request.POST if "confirmed" in request.POST else None)
        if not chosen:
            messages.warning(request, _("Select at least one customer first."))
            return self.go("customers")
        if "confirmed" not in request.POST or not form.is_valid():
            return self.preview(action, list(chosen), form)
        if action == "export":
            return export_response(chosen, file_name(self.scope))
        return self.archive(chosen, seen, form)

    def preview(self, action: str, chosen: list[Customer], form: ReasonForm) -> HttpResponse:
        live = [customer for customer in chosen if customer.archived_at is None]
        count = len(live) if action == "archive" else len(chosen)
        titles = {
            "archive": ngettext("Archive %(n)d customer?", "Archive %(n)d customers?", count),
            "export": ngettext("Export %(n)d customer?", "Export %(n)d customers?", count),
        }
        buttons = {
            "archive": ngettext("Archive %(n)d customer", "Archive %(n)d customers", count),
            "export": ngettext("Export %(n)d customer", "Export %(n)d customers", count),
        }
        return self.render(
            status=400 if form.errors else 200,
            title=titles[action] % {"n": count},
            button=buttons[action] % {"n": count} if count else "",
            action=action,
            chosen=chosen,
            form=form,
        )

    def archive(self, chosen: Any, seen: dict[UUID, int], form: ReasonForm) -> HttpResponse:
        """Archive all of them, or none if one changed after the preview."""
        live = [customer for customer in chosen if customer.archived_at is None]
        try:
            with transaction.atomic(), recording(reason=form.cleaned_data["reason"]):
                for customer in sorted(live, key=lambda customer: customer.pk):
                    customer.archive(expecting=[seen[customer.pk]])
        except VersionMismatch:
            error = _("Some customers changed. Nothing was archived. Check them and try again.")
            messages.error(self.request, error)
            return self.preview("archive", list(chosen.all()), form)
        done = ngettext("%(n)d customer is archived.", "%(n)d customers are archived.", len(live))
        messages.success(self.request, done % {"n": len(live)})
        return self.go("customers")


class Export(Page):
    """Exports all customers that match the list's filters, as a CSV file."""

    permission = "customers.export_customer"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        filters = CustomerFilters(request.GET, self.scope)
        if not filters.is_valid():
            messages.error(request, _("Some filters are not valid. Nothing was exported."))
            return redirect(f"{self.scope.address('customers')}?{request.GET.urlencode()}")
        return export_response(filters.qs.order_by("-pk"), file_name(self.scope))


def file_name(scope: Scope) -> str:
    """Return the name of an export: organization, mode and date."""
    day = timezone.localdate()
    return f"customers-{scope.organization.slug}-{scope.mode}-{day:%Y-%m-%d}.csv"


def _selected(text: str) -> tuple[UUID, int] | None:
    """Parse `id` or `id:version`. Returns None if it is not valid."""
    id, _colon, version = text.partition(":")
    try:
        return UUID(id), int(version[:10] or 0)
    except ValueError:
        return None
