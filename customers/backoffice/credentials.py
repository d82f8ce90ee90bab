"""API keys and OAuth clients: issue one, see what it is used for, replace it, revoke it."""

from __future__ import annotations

from datetime import MAXYEAR, timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.backoffice.scope import Page
from customers.forms import PlainForm
from customers.models import ApiKey, OAuthClient
from customers.models.credentials import IssuedCredential
from customers.scopes import SCOPES, all_scopes
from customers.validators import is_storable, no_card_number

KINDS: dict[str, type[ApiKey | OAuthClient]] = {"key": ApiKey, "client": OAuthClient}
OVERLAPS = {
    "0": gettext_lazy("None: the old one is revoked now"),
    "1": gettext_lazy("One hour"),
    "24": gettext_lazy("One day"),
    "168": gettext_lazy("One week"),
}


class IssueForm(PlainForm):
    """What a new credential is for, and what it opens."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[("key", gettext_lazy("API key")), ("client", gettext_lazy("OAuth client"))],
        widget=forms.RadioSelect,
        initial="key",
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("What it is for, so that others know it when they see it."),
        validators=[MaxLengthValidator(255), is_storable, no_card_number],
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
        help_text=gettext_lazy("Empty: never. In your time zone."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_expires_at(self) -> Any:
        expires_at = self.cleaned_data["expires_at"]
        if expires_at is not None and expires_at <= timezone.now():
            raise ValidationError(_("This time is past. Give a later one."))
        if expires_at is not None and expires_at.year >= MAXYEAR:  # in UTC it may have no name
            raise ValidationError(_("This time is too far away. Leave it empty for never."))
        return expires_at


class RotateForm(PlainForm):
    """For how long the old credential goes on beside the new one."""

    overlap = forms.ChoiceField(
        label=gettext_lazy("The old one goes on for"), choices=list(OVERLAPS.items()), initial="24"
    )


MODELS = {"key": "apikey", "client": "oauthclient"}


class CredentialPage(Page):
    section = "credentials"

    def rows(self, kind: str) -> Any:
        """The scope's credentials of a kind."""
        return KINDS[kind]._default_manager.filter(
            organization=self.scope.organization, mode=self.scope.mode
        )

    def credential(self, kind: str, id: str) -> Any:
        """One of them. Raises Http404."""
        try:
            return get_object_or_404(self.rows(kind), pk=id)
        except (ValidationError, ValueError):  # no id of a key, no id of a client
            return get_object_or_404(self.rows(kind).none())

    def show_secret(self, credential: IssuedCredential, secret: str, title: str) -> HttpResponse:
        """The page with the secret, in the answer to the form and nowhere else."""
        self.template_name = "backoffice/secret.html"  # type: ignore[misc]
        client_id = getattr(credential, "client_id", "")
        response = self.render(title=title, secret=secret, client_id=client_id)
        add_never_cache_headers(response)
        return response


class OneCredential(CredentialPage):
    #: What is done to the credential that the address names: "add" or "change".
    deed: ClassVar[str]

    def needed(self, **address: Any) -> str:
        return f"customers.{self.deed}_{MODELS[address['kind']]}"


class Credentials(CredentialPage):
    """All credentials of the organization and mode."""

    permission = "customers.view_apikey"
    template_name = "backoffice/credentials.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        may_see_clients = request.user.has_perm("customers.view_oauthclient")
        lists = [
            (_("API keys"), "key", list(self.rows("key"))),
            (_("OAuth clients"), "client", list(self.rows("client")) if may_see_clients else []),
        ]
        return self.render(title=_("Credentials"), lists=lists)


class Issue(CredentialPage):
    """Issues a key or a client."""

    permission = "customers.add_apikey"
    template_name = "backoffice/credential_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(IssueForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = IssueForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        given = dict(form.cleaned_data)
        chosen = given.pop("kind")
        if not request.user.has_perm(f"customers.add_{MODELS[chosen]}"):
            raise PermissionDenied
        kind = KINDS[chosen]
        credential, secret = kind.issue(self.scope.organization, self.scope.mode, **given)
        title = _("%(name)s is issued") % {"name": given["name"]}
        return self.show_secret(credential, secret, title)

    def show(self, form: IssueForm) -> HttpResponse:
        status = 400 if form.errors else 200
        return self.render(status=status, title=_("Issue a credential"), form=form)


class Rotate(OneCredential):
    """Issues a credential in the place of another, which goes on for a while."""

    deed = "add"
    template_name = "backoffice/rotate.html"

    def get(self, request: HttpRequest, kind: str, id: str) -> HttpResponse:
        return self.show(RotateForm(), self.credential(kind, id))

    def post(self, request: HttpRequest, kind: str, id: str) -> HttpResponse:
        old = self.credential(kind, id)
        form = RotateForm(request.POST)
        if not form.is_valid() or not old.is_active:
            return self.show(form, old)
        overlap = timedelta(hours=int(form.cleaned_data["overlap"]))
        new, secret = old.rotate(overlap)
        return self.show_secret(new, secret, _("%(name)s is replaced") % {"name": old})

    def show(self, form: RotateForm, old: IssuedCredential) -> HttpResponse:
        title = _("Replace %(name)s?") % {"name": old}
        status = 200 if old.is_active and not form.errors else 409
        return self.render(status=status, title=title, form=form, credential=old)


class Revoke(OneCredential):
    """Revokes a credential, after saying what follows."""

    deed = "change"
    template_name = "backoffice/revoke.html"

    def get(self, request: HttpRequest, kind: str, id: str) -> HttpResponse:
        credential = self.credential(kind, id)
        return self.render(
            title=_("Revoke %(name)s?") % {"name": credential}, credential=credential
        )

    def post(self, request: HttpRequest, kind: str, id: str) -> HttpResponse:
        credential = self.credential(kind, id)
        credential.revoke()
        messages.success(request, _("%(name)s opens nothing any more.") % {"name": credential})
        return self.go("credentials")
