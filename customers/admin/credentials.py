"""API keys and OAuth clients: issuing one shows its secret once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.admin.base import OfOrganizations, becomes, staff
from customers.admin.filters import OrganizationFilter
from customers.models import ApiKey, OAuthClient
from customers.models.issued_credentials import IssuedCredential
from customers.models.scopes import SCOPES, all_scopes
from customers.staff.models import HeldSecret

if TYPE_CHECKING:
    CredentialFormBase = forms.ModelForm[Any]
else:
    CredentialFormBase = forms.ModelForm


class CredentialForm(CredentialFormBase):
    """The fields of a new credential."""

    scopes = forms.MultipleChoiceField(
        choices=list(SCOPES.items()), initial=all_scopes, widget=forms.CheckboxSelectMultiple
    )


class CredentialAdmin(OfOrganizations):
    """Credentials can be issued and revoked, but not changed or deleted."""

    form = CredentialForm
    issued_fields = ["organization", "mode", "name", "scopes", "expires_at"]
    more_fields: list[str]
    list_filter = ["mode", OrganizationFilter]
    list_select_related = ["organization"]
    autocomplete_fields = ["organization"]
    actions = ["revoke"]
    view_on_site = False

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # The response shows the secret: there is no form to continue with.
        only_save = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, *args, **{**kwargs, "extra_context": only_save})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:  # type: ignore[override]
        return self.issued_fields if obj is None else [*self.list_display, *self.more_fields]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A credential's own page is read-only. Without an object, this is about the actions.
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # the history refers to it

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        issued, request.issued_secret = self.model.issue(**form.cleaned_data)  # type: ignore[attr-defined]
        becomes(obj, issued)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Redirect to the page that shows the secret, which no other response contains."""
        HeldSecret.hold(staff(request), obj, request.issued_secret)  # type: ignore[attr-defined]
        return redirect(admin_urlname(self.opts, "secret"), obj.pk)  # type: ignore[arg-type]

    def get_urls(self) -> list[URLPattern]:
        show = self.admin_site.admin_view(self.secret_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_secret"
        return [path("<path:object_id>/secret/", show, name=name), *super().get_urls()]

    def secret_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the secret of a new credential to who issued it, once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        credential = self.get_object(request, object_id)
        secret = HeldSecret.take(staff(request), credential) if request.method == "GET" else None
        context = {
            **self.admin_site.each_context(request),
            "title": _("New %(what)s") % {"what": self.opts.verbose_name},
            "opts": self.opts,
            "client_id": getattr(credential, "client_id", None),
            "secret": secret,
        }
        return TemplateResponse(request, "admin/customers/secret.html", context)

    @admin.display(description=gettext_lazy("status"))
    def status(self, credential: IssuedCredential) -> str:
        if credential.revoked_at:
            return _("revoked")
        return _("active") if credential.is_active else _("expired")

    @admin.action(
        description=gettext_lazy("Revoke the selected credentials"), permissions=["change"]
    )
    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        for credential in queryset:
            credential.revoke()
        message = ngettext(
            "%(count)d credential was revoked.",
            "%(count)d credentials were revoked.",
            len(queryset),
        )
        self.message_user(request, message % {"count": len(queryset)})


@admin.register(ApiKey)
class ApiKeyAdmin(CredentialAdmin):
    list_display = [
        "__str__",
        "name",
        "organization",
        "mode",
        "status",
        "last_used_at",
        "expires_at",
        "created_at",
    ]
    search_fields = ["name", "prefix", "last4"]
    date_hierarchy = "created_at"
    more_fields = ["scopes", "revoked_at"]
    ordering = ["-pk"]


admin.site.unregister(OAuthClient)


@admin.register(OAuthClient)
class OAuthClientAdmin(CredentialAdmin):
    list_display = [
        "__str__",
        "client_id",
        "organization",
        "mode",
        "status",
        "last_used_at",
        "expires_at",
        "created",
    ]
    search_fields = ["name", "client_id"]
    date_hierarchy = "created"
    more_fields = ["scopes", "revoked_at"]
    ordering = ["-pk"]
