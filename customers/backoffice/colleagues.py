"""Colleagues: who sees the organization; invite one, change their role, deactivate them, and make
a link by which one who lost the password chooses another.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page as PageOfRows
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.backoffice.colleague_forms import NAME_IS_TAKEN, ColleagueForm, InviteForm
from customers.backoffice.pages import Page
from customers.staff.colleagues import Changed, NotAllowed, Powers, colleagues_in
from customers.staff.mail import email_is_configured, send_link
from customers.staff.models import HeldSecret, PasswordLink, StaffUser

LISTED = 50


class ColleaguePage(Page):
    permission = "customers.manage_colleagues"
    section = "colleagues"

    @cached_property
    def powers(self) -> Powers:
        return Powers(self.scope.user)

    def colleague(self, id: int) -> StaffUser:
        """Return someone who sees the organization. Raises Http404."""
        return get_object_or_404(colleagues_in(self.scope.organization), pk=id)

    def go_to_link(self, link: PasswordLink, token: str) -> HttpResponse:
        """Redirect to the page that shows the link, and send it if there is a mail server."""
        HeldSecret.hold(self.scope.user, link, token)
        if email_is_configured() and link.staff_user.email:
            # After the transaction: a mail server may be slow, and what it has sent stays sent.
            transaction.on_commit(partial(self._send, link, token))
        return self.go("colleague_link", link.staff_user_id, link.pk)

    def _send(self, link: PasswordLink, token: str) -> None:
        email = {"email": link.staff_user.email}
        if send_link(link, self.address_of(token), self.scope.user):
            self.succeed(_("The link was sent to %(email)s.") % email)
        else:
            text = _("The link could not be sent to %(email)s. Copy it, and send it yourself.")
            messages.warning(self.request, text % email)

    def address_of(self, token: str) -> str:
        return self.request.build_absolute_uri(reverse("staff:password_link", args=[token]))


class Colleagues(ColleaguePage):
    """Who sees the organization."""

    template_name = "backoffice/colleagues.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Paginator(colleagues_in(self.scope.organization), LISTED)
        shown = found.get_page(request.GET.get("page"))
        mine = {organization.pk for organization in self.powers.organizations}
        rows = [
            {
                "person": person,
                "organizations": [row for row in person.organizations.all() if row.pk in mine],
                "elsewhere": self.powers.elsewhere(person),
                "may_let_in": self.powers.may_let_in(person),
                "may_manage": self.powers.may_manage(person),
            }
            for person in shown
        ]
        return self.render(title=_("Colleagues"), rows=rows, links=_links(shown))


class InviteColleague(ColleaguePage):
    """Makes an account, and a link by which the colleague chooses a password."""

    template_name = "backoffice/colleague_invite.html"
    creates = True

    def get(self, request: HttpRequest) -> HttpResponse:
        here = {"organizations": [str(self.scope.organization.pk)]}
        return self.show(InviteForm(self.typed, powers=self.powers, initial=here))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = InviteForm(request.POST, powers=self.powers)
        if not form.is_valid():
            return self.show(form)
        try:
            made = self.powers.invite(
                form.about_person, form.chosen_group, form.chosen_organizations
            )
        except IntegrityError:  # someone else was quicker
            form.add_error("username", NAME_IS_TAKEN)
            return self.show(form)
        return self.go_to_link(*made)

    def show(self, form: InviteForm) -> HttpResponse:
        status = 400 if form.errors else 200
        return self.render(
            status=status,
            title=_("Invite a colleague"),
            form=form,
            sends_email=email_is_configured(),
        )


class OneColleague(ColleaguePage):
    """A page about a colleague whom the person may change."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed:
            raise PermissionDenied(
                _(
                    "You may not change this colleague: it is you, or they may do more than you, "
                    "or they also work for an organization that you are not in."
                )
            ) from None

    def managed(self, id: int) -> StaffUser:
        """Return a colleague whose account the person may change. Raises NotAllowed."""
        colleague = self.colleague(id)
        if not self.powers.may_manage(colleague):
            raise NotAllowed
        return colleague


class EditColleague(OneColleague):
    """Changes a colleague's role and organizations."""

    template_name = "backoffice/colleague_form.html"

    def get(self, request: HttpRequest, id: int) -> HttpResponse:
        colleague = self.changeable(id)
        return self.show(colleague, self.form(self.typed, colleague))

    def post(self, request: HttpRequest, id: int) -> HttpResponse:
        colleague = self.changeable(id)
        form = self.form(request.POST, colleague)
        if not form.is_valid():
            return self.show(colleague, form, status=400)
        given = form.chosen_group, form.chosen_organizations
        try:
            self.powers.change(colleague, *given, seen=form.cleaned_data["seen"])
        except Changed:
            messages.error(
                request,
                _("Someone changed this colleague while you were editing. Nothing was saved."),
            )
            return self.show(colleague, self.form(None, self.changeable(id)), status=409)
        self.succeed(_("%(who)s is changed.") % {"who": name_of(colleague)})
        return self.go("colleagues")

    def changeable(self, id: int) -> StaffUser:
        """Return a colleague whose organizations the person may change. Raises NotAllowed."""
        colleague = self.colleague(id)
        if not self.powers.may_let_in(colleague):
            raise NotAllowed
        return colleague

    def form(self, data: Any, colleague: StaffUser) -> ColleagueForm:
        return ColleagueForm(data, powers=self.powers, colleague=colleague)

    def show(self, colleague: StaffUser, form: ColleagueForm, *, status: int = 200) -> HttpResponse:
        return self.render(
            status=status,
            title=name_of(colleague),
            form=form,
            colleague=colleague,
            elsewhere=self.powers.elsewhere(colleague),
        )


class DeactivateColleague(OneColleague):
    """Lets a colleague sign in no more, after saying what will happen."""

    template_name = "backoffice/colleague_deactivate.html"

    def get(self, request: HttpRequest, id: int) -> HttpResponse:
        colleague = self.managed(id)
        title = _("Deactivate %(who)s?") % {"who": name_of(colleague)}
        return self.render(title=title, colleague=colleague)

    def post(self, request: HttpRequest, id: int) -> HttpResponse:
        colleague = self.managed(id)
        self.powers.deactivate(colleague)
        undo = self.scope.address("colleague_reactivate", colleague.pk)
        self.succeed(_("%(who)s is deactivated.") % {"who": name_of(colleague)}, undo=undo)
        return self.go("colleagues")


class ReactivateColleague(OneColleague):
    """Lets a colleague sign in again."""

    template_name = "backoffice/colleague_reactivate.html"

    def get(self, request: HttpRequest, id: int) -> HttpResponse:
        colleague = self.managed(id)
        title = _("Reactivate %(who)s?") % {"who": name_of(colleague)}
        return self.render(title=title, colleague=colleague)

    def post(self, request: HttpRequest, id: int) -> HttpResponse:
        colleague = self.managed(id)
        self.powers.reactivate(colleague)
        undo = self.scope.address("colleague_deactivate", colleague.pk)
        self.succeed(_("%(who)s can sign in again.") % {"who": name_of(colleague)}, undo=undo)
        return self.go("colleagues")


class NewLink(OneColleague):
    """Makes a new link for a colleague who lost the first one, or the password."""

    template_name = "backoffice/colleague_new_link.html"
    creates = True

    def get(self, request: HttpRequest, id: int) -> HttpResponse:
        return self.show(self.managed(id))

    def post(self, request: HttpRequest, id: int) -> HttpResponse:
        colleague = self.managed(id)
        if not (colleague.is_active and colleague.is_staff):
            return self.show(colleague)
        return self.go_to_link(*self.powers.new_link(colleague))

    def show(self, colleague: StaffUser) -> HttpResponse:
        may_sign_in = colleague.is_active and colleague.is_staff
        return self.render(
            status=200 if may_sign_in else 409,
            title=_("A new link for %(who)s?") % {"who": name_of(colleague)},
            colleague=colleague,
            sends_email=email_is_configured(),
        )


class Link(OneColleague):
    """Shows a new link to who made it, once."""

    http_method_names = ["get"]
    template_name = "backoffice/colleague_link.html"

    def get(self, request: HttpRequest, id: int, link: int) -> HttpResponse:
        colleague = self.managed(id)
        made = get_object_or_404(PasswordLink, pk=link, staff_user=colleague)
        token = HeldSecret.take(self.scope.user, made)
        return self.render(
            title=_("A link for %(who)s") % {"who": name_of(colleague)},
            colleague=colleague,
            link=made,
            address=self.address_of(token) if token else None,
        )


def _links(page: PageOfRows[StaffUser]) -> dict[str, str]:
    """The queries of the previous and next page."""
    links = {}
    if page.has_previous():
        links["previous"] = f"page={page.previous_page_number()}"
    if page.has_next():
        links["next"] = f"page={page.next_page_number()}"
    return links


def name_of(colleague: StaffUser) -> str:
    return colleague.get_full_name() or colleague.get_username()
