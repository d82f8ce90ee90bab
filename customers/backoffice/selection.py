"""Do the same to several customers: those ticked in the list, or all that match its filters."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.backoffice.bulk import CHANGES, NAMED, Edit, carry_out, change_of
from customers.backoffice.customer_list import ROWS
from customers.backoffice.export import export_response
from customers.backoffice.filters import CustomerFilters
from customers.backoffice.forms import ReasonForm
from customers.backoffice.pages import Page, Scope, read_uuid
from customers.backoffice.progress import Ending, Link, Work, progress_page
from customers.forms import PlainForm
from customers.models import Customer, Selection
from customers.models.base import as_stored, label
from customers.models.errors import Refusal
from customers.models.querysets import CustomerQuerySet
from customers.values.validators import validate_metadata

#: So many customers of a selection are shown.
SHOWN = 50
#: From this number of customers on, the progress is shown.
PROGRESS_FROM_ROWS = 500
#: The fields that can be written for many: what many have in common.
EDITABLE = ("country", "state", "city", "reference")


class EditForm(PlainForm):
    """Which field is written, and what."""

    field = forms.ChoiceField(
        label=gettext_lazy("What to change"),
        choices=[
            ("", gettext_lazy("Choose a field")),
            *((name, label(Customer, name)) for name in EDITABLE),
            ("metadata", gettext_lazy("A key of the metadata")),
        ],
    )
    country: Any = Customer._meta.get_field("country").formfield()
    value = forms.CharField(
        label=gettext_lazy("Value"),
        required=False,
        help_text=gettext_lazy("Of any field but the country. Leave it empty to clear the field."),
    )
    key = forms.CharField(
        label=gettext_lazy("Key"), required=False, help_text=gettext_lazy("Of the metadata.")
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        name, key = given.get("field"), given.get("key", "")
        if name in EDITABLE:
            value = as_stored(name, given.get("country" if name == "country" else "value"))
            blank: Any = Customer._meta.get_field(name)
            self._check("value", blank.clean, value, None)
            self.values = {name: value}
        elif name and not key:
            self.add_error("key", _("Name the key."))
        elif name:
            self._check("value", validate_metadata, {key: given.get("value", "")})
            self.values = {"metadata": {key: given.get("value", "")}}
        return given

    def _check(self, field: str, validate: Any, *given: object) -> None:
        try:
            validate(*given)
        except ValidationError as error:
            self.add_error(field, error)


class Select(Page):
    """Keeps the customers that are selected in the list, and what is to be done to them.

    The list posts `action`, its own query, and the ids or `all`.
    """

    permission = "customers.view_customer"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.go("customers")  # signing in again ends here

    def post(self, request: HttpRequest) -> HttpResponseBase:
        action = request.POST.get("action", "")
        if action not in CHANGES:
            raise BadRequest  # the list has no such button
        if not request.user.has_perm(CHANGES[action].permission):
            raise PermissionDenied
        query = QueryDict(request.POST.get("query", "")[:2000])
        try:
            rows = self._selected(query)
            selection = Selection.choose(
                self.scope.tenant, rows, action=action, query=query.urlencode()
            )
        except Refusal as refusal:
            messages.warning(request, str(refusal))
            return redirect(address_of_list(self.scope, query.urlencode()))
        return self.go("selected", selection.pk)

    def _selected(self, query: QueryDict) -> CustomerQuerySet:
        if "all" not in self.request.POST:
            ids = filter(None, map(read_uuid, self.request.POST.getlist("id")[:ROWS]))
            return self.scope.customers.filter(pk__in=list(ids))
        filters = CustomerFilters(query, self.scope)
        rows: CustomerQuerySet = filters.qs if filters.is_valid() else self.scope.customers.none()
        return rows


class Selected(Page):
    """Shows what would be done to a selection, does it, and shows what was done."""

    permission = "customers.view_customer"
    template_name = "backoffice/selection.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self._id: UUID = kwargs.pop("id")
        return super().dispatch(request, *args, **kwargs)

    def selection(self) -> Selection:
        """Return the selection of the URL. Raises Http404, PermissionDenied."""
        mine = Selection.objects.visible_to(self.scope.tenant)
        selection = get_object_or_404(mine, pk=self._id)
        if not self.request.user.has_perm(CHANGES[selection.action].permission):
            raise PermissionDenied
        return selection

    def get(self, request: HttpRequest) -> HttpResponseBase:
        selection = self.selection()
        if selection.done_at is not None:
            return self.show_result(selection)
        if selection.action == "edit" and selection.values is None:
            return self.ask(selection, EditForm(self.typed))
        return self.preview(selection, ReasonForm(self.typed))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        selection = self.selection()
        if selection.action == "edit" and selection.values is None:
            form = EditForm(request.POST)
            if not form.is_valid():
                return self.ask(selection, form)
            return self.go("selected", selection.to_write(form.values).pk)
        reason = ReasonForm(request.POST)
        if "confirmed" not in request.POST or not reason.is_valid():
            return self.preview(selection, reason)
        if selection.action == "export":
            return export_response(selection.customers.order_by("-pk"), file_name(self.scope))
        return self.carry_out(selection, reason.cleaned_data["reason"])

    def ask(self, selection: Selection, form: EditForm) -> HttpResponse:
        """The page that asks which field is to be written."""
        count = len(selection.versions)
        title = ngettext("Edit %(n)s customer", "Edit %(n)s customers", count)
        return self.render(
            template="backoffice/selection_edit.html",
            status=400 if form.errors else 200,
            title=title % {"n": f"{count:,}"},
            form=form,
            back=self._back(selection),
        )

    def preview(self, selection: Selection, form: ReasonForm) -> HttpResponse:
        change = change_of(selection)
        now = dict(selection.customers.values_list("pk", "version"))
        changed = [id for id, version in selection.seen.items() if now.get(id) != version]
        due = change.due(selection.customers).exclude(pk__in=changed)
        count = due.count()
        return self.render(
            status=400 if form.errors else 200,
            title=_of(change.title, count),
            button=_of(change.button, count) if count else "",
            change=change,
            selection=selection,
            customers=[
                (customer, change.now(customer) if isinstance(change, Edit) else "")
                for customer in due.order_by("-pk")[:SHOWN]
            ],
            more=max(count - SHOWN, 0),
            changed=len(changed),
            unchanged=len(now) - change.due(selection.customers).count(),
            refused=change.refused(due),
            form=form,
            back=self._back(selection),
        )

    def carry_out(self, selection: Selection, reason: str) -> HttpResponseBase:
        steps = partial(carry_out, selection, self.scope.user.actor, reason)
        count = len(selection.versions)
        if count >= PROGRESS_FROM_ROWS:
            here = self.scope.address("selected", selection.pk)
            work = Work(
                steps,
                title=_of(change_of(selection).button, count),
                done=lambda: Ending(_("It is done.")),
                next=Link(_("See what was done"), here),
                failed=_("Nothing was done."),
                back=Link(_("Back to the selection"), here),
                total=count,
            )
            return progress_page(self.request, work, scope=self.scope, section=self.section)
        for _dealt_with in steps():
            pass
        if selection.result["left_out"]:
            return self.go("selected", selection.pk)
        messages.success(self.request, _of(change_of(selection).done, selection.result["done"]))
        return redirect(self._back(selection))

    def show_result(self, selection: Selection) -> HttpResponse:
        change, result = change_of(selection), selection.result
        reasons = {UUID(id): why for id, why in result["why"]}
        left_out = self.scope.customers.in_bulk(list(reasons))
        return self.render(
            template="backoffice/selection_done.html",
            title=_of(change.done, result["done"]),
            change=change,
            result=result,
            left_out=[(row, reasons[id]) for id, row in left_out.items()],
            more=max(result["left_out"] - NAMED, 0),
            back=self._back(selection),
        )

    def _back(self, selection: Selection) -> str:
        return address_of_list(self.scope, selection.query)


class Export(Page):
    """Exports all customers that match the list's filters, as a CSV file."""

    permission = "customers.export_customer"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        filters = CustomerFilters(request.GET, self.scope)
        if not filters.is_valid():
            messages.error(request, _("Some filters are not valid. Nothing was exported."))
            return redirect(address_of_list(self.scope, request.GET.urlencode()))
        return export_response(filters.qs.order_by("-pk"), file_name(self.scope))


def address_of_list(scope: Scope, query: str) -> str:
    """Return the address of the list with a query."""
    address = scope.address("customers")
    return f"{address}?{query}" if query else address


def file_name(scope: Scope) -> str:
    """Return the name of an export: organization, mode and date."""
    day = timezone.localdate()
    return f"customers-{scope.organization.slug}-{scope.mode}-{day:%Y-%m-%d}.csv"


def _of(text: Any, count: int) -> str:
    """Return a text of a change for so many customers."""
    return str(text % {"count": count, "n": f"{count:,}"})
