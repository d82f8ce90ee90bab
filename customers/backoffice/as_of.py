"""A customer as it stood at a time, what is different today, and restoring it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.backoffice.comparison import Comparison
from customers.backoffice.forms import VersionForm
from customers.backoffice.pages import Page
from customers.forms import PlainForm
from customers.insights.past import check_recorded, event_at
from customers.insights.timeline import last_change
from customers.models import Customer
from customers.models.errors import BeforeTheRecord, Refusal, VersionMismatch
from customers.models.history import recording


class TimeForm(PlainForm):
    """The time to go to, in the reader's time zone unless it says another."""

    at = forms.DateTimeField(
        label=gettext_lazy("Date and time"),
        widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": "1"}
        ),
    )

    def clean_at(self) -> datetime:
        try:
            at: datetime = self.cleaned_data["at"].astimezone(UTC)
        except OverflowError:
            raise ValidationError(_("Enter a valid date/time."), code="invalid") from None
        now = timezone.now()
        if at > now:
            raise ValidationError(_("Give a time that has passed."), code="future")
        # Fields of a browser have no microseconds: a whole second means all of it.
        return at if at.microsecond else min(at + timedelta(microseconds=999_999), now)


class AsOf(Page):
    """A customer as it stood at a time, beside what it is today."""

    permission = "customers.view_customer"
    template_name = "backoffice/customer_as_of.html"

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        customer = self.customer(id)
        form = TimeForm(request.GET or None)
        return self.show(customer, form, VersionForm(self.typed), self.compare(customer, form))

    def compare(self, customer: Customer, form: TimeForm) -> Comparison | None:
        """Return the comparison that a form asks for, or None: the form then says why."""
        if not form.is_valid():
            return None
        at = form.cleaned_data["at"]
        event = event_at(customer, at)
        if event is not None:
            return Comparison(customer, event, at)
        try:
            check_recorded(customer.tenant, at, customer.pk)
        except BeforeTheRecord as error:
            form.add_error("at", str(error))
        else:
            form.add_error("at", _("This customer was not there."))
        return None

    def show(
        self,
        customer: Customer,
        form: TimeForm,
        restoring: VersionForm,
        comparison: Comparison | None,
        *,
        ticked: list[str] | None = None,
        error: str = "",
        status: int = 200,
    ) -> HttpResponse:
        at = form.cleaned_data["at"] if comparison else None
        return self.render(
            status=400 if form.errors else status,
            title=_("%(customer)s as of a time") % {"customer": customer},
            customer=customer,
            tab="as_of",
            form=TimeForm(initial={"at": at}) if at else form,
            at=at,
            exact=at.isoformat() if at else "",
            comparison=comparison,
            restoring=restoring,
            ticked=ticked or [],
            error=error,
            last_change=last_change(customer) if status == 409 else None,
        )


class RestoreThen(AsOf):
    """Restores what is chosen to what it was, unless someone changed the customer meanwhile."""

    permission = "customers.change_customer"
    creates = True

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        customer = self.customer(id)
        form, restoring = TimeForm(request.POST), VersionForm(request.POST)
        comparison = self.compare(customer, form)
        names = request.POST.getlist("all" if "whole" in request.POST else "part")
        if comparison is None or not restoring.is_valid():
            return self.show(customer, form, restoring, comparison, ticked=names, status=400)
        try:
            return self.restore(customer, comparison, names, restoring.cleaned_data, form)
        except (VersionMismatch, ObjectDoesNotExist):
            error, status = _("Someone changed this customer meanwhile. Nothing was restored."), 409
        except Refusal as refusal:
            error, status = str(refusal), 409
        except ValidationError as invalid:
            error, status = " ".join(invalid.messages), 400
        fresh = self.customer(id)
        again = self.compare(fresh, form)
        kept = names_today(again, names)
        return self.show(fresh, form, restoring, again, ticked=kept, error=error, status=status)

    def restore(
        self,
        customer: Customer,
        comparison: Comparison,
        names: list[str],
        sent: dict[str, Any],
        form: TimeForm,
    ) -> HttpResponse:
        """Restore parts, and go to the customer. Raises as `Comparison.restore`."""
        chosen = [part for part in comparison.different if part.name in names]
        if len(chosen) < len(set(names)):
            raise VersionMismatch
        if not chosen:
            raise ValidationError(_("Tick what to restore."))
        for part in chosen:
            if not self.scope.user.has_perm(f"customers.{part.permission}"):
                raise PermissionDenied
        at = form.cleaned_data["at"].strftime("%Y-%m-%d %H:%M:%S UTC")
        reason = sent["reason"] or _("Restored to %(time)s") % {"time": at}
        with transaction.atomic(), recording(reason=reason):
            comparison.restore(names, seen=sent["version"] or 0)
        is_one = customer.version == (sent["version"] or 0) + 1  # one change can be undone
        is_its_own = all(part.permission == "change_customer" for part in chosen)
        undo = self.undo_of(customer) if is_one and is_its_own else ""
        self.succeed(_("Restored."), undo=undo)
        return self.go("customer", customer.pk)


def names_today(comparison: Comparison | None, names: list[str]) -> list[str]:
    """Return the names of the parts that were chosen, with the versions that rows have now."""
    chosen = {_without_version(name) for name in names}
    parts = comparison.different if comparison else []
    return [part.name for part in parts if _without_version(part.name) in chosen]


def _without_version(name: str) -> str:
    kind, colon, rest = name.partition(":")
    return kind + colon + rest.partition(":")[0] if colon and "[" not in kind else name
