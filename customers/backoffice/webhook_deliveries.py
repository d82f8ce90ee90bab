"""Deliveries of webhooks: each with its attempts, and sent again by a click."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.backoffice.webhooks import CHANGE, VIEW, WebhookPage
from customers.forms import PlainForm
from customers.webhooks.models import Delivery


class RangeForm(PlainForm):
    """The deliveries that are sent again."""

    since = forms.DateTimeField(
        label=gettext_lazy("Events since"),
        help_text=gettext_lazy("In your time zone."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Events before"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    only_failed = forms.BooleanField(
        label=gettext_lazy("Only those that were given up"), required=False, initial=True
    )

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until <= since:
            raise ValidationError({"until": _("This is not later than the other time.")})


class TestWebhook(WebhookPage):
    """Sends a test event."""

    __test__ = False  # to pytest
    permission = CHANGE
    creates = True

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        return self.go("webhook", self.endpoint(id).pk)

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        delivery = Delivery.send_test(self.endpoint(id))
        return self.go("webhook_delivery", id, delivery.pk)


class RedeliverRange(WebhookPage):
    """Sends the deliveries of a range of time again."""

    permission = CHANGE
    template_name = "backoffice/webhooks/redeliver.html"
    creates = True

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        now = timezone.localtime()
        form = RangeForm(self.typed, initial={"since": now - timedelta(days=1), "until": now})
        return self.show(form, _("Send deliveries again"), endpoint=self.endpoint(id))

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        endpoint, form = self.endpoint(id), RangeForm(request.POST)
        if not form.is_valid():
            return self.show(form, _("Send deliveries again"), endpoint=endpoint)
        given = form.cleaned_data
        rows = Delivery.objects.to(endpoint).of_events_within(given["since"], given["until"])
        if given["only_failed"]:
            rows = rows.filter(state=Delivery.State.FAILED)
        _say_redelivered(request, rows.redeliver())
        return self.go("webhook", endpoint.pk)


class WebhookDelivery(WebhookPage):
    """One delivery: what is sent, and every attempt."""

    permission = VIEW
    template_name = "backoffice/webhooks/delivery.html"

    def get(self, request: HttpRequest, id: UUID, delivery_id: int) -> HttpResponse:
        endpoint = self.endpoint(id)
        rows = Delivery.objects.to(endpoint).with_attempts()
        delivery = get_object_or_404(rows, pk=delivery_id)
        title = _("%(type)s to %(name)s") % {"type": delivery.event_type, "name": endpoint.name}
        return self.render(title=title, endpoint=endpoint, delivery=delivery)


class Redeliver(WebhookPage):
    """Sends a delivery again."""

    permission = CHANGE
    creates = True

    def get(self, request: HttpRequest, id: UUID, delivery_id: int) -> HttpResponse:
        return self.go("webhook_delivery", self.endpoint(id).pk, delivery_id)

    def post(self, request: HttpRequest, id: UUID, delivery_id: int) -> HttpResponse:
        rows = Delivery.objects.to(self.endpoint(id))
        delivery = get_object_or_404(rows, pk=delivery_id)
        _say_redelivered(request, rows.filter(pk=delivery.pk).redeliver())
        return self.go("webhook_delivery", id, delivery.pk)


def _say_redelivered(request: HttpRequest, count: int) -> None:
    text = ngettext(
        "%(count)s delivery is sent again.", "%(count)s deliveries are sent again.", count
    )
    if count:
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("There is none to send again: what waits is sent anyway."))
