"""Serializers: the members of each body, and the column that each one is."""

from typing import Any

from rest_framework import serializers

from customers.models import Customer
from customers.rest.fields import Alpha2Field, Body, EmailField, StoredText


class CustomerCreate(Body):
    """What PUT takes."""

    email = EmailField(Customer, "email", required=True, allow_null=False, allow_blank=False)
    country = Alpha2Field(
        required=True, allow_null=False, allow_blank=False, help_text="ISO 3166-1 alpha-2"
    )
    reference = StoredText(Customer, "reference", help_text="Your reference for the customer")
    external_reference = StoredText(
        Customer,
        "processor_reference",
        help_text="The external reference from Stripe for the customer",
    )


class CustomerSerializer(serializers.Serializer[Any]):
    """A customer."""

    id = serializers.UUIDField()
    reference = serializers.CharField(allow_null=True)
    external_reference = serializers.CharField(source="processor_reference", allow_null=True)
    email = serializers.EmailField(allow_null=True)
    country = serializers.CharField(allow_null=True, help_text="ISO 3166-1 alpha-2")


class CreatedSerializer(serializers.Serializer[Any]):
    """The response to PUT."""

    success = serializers.BooleanField()
    customer = CustomerSerializer()


class ErrorSerializer(serializers.Serializer[Any]):
    """What went wrong."""

    success = serializers.BooleanField(help_text="Always false.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.CharField(), required=False, help_text="One sentence for each field."
    )
    reason = serializers.CharField(required=False)
