"""API keys and OAuth clients: issue one, see what it is used for, replace it, revoke it."""

from __future__ import annotations

from datetime import MAXYEAR, timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxLengthValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.backoffice.pages import Page
from customers.forms import PlainForm
from customers.models import ApiKey, OAuthClient
from customers.models.errors import CredentialEnded
from customers.models.issued_credentials import IssuedCredential
from customers.models.scopes import SCOPES, all_scopes
from customers.staff.models import HeldSecret
from customers.values.validators import validate_no_card_number, validate_storable

KINDS: dict[str, type[ApiKey | OAuthClient]] = {"key": ApiKey, "client": OAuthClient}


def permission(action: str, kind: str) -> str:
    """Return the permission to "view", "add" or "change" credentials of a kind."""
    return f"customers.{action}_{KINDS[kind]._meta.model_name}"


OVERLAPS = {
    "0": gettext_lazy("No time: revoke it now"),
    "1": gettext_lazy("One hour"),
    "24": gettext_lazy("One day"),
    "168": gettext_lazy("One week"),
}


class IssueForm(PlainForm):
    """The name, scopes and expiry of a new credential."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[("key", gettext_lazy("API key")), ("client", gettext_lazy("OAuth client"))],
        widget=forms.RadioSelect,
        initial="key",
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("What it is used for, so that others recognize it."),
        validators=[MaxLengthValidator(255), validate_storable, validate_no_card_number],
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Scopes"),
        choices=list(SCOPES.items()),
        initial=all_scopes,
        widget=forms.CheckboxSelectMultiple,
    )
    expires_at = forms.DateTimeField(
        label=gettext_lazy("Expires"),
        required=False,
        help_text=gettext_lazy("In your time zone. Leave it empty for no expiry."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_expires_at(self) -> Any:
        expires_at = self.cleaned_data["expires_at"]
        if expires_at is not None and expires_at <= timezone.now():
            raise ValidationError(_("This time is past. Give a later one."))
        if expires_at is not None and expires_at.year >= MAXYEAR:  # it may not exist in UTC
            raise ValidationError(_("This time is too far ahead. Leave it empty for no expiry."))
        return expires_at


class RotateForm(PlainForm):
    """How long the old credential keeps working beside the new one."""

    overlap = forms.ChoiceField(
        label=gettext_lazy("Keep the old one for"), choices=list(OVERLAPS.items()), initial="24"
    )


class CredentialPage(Page):
    section = "credentials"

    def rows(self, kind: str) -> Any:
        """The scope's credentials of a kind."""
        return KINDS[kind].visible_to(self.scope.tenant)

    def credential(self, kind: str, id: str) -> Any:
        """Return one of them. Raises Http404."""
        try:
            return get_object_or_404(self.rows(kind), pk=id)
        except (ValidationError, ValueError):  # not a valid id
            raise Http404 from None

    def go_to_secret(self, kind: str, credential: IssuedCredential, secret: str) -> HttpResponse:
        """Redirect to the page that shows the secret, which no other response contains."""
        HeldSecret.hold(self.scope.user, credential, secret)
        return self.go("credential_secret", kind, credential.pk)


class OneCredential(CredentialPage):
    #: The permission to check for the credential that the URL names: "add" or "change".
    action: ClassVar[str]

    def needed(self, **address: Any) -> str:
        return permission(self.action, address["kind"])


class Credentials(CredentialPage):
    """All credentials of the organization and mode."""

    permission = "customers.view_apikey"
    template_name = "backoffice/credentials.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        headings = {"key": _("API keys"), "client": _("OAuth clients")}
        lists = [
            {
                "heading": heading,
                "kind": kind,
                "rows": list(self.rows(kind)),
                "may_add": request.user.has_perm(permission("add", kind)),
                "may_change": request.user.has_perm(permission("change", kind)),
            }
            for kind, heading in headings.items()
            if request.user.has_perm(permission("view", kind))
        ]
        return self.render(title=_("Credentials"), lists=lists)


class Issue(CredentialPage):
    """Issues a key or a client."""

    permission = "customers.add_apikey"
    template_name = "backoffice/credential_form.html"
    creates = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(IssueForm(self.typed))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = IssueForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        given = dict(form.cleaned_data)
        chosen = given.pop("kind")
        if not request.user.has_perm(permission("add", chosen)):
            raise PermissionDenied
        kind = KINDS[chosen]
        credential, secret = kind.issue(self.scope.organization, self.scope.mode, **given)
        return self.go_to_secret(chosen, credential, secret)

    def show(self, form: IssueForm) -> HttpResponse:
        status = 400 if form.errors else 200
        return self.render(status=status, title=_("Issue a credential"), form=form)


class Secret(OneCredential):
    """Shows the secret of a new credential to who issued it, once."""

    action = "add"
    http_method_names = ["get"]
    template_name = "backoffice/secret.html"

    def get(self, request: HttpRequest, kind: str, id: str) -> HttpResponse:
        credential = self.credential(kind, id)
        secret = HeldSecret.take(self.scope.user, credential)
        return self.render(
            title=_("%(name)s is issued") % {"name": credential.name or credential},
            credential=credential,
            kind=kind,
            secret=secret,
        )


class Rotate(OneCredential):
    """Replaces a credential by a new one; the old one keeps working for a while."""

    action = "add"
    template_name = "backoffice/rotate.html"
    creates = True

    def get(self, request: HttpRequest, kind: str, id: str) -> HttpResponse:
        return self.show(RotateForm(self.typed), self.credential(kind, id))

    def post(self, request: HttpRequest, kind: str, id: str) -> HttpResponse:
        old = self.credential(kind, id)
        form = RotateForm(request.POST)
        if not form.is_valid():
            return self.show(form, old)
        try:
            new, secret = old.rotate(timedelta(hours=int(form.cleaned_data["overlap"])))
        except CredentialEnded:
            return self.show(form, old)
        messages.success(request, _("%(name)s is replaced.") % {"name": old})
        return self.go_to_secret(kind, new, secret)

    def show(self, form: RotateForm, old: IssuedCredential) -> HttpResponse:
        title = _("Replace %(name)s?") % {"name": old}
        status = 200 if old.is_active and not form.errors else 409
        return self.render(status=status, title=title, form=form, credential=old)


class Revoke(OneCredential):
    """Revokes a credential, after saying what will happen."""

    action = "change"
    template_name = "backoffice/revoke.html"

    def get(self, request: HttpRequest, kind: str, id: str) -> HttpResponse:
        credential = self.credential(kind, id)
        return self.render(
            title=_("Revoke %(name)s?") % {"name": credential}, credential=credential
        )

    def post(self, request: HttpRequest, kind: str, id: str) -> HttpResponse:
        credential = self.credential(kind, id)
        credential.revoke()
        messages.success(request, _("%(name)s is revoked.") % {"name": credential})
        return self.go("credentials")
