"""Serializers of events, and of who made a change."""

from typing import Any

from rest_framework import serializers

from customers.insights.events import TYPES


class ActorSerializer(serializers.Serializer[Any]):
    """Who made a change."""

    kind = serializers.CharField(
        help_text="`api_key`, `oauth_client`, `staff`, `command` or another kind."
    )
    id = serializers.CharField(help_text="Its id, or the name of a command.")
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="A name for people; of a key its first characters."
    )


class EventSerializer(serializers.Serializer[Any]):
    """One change of a customer, or of a user or payment method of it."""

    id = serializers.CharField(
        help_text="The event's id, the same in every read. A webhook has it as `webhook-id`."
    )
    type = serializers.ChoiceField(choices=TYPES, help_text="What was changed, and how.")
    time = serializers.DateTimeField(help_text="When: RFC 3339, in UTC.")
    customer_id = serializers.UUIDField(help_text="The customer that it is about.")
    version = serializers.IntegerField(help_text="The record's, after the change.")
    record = serializers.DictField(
        help_text="The customer, user or payment method after the change, or as it was when it was "
        "deleted. A payment method is without `is_default`: that is the customer's "
        "`default_payment_method_id`."
    )
    previous = serializers.DictField(help_text="The former values of the members that changed.")
    actor = ActorSerializer(allow_null=True, help_text="Null for a change by SQL.")
    contract = serializers.CharField(
        allow_null=True, help_text="The API of the request, null for the back office."
    )
    request_id = serializers.CharField(
        allow_null=True, help_text="The `X-Request-Id` of the request that made the change."
    )
    import_id = serializers.CharField(allow_null=True, help_text="Of a change by an import.")
    reason = serializers.CharField(allow_null=True, help_text="The reason that was given.")


class EventPageSerializer(serializers.Serializer[Any]):
    """Events in their order."""

    data = EventSerializer(  # type: ignore[assignment]
        many=True, help_text="The events of this page, in their order."
    )
    cursor = serializers.CharField(help_text="Where to go on: keep it when the events are stored.")
    has_more = serializers.BooleanField(help_text="Whether there are more already.")
