"""Serializers of webhook endpoints and of deliveries to them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from customers.api.registry.serializers import WAS_DRY_RUN
from customers.insights.events import TYPES
from customers.models import Mode
from customers.rest.fields import Body, Described, OneOf, StoredText, StrictNumber
from customers.rest.meanings import ROW
from customers.webhooks.models import Delivery, WebhookEndpoint

LONGEST_OVERLAP = 168  # hours


URL = "An https address of the public internet, up to 2,048 characters."


class TrueOrFalse(serializers.BooleanField):
    """A JSON boolean. Texts and numbers are refused, not converted."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input="")
        return data


class Types(serializers.ListField):
    """Types of events. What is wrong with one of them is wrong with the list."""

    child = OneOf(TYPES)

    def run_child_validation(self, data: Any) -> list[Any]:
        try:
            return [self.child.run_validation(item) for item in data]
        except serializers.ValidationError as error:
            raise serializers.ValidationError(error.detail) from None


class Time(serializers.DateTimeField):
    """A time with a zone. What is none is not repeated."""

    default_error_messages = {"invalid": "Give a time as 2026-01-31T12:00:00Z."}


class WebhookEndpointWrite(Body):
    """An endpoint to write."""

    url = StoredText(
        WebhookEndpoint,
        "url",
        required=True,
        allow_null=False,
        allow_blank=False,
        max_length=2048,
        help_text=URL,
    )
    description = StoredText(WebhookEndpoint, "description", help_text="What it is for")
    types = Types(
        required=False,
        max_length=len(TYPES),
        help_text="The types of events that are sent; none for all",
    )
    is_enabled = TrueOrFalse(required=False, help_text="Whether events are sent")


class WebhookEndpointPatch(WebhookEndpointWrite):
    """What PATCH changes of an endpoint."""

    url = StoredText(
        WebhookEndpoint,
        "url",
        required=False,
        allow_null=False,
        allow_blank=False,
        max_length=2048,
        help_text=URL,
    )


class Rotation(Body):
    """How long the former secret signs beside the new one."""

    overlap_hours = StrictNumber(
        min_value=0,
        max_value=LONGEST_OVERLAP,
        default=24,
        help_text="For so long the former secret signs too",
    )


class Range(Body):
    """The deliveries that are sent again: of events of a range of time."""

    since = Time(help_text="Events at this time or later")
    until = Time(help_text="Events before this time")
    state = OneOf(
        [Delivery.State.DELIVERED.value, Delivery.State.FAILED.value],
        required=False,
        help_text="Those alone that have come to this",
    )


class WebhookEndpointSerializer(Described):
    """An address to which events are sent."""

    meanings = ROW

    id = serializers.UUIDField(help_text="The endpoint's id, a UUIDv7.")
    url = serializers.CharField(help_text="Where events are sent.")
    description = serializers.CharField(allow_null=True, help_text="What it is for.")
    types = serializers.ListField(
        child=serializers.CharField(), help_text="The types of events that are sent; none for all."
    )
    is_enabled = serializers.BooleanField(help_text="Whether events are sent.")
    given_up_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was switched off because deliveries failed for days."
    )
    former_secret_ends_at = serializers.DateTimeField(
        allow_null=True, help_text="Until then the former secret signs too."
    )
    mode = serializers.ChoiceField(choices=Mode.choices)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class WebhookSecretsSerializer(serializers.Serializer[Any]):
    """The secrets that sign, the newest first."""

    secrets = serializers.ListField(
        child=serializers.CharField(),
        help_text="One, or two while a former one signs too; each begins with `whsec_`.",
    )


class AttemptSerializer(serializers.Serializer[Any]):
    """One request of a delivery."""

    made_at = serializers.DateTimeField(help_text="When it was sent: RFC 3339, in UTC.")
    duration = serializers.FloatField(help_text="In seconds.")
    status = serializers.IntegerField(allow_null=True, help_text="Null if there was no answer.")
    error = serializers.CharField(help_text="Why there was none; empty if there was one.")
    answer = serializers.CharField(
        help_text="Its first kilobyte as text, without card numbers and secrets. Not to be trusted."
    )


class DeliverySerializer(serializers.Serializer[Any]):
    """An event that is sent to an endpoint."""

    id = serializers.IntegerField(help_text="The delivery's number.")
    event_id = serializers.CharField(help_text="Its `webhook-id`, the same in every attempt.")
    event_type = serializers.CharField(help_text="The event's type, or `webhook.test`.")
    event_at = serializers.DateTimeField(help_text="When what it is about happened.")
    customer_id = serializers.UUIDField(
        allow_null=True, help_text="Whom the event is about; null for a test."
    )
    state = serializers.ChoiceField(
        choices=Delivery.State.choices,
        help_text="`waiting` to be sent, `delivered`, or `failed` for good.",
    )
    due_at = serializers.DateTimeField(help_text="When it is sent, or was, at the earliest.")
    failures = serializers.IntegerField(help_text="Since it was last begun.")
    created_at = serializers.DateTimeField(help_text="When it was begun: RFC 3339, in UTC.")
    finished_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was delivered or given up; null while it waits."
    )
    attempts = AttemptSerializer(
        many=True, source="latest_attempts", help_text="The latest 20, the newest first."
    )


class RedeliveredSerializer(serializers.Serializer[Any]):
    """How many deliveries are sent again."""

    dry_run = serializers.BooleanField(help_text=WAS_DRY_RUN)
    redelivered = serializers.IntegerField(help_text="How many deliveries are sent again.")
