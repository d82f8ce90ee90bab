"""The base of all pages: the organization, the mode and the member of staff."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.generic import View

from customers.backoffice.recent import last_list, remember
from customers.insights.timeline import MODELS
from customers.models import Customer, Mode, Organization
from customers.models.base import Versioned
from customers.models.credential import Tenant
from customers.models.querysets import CustomerQuerySet
from customers.staff.models import StaffUser
from customers.staff.submissions import once
from customers.staff.typed import take

OTHERS_SHOWN = 20  # in the bar's menu
_LAST_SCOPE = "back_office_scope"  # session key: where `/backoffice/` redirects to


@dataclass(frozen=True)
class Scope:
    """One organization in one mode, as a member of its staff sees it."""

    organization: Organization
    mode: str
    user: StaffUser

    @property
    def tenant(self) -> Tenant:
        """Whose data the pages show."""
        return Tenant(self.organization.pk, self.mode)

    @property
    def customers(self) -> CustomerQuerySet:
        """All its customers, archived ones too."""
        return Customer.objects.visible_to(self.tenant)

    @property
    def is_test(self) -> bool:
        return self.mode == Mode.TEST

    @property
    def mode_label(self) -> str:
        return Mode(self.mode).label

    def address(self, name: str, *args: object) -> str:
        """The address of a page in this scope."""
        return reverse(f"backoffice:{name}", args=[self.organization.slug, self.mode, *args])

    def others(self) -> list[Organization]:
        """Return the first few other organizations of the person."""
        mine = Organization.objects.visible_to_staff(self.user)
        return list(mine.exclude(pk=self.organization.pk)[:OTHERS_SHOWN])


def read_uuid(text: str) -> UUID | None:
    """Return the id that a parameter has, or None if it is not valid."""
    try:
        return UUID(text)
    except ValueError:
        return None


def staff_of(request: HttpRequest) -> StaffUser | None:
    """Return the member of staff who is signed in, or None."""
    user = request.user
    return user if isinstance(user, StaffUser) and user.is_staff else None


class Page(View):
    """A page of the back office, at an address that begins with an organization and a mode.

    `dispatch` decides who may open it: it raises Http404 for an organization of others, and
    PermissionDenied without the permission.
    """

    #: The permission that the page needs.
    permission: ClassVar[str]
    #: The part of the navigation that the page belongs to.
    section: ClassVar[str] = "customers"
    template_name: ClassVar[str]
    #: Whether its form makes something, so that sending it twice may not make two.
    creates: ClassVar[bool] = False

    scope: Scope
    #: What the person typed into this form while signed out, if they did.
    typed: QueryDict | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = staff_of(request)
        if user is None:
            return redirect_to_login(request.get_full_path())
        mine = Organization.objects.visible_to_staff(user)
        organization = get_object_or_404(mine, slug=kwargs.pop("organization"))
        self.scope = Scope(organization, kwargs.pop("mode"), user)
        if not user.has_perm(self.needed(**kwargs)):
            raise PermissionDenied
        here = [organization.slug, self.scope.mode]
        if request.session.get(_LAST_SCOPE) != here:
            request.session[_LAST_SCOPE] = here
        self.typed = take(request)
        handle = partial(super().dispatch, request, *args, **kwargs)
        return once(request, handle) if self.creates else handle()

    def needed(self, **address: Any) -> str:
        """Return the permission that the page needs, given the arguments of its URL."""
        return self.permission

    def render(self, *, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
        """The page's template, or another, with the scope and `context`."""
        shown = {
            "scope": self.scope,
            "section": self.section,
            "typed": self.typed,
            "last_list": last_list(self.request, self.scope.tenant),
            **context,
        }
        return render(self.request, template or self.template_name, shown, status=status)

    def customer(self, id: UUID) -> Customer:
        """Return a customer of the scope, which the person has now viewed. Raises Http404."""
        customer = get_object_or_404(self.scope.customers, pk=id)
        remember(self.request, customer)
        return customer

    def succeed(self, text: str, *, undo: str = "") -> None:
        """Show a message of success on the next page, with a link to the page that undoes it."""
        if undo:
            text = format_html('{} <a href="{}">{}</a>', text, undo, _("Undo"))
        messages.success(self.request, text)

    def undo_of(self, row: Versioned) -> str:
        """Return the address of the page that undoes the change that left a row as it is."""
        what = next(what for what, model in MODELS.items() if isinstance(row, model))
        customer = row.pk if isinstance(row, Customer) else row.customer_id  # type: ignore[attr-defined]
        return self.scope.address("undo", customer, what, row.pk, row.version)

    def go(self, name: str, *args: object) -> HttpResponse:
        """Redirect to another page of the scope."""
        return redirect(self.scope.address(name, *args))


def start(request: HttpRequest) -> HttpResponse:
    """Redirect to the home page of the organization and mode that the person used last."""
    user = staff_of(request)
    if user is None:
        return redirect_to_login(request.get_full_path())
    mine = {row.slug: row for row in Organization.objects.visible_to_staff(user)}
    slug, mode = request.session.get(_LAST_SCOPE) or ("", "")
    if slug not in mine:
        slug, mode = next(iter(mine), ""), Mode.LIVE.value
    if not slug:
        return render(request, "backoffice/no_organization.html", status=200)
    return redirect("backoffice:home", slug, mode)


def anywhere(request: HttpRequest, id: UUID) -> HttpResponse:
    """Redirect to the page of a customer in any organization of the person."""
    user = staff_of(request)
    if user is None:
        return redirect_to_login(request.get_full_path())
    mine = Organization.objects.visible_to_staff(user)
    found = Customer.objects.filter(organization__in=mine).select_related("organization")
    customer = found.filter(pk=id).first()
    if customer is None:
        raise Http404
    return redirect("backoffice:customer", customer.organization.slug, customer.mode, customer.pk)
