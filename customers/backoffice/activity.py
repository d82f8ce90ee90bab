"""The page of activity: what changed across all customers, by whom, how and why."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from customers.backoffice.filters import first_instant, last_instant
from customers.backoffice.pages import Page, Scope
from customers.forms import PlainForm
from customers.insights.activity import VERBS, Position, Wanted, get_activity
from customers.models import ApiKey, Customer, CustomerImport, OAuthClient
from customers.models.credential import Tenant
from customers.models.issued_credentials import IssuedCredential
from customers.rest.contract import contracts
from customers.values.validators import validate_storable

LINES = 50
NAMED = 100  # of the staff, the keys and the clients that may be chosen

_WHAT = {
    "customer": _("Customers"),
    "user": _("Users"),
    "payment_method": _("Payment methods"),
    "note": _("Notes"),
}
_DONE = {
    "created": _("Created or added"),
    "changed": _("Changed"),
    "archived": _("Archived"),
    "restored": _("Restored"),
    "removed": _("Removed"),
}
_ACTOR = re.compile(r"(staff|api_key|oauth_client|command):(.{1,200})")


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class Author(forms.ChoiceField):
    """Someone who made changes, as `kind:id`; also one who is not among the choices any more."""

    def __init__(self, **options: Any) -> None:
        one_of_them = RegexValidator(_ACTOR, _("Choose one of the names."))
        super().__init__(validators=(validate_storable, one_of_them), **options)

    def valid_value(self, value: str) -> bool:
        return True

    def offer(self, scope: Scope, chosen: str) -> None:
        """Offer the staff, keys and clients of an organization, and what is chosen already."""
        staff = scope.organization.staff.order_by("username")[:NAMED]
        groups: list[tuple[Any, list[tuple[str, str]]]] = [
            (_("Staff"), [(_value(each), str(each)) for each in staff]),
            (_("API keys"), _credentials(ApiKey, scope.tenant)),
            (_("OAuth clients"), _credentials(OAuthClient, scope.tenant)),
        ]
        known = {value for _name, pairs in groups for value, _label in pairs}
        if (match := _ACTOR.fullmatch(chosen)) and chosen not in known:
            groups.append((_("Others"), [(chosen, match[2])]))
        self.choices = [("", _("Anyone")), *((name, pairs) for name, pairs in groups if pairs)]


def _value(author: Any) -> str:
    return f"{author.actor.kind}:{author.actor.id}"


def _credentials(model: type[IssuedCredential], tenant: Tenant) -> list[tuple[str, str]]:
    rows = model.visible_to(tenant).order_by("-pk")[:NAMED]
    return [(_value(row), _name(row)) for row in rows]


def _name(credential: IssuedCredential) -> str:
    """Return its name with its id, because several may have one name."""
    id = str(credential)
    return id if credential.name in ("", id) else f"{credential.name} {id}"


class ActivityForm(PlainForm):
    """Which changes to show, combined with AND."""

    who = Author(label=_("By"), required=False)
    through = forms.ChoiceField(label=_("Through"), required=False)
    what = forms.ChoiceField(
        label=_("Of"), required=False, choices=[("", _("Anything")), *_WHAT.items()]
    )
    done = forms.ChoiceField(
        label=_("Change"),
        required=False,
        choices=[("", _("Any")), *((verb, _DONE[verb]) for verb in VERBS)],
    )
    reason = forms.CharField(label=_("Reason contains"), required=False, max_length=255)
    since = _day(_("From"))
    until = _day(_("Until"))
    customer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    of_import = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, scope: Scope) -> None:
        super().__init__(data)
        author = self.fields["who"]
        assert isinstance(author, Author)
        author.offer(scope, data.get("who", ""))
        through = self.fields["through"]
        assert isinstance(through, forms.ChoiceField)
        titles = [(contract.slug, contract.title) for contract in contracts()]
        through.choices = [("", _("Anything")), *titles]

    @property
    def wanted(self) -> Wanted:
        """What is asked for, for a valid form."""
        asked = {name: value or None for name, value in self.cleaned_data.items()}
        actor = _ACTOR.fullmatch(asked["who"] or "")
        return Wanted(
            what=asked["what"],
            verb=asked["done"],
            actor=(actor[1], actor[2]) if actor else None,
            contract=asked["through"],
            import_id=asked["of_import"],
            reason=asked["reason"],
            customer_id=asked["customer"],
            since=first_instant(asked["since"]) if asked["since"] else None,
            until=last_instant(asked["until"]) if asked["until"] else None,
        )


class Activity(Page):
    permission = "customers.view_customer"
    section = "activity"
    template_name = "backoffice/activity.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = ActivityForm(request.GET, self.scope)
        if not form.is_valid():
            return self.render(status=400, title=_("Activity"), form=form)
        wanted = form.wanted
        page = get_activity(self.scope.tenant, wanted, limit=LINES, before=self._before())
        return self.render(
            title=_("Activity"),
            form=form,
            asked={name: value for name, value in form.cleaned_data.items() if value},
            page=page,
            customer=self._of(self.scope.customers, wanted.customer_id),
            of_import=self._of(self._imports(), wanted.import_id),
            older=self._older(page.next_before),
        )

    def _imports(self) -> Any:
        return CustomerImport.objects.visible_to(self.scope.tenant)

    def _of(self, rows: Any, id: Any) -> Customer | CustomerImport | None:
        found: Customer | CustomerImport | None = rows.filter(pk=id).first() if id else None
        return found

    def _before(self) -> Position | None:
        """Return the position in a parameter, or None if it is not valid: the latest are shown."""
        try:
            return Position.read(self.request.GET.get("before", ""))
        except (ValueError, OverflowError):
            return None

    def _older(self, position: Position | None) -> str:
        """Return the query of the next page, with the same filters."""
        if position is None:
            return ""
        query = self.request.GET.copy()
        query["before"] = str(position)
        return query.urlencode()
