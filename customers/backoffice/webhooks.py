"""Webhook endpoints: make one, see what becomes of its deliveries, change it, remove it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.backoffice.credentials import OVERLAPS
from customers.backoffice.pages import Page
from customers.forms import PlainForm
from customers.insights.events import TYPES
from customers.models.errors import VersionMismatch
from customers.staff.models import HeldSecret
from customers.values.validators import validate_no_card_number, validate_storable
from customers.webhooks.addresses import validate_endpoint_url
from customers.webhooks.models import Delivery, WebhookEndpoint

VIEW = "webhooks.view_webhookendpoint"
ADD = "webhooks.add_webhookendpoint"
CHANGE = "webhooks.change_webhookendpoint"
SHOWN = 50  # deliveries of a page
_RULES = [validate_storable, validate_no_card_number]


class EndpointForm(PlainForm):
    """Where events are sent, and which."""

    url = forms.CharField(
        label=gettext_lazy("URL"),
        help_text=gettext_lazy("An https address of the public internet."),
        validators=[MaxLengthValidator(2048), *_RULES, validate_endpoint_url],
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        help_text=gettext_lazy("What it is for, so that others recognize it."),
        validators=[MaxLengthValidator(255), *_RULES],
    )
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        choices=[(name, name) for name in TYPES],
        required=False,
        help_text=gettext_lazy("Tick none to get all, also those of later versions."),
        widget=forms.CheckboxSelectMultiple,
    )
    is_enabled = forms.BooleanField(
        label=gettext_lazy("On: events are sent"), required=False, initial=True
    )


class EditForm(EndpointForm):
    """The same, of the version that the person has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class RotateForm(PlainForm):
    """How long the former secret signs beside the new one."""

    overlap = forms.ChoiceField(
        label=gettext_lazy("Let the old one sign too for"),
        choices=[("0", gettext_lazy("No time")), *list(OVERLAPS.items())[1:]],
        initial="24",
    )


class WebhookPage(Page):
    """Base of the pages of webhooks."""

    section = "webhooks"

    def endpoint(self, id: UUID) -> WebhookEndpoint:
        """Return an endpoint of the scope. Raises Http404."""
        return get_object_or_404(WebhookEndpoint.objects.visible_to(self.scope.tenant), pk=id)

    def go_to_secret(self, endpoint: WebhookEndpoint, secret: str) -> HttpResponse:
        """Redirect to the page that shows the secret, which no other response contains."""
        HeldSecret.hold(self.scope.user, endpoint, secret)
        return self.go("webhook_secret", endpoint.pk)

    def show(self, form: PlainForm, title: str, **context: Any) -> HttpResponse:
        return self.render(status=400 if form.errors else 200, title=title, form=form, **context)


class Webhooks(WebhookPage):
    """All endpoints of the organization and mode."""

    permission = VIEW
    template_name = "backoffice/webhooks/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        endpoints = WebhookEndpoint.objects.visible_to(self.scope.tenant).order_by("pk")
        return self.render(title=_("Webhooks"), endpoints=list(endpoints))


class NewWebhook(WebhookPage):
    """Makes an endpoint."""

    permission = ADD
    template_name = "backoffice/webhooks/form.html"
    creates = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(EndpointForm(self.typed), _("New webhook endpoint"))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EndpointForm(request.POST)
        if form.is_valid():
            try:
                made = WebhookEndpoint.create(self.scope.tenant, form.cleaned_data)
                return self.go_to_secret(*made)
            except ValidationError as error:
                form.add_error(None, error.messages)
        return self.show(form, _("New webhook endpoint"))


class Webhook(WebhookPage):
    """One endpoint and its deliveries, the newest first."""

    permission = VIEW
    template_name = "backoffice/webhooks/endpoint.html"

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        endpoint = self.endpoint(id)
        rows = Delivery.objects.to(endpoint).order_by("-pk").defer("body")
        state = request.GET.get("state", "")
        if state in Delivery.State.values:
            rows = rows.filter(state=state)
        before = request.GET.get("before", "")
        if before.isascii() and before.isdecimal() and len(before) < 19:
            rows = rows.filter(pk__lt=int(before))
        found = list(rows[: SHOWN + 1])
        last = str(found[SHOWN - 1].pk) if found[SHOWN:] else ""
        more = urlencode({"state": state, "before": last}) if last else ""
        return self.render(
            title=endpoint.name,
            endpoint=endpoint,
            deliveries=found[:SHOWN],
            links={"next": more} if more else None,
            state=state,
            states=Delivery.State.choices,
        )


class EditWebhook(WebhookPage):
    """Changes an endpoint."""

    permission = CHANGE
    template_name = "backoffice/webhooks/form.html"

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        endpoint = self.endpoint(id)
        seen = {name: getattr(endpoint, name) for name in EditForm.base_fields}
        return self.show(
            EditForm(self.typed, initial=seen), self.title(endpoint), endpoint=endpoint
        )

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        endpoint, form = self.endpoint(id), EditForm(request.POST)
        if form.is_valid():
            changes = dict(form.cleaned_data)
            version = changes.pop("version")
            try:
                endpoint.revise(changes, expecting=[version])
            except VersionMismatch:
                messages.warning(
                    request,
                    _("Someone changed this endpoint meanwhile. Nothing was saved. Here it is."),
                )
            else:
                messages.success(request, _("Saved."))
            return self.go("webhook", endpoint.pk)
        return self.show(form, self.title(endpoint), endpoint=endpoint)

    def title(self, endpoint: WebhookEndpoint) -> str:
        return _("Edit %(name)s") % {"name": endpoint.name}


class RotateWebhook(WebhookPage):
    """Gives an endpoint a new secret; the former one signs too for a while."""

    permission = CHANGE
    template_name = "backoffice/webhooks/rotate.html"
    creates = True

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        endpoint = self.endpoint(id)
        return self.show(RotateForm(self.typed), self.title(endpoint), endpoint=endpoint)

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        endpoint, form = self.endpoint(id), RotateForm(request.POST)
        if not form.is_valid():
            return self.show(form, self.title(endpoint), endpoint=endpoint)
        overlap = timedelta(hours=int(form.cleaned_data["overlap"]))
        return self.go_to_secret(endpoint, endpoint.rotate(overlap))

    def title(self, endpoint: WebhookEndpoint) -> str:
        return _("Give %(name)s a new secret?") % {"name": endpoint.name}


class WebhookSecret(WebhookPage):
    """Shows a new secret to who made it, once."""

    permission = CHANGE
    http_method_names = ["get"]
    template_name = "backoffice/webhooks/secret.html"

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        endpoint = self.endpoint(id)
        secret = HeldSecret.take(self.scope.user, endpoint)
        title = _("The secret of %(name)s") % {"name": endpoint.name}
        return self.render(title=title, endpoint=endpoint, secret=secret)


class RemoveWebhook(WebhookPage):
    """Removes an endpoint, after saying what will happen."""

    permission = CHANGE
    template_name = "backoffice/webhooks/remove.html"

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        endpoint = self.endpoint(id)
        title = _("Remove %(name)s?") % {"name": endpoint.name}
        return self.render(title=title, endpoint=endpoint)

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        endpoint = self.endpoint(id)
        endpoint.remove()
        messages.success(request, _("%(name)s is removed.") % {"name": endpoint.name})
        return self.go("webhooks")
