"""Lists of customers under a name: saved, renamed, shared with colleagues, deleted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.backoffice.filters import CustomerFilters
from customers.backoffice.pages import Page, Scope
from customers.forms import PlainForm
from customers.models import SavedView
from customers.models.errors import RuleBroken, refusals
from customers.models.saved_view import SavedViewQuerySet
from customers.values.validators import validate_no_card_number, validate_storable

NAME_LENGTH = 80
#: The permission to change a view that someone else shares.
CHANGES_SHARED = "customers.change_customer"
#: What a view keeps of a query, beside the filters: not the page.
_KEPT = (*CustomerFilters.base_filters, "sort", "column")


class SavedViewForm(PlainForm):
    """The name of a view, and who sees it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        validators=[MaxLengthValidator(NAME_LENGTH), validate_storable, validate_no_card_number],
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("Who sees it"),
        required=False,
        initial="",
        widget=forms.RadioSelect(
            choices=[
                ("", gettext_lazy("Only you")),
                ("yes", gettext_lazy("Everyone of the organization")),
            ]
        ),
    )


def kept_query(query: QueryDict) -> str:
    """The part of a list's query that a view keeps, always in the same order."""
    kept = QueryDict(mutable=True)
    for name in _KEPT:
        if values := [value for value in query.getlist(name) if value]:
            kept.setlist(name, values)
    return kept.urlencode()


def views_of(scope: Scope) -> SavedViewQuerySet:
    """The views that the person may open in this organization."""
    return SavedView.objects.for_person(scope.organization, scope.user)


class SavedViews(Page):
    """The person's own views, and those that colleagues share."""

    permission = "customers.view_customer"
    template_name = "backoffice/views.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        views = views_of(self.scope).select_related("owner")
        return self.render(title=_("Views"), views=list(views))


class ViewPage(Page):
    """A page with the form of a view."""

    permission = "customers.view_customer"
    template_name = "backoffice/view_form.html"

    def show(self, form: SavedViewForm, title: str, **context: Any) -> HttpResponse:
        return self.render(status=400 if form.errors else 200, title=title, form=form, **context)

    def save(self, form: SavedViewForm, view: SavedView) -> bool:
        """Save what the form says. Returns whether that is done; if not, the form says why."""
        if not form.is_valid():
            return False
        view.name, view.is_shared = form.cleaned_data["name"], form.cleaned_data["is_shared"]
        try:
            with refusals():
                view.save()
        except RuleBroken:
            form.add_error("name", _("You have a view with this name already."))
            return False
        return True

    def open(self, view: SavedView) -> HttpResponse:
        return redirect(f"{self.scope.address('customers')}?{view.query}")


class SaveView(ViewPage):
    """Saves the list whose query the address has."""

    creates = True

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self._is_readable():
            messages.error(request, _("Some filters are not valid. Nothing was saved."))
            return redirect(f"{self.scope.address('customers')}?{request.GET.urlencode()}")
        return self.show(SavedViewForm(self.typed), _("Save this view"))

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self._is_readable():
            return self.get(request)
        form = SavedViewForm(request.POST)
        view = SavedView(
            organization=self.scope.organization,
            owner=self.scope.user,
            query=kept_query(request.GET),
        )
        if not self.save(form, view):
            return self.show(form, _("Save this view"))
        messages.success(request, _("The view “%(name)s” is saved.") % {"name": view})
        return self.open(view)

    def _is_readable(self) -> bool:
        return bool(CustomerFilters(self.request.GET, self.scope).is_valid())


class EditView(ViewPage):
    """Renames, shares or deletes a view: one's own, or a shared one if one may change customers."""

    def view_of(self, id: UUID) -> SavedView:
        """Return the view. Raises Http404, PermissionDenied."""
        view = get_object_or_404(views_of(self.scope), pk=id)
        if view.owner != self.scope.user and not self.scope.user.has_perm(CHANGES_SHARED):
            raise PermissionDenied
        return view

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        view = self.view_of(id)
        initial = {"name": view.name, "is_shared": "yes" if view.is_shared else ""}
        form = SavedViewForm(self.typed, initial=initial)
        return self.show(form, _("Edit the view “%(name)s”") % {"name": view}, view=view)

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        view = self.view_of(id)
        title = _("Edit the view “%(name)s”") % {"name": view}
        if "delete" in request.POST:
            view.delete()
            messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view})
            return self.go("views")
        form = SavedViewForm(request.POST)
        if not self.save(form, view):
            return self.show(form, title, view=view)
        messages.success(request, _("Saved."))
        return self.open(view)
