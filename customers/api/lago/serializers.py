"""Serializers: the members of each body, and the column that each one is."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.models import Customer
from customers.rest.fields import (
    Alpha2Field,
    Body,
    Computed,
    Constant,
    EmailField,
    SecondsField,
    StoredText,
)


class Country(Alpha2Field):
    """A country as ISO 3166 alpha-2, in either case; blank is none."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data).strip()
        return text.upper() if text.isascii() else text  # "ß" in capitals is South Sudan


@extend_schema_field(OpenApiTypes.STR)
class KnownId(Computed):
    """The id by which the caller knows a customer: its external id, or else its UUID."""

    columns = ("external_id", "id")

    def make(self, origin: str, *values: Any) -> str:
        external_id, id = values
        return external_id or str(id)


class CustomerWrite(Body):
    """What POST takes under `customer`. One of the two ids is mandatory."""

    customer_id = StoredText(
        Customer, "external_id", help_text="Customer unique identifier in your application"
    )
    external_id = StoredText(Customer, "external_id", help_text="Another name for `customer_id`")
    address_line1 = StoredText(Customer, "address_line1")
    address_line2 = StoredText(Customer, "address_line2")
    city = StoredText(Customer, "city")
    country = Country(help_text="ISO 3166 alpha-2")
    email = EmailField(Customer, "email")
    legal_name = StoredText(Customer, "legal_name")
    legal_number = StoredText(Customer, "legal_number")
    logo_url = StoredText(Customer, "logo_url")
    name = StoredText(Customer, "name")
    phone = StoredText(Customer, "phone")
    state = StoredText(Customer, "state")
    url = StoredText(Customer, "url")
    zipcode = StoredText(Customer, "postal_code")

    def to_internal_value(self, data: Any) -> Any:
        """Read the id under either name; the two may not differ.

        Here and not in `validate`, so that a missing id is reported with all other errors.
        """
        given = [
            data[name] for name in ("customer_id", "external_id") if data.get(name) is not None
        ]
        wrong: dict[str, Any] = {}
        if not any(not isinstance(id, str) or id.strip() for id in given):
            wrong["customer_id"] = [serializers.ErrorDetail("Mandatory.", "required")]
        elif len(set(map(repr, given))) > 1:
            wrong["external_id"] = [serializers.ErrorDetail("Differs from customer_id.", "differs")]
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            details: Any = error.detail
            raise serializers.ValidationError({**wrong, **details}) from None
        if wrong:
            raise serializers.ValidationError(wrong)
        return {**values, "external_id": given[0]}


class CustomerRequest(serializers.Serializer[Any]):
    """What POST takes."""

    customer = CustomerWrite()


class CustomerSerializer(serializers.Serializer[Any]):
    """A customer."""

    lago_id = serializers.UUIDField(source="id")
    customer_id = KnownId()
    external_id = KnownId()
    address_line1 = serializers.CharField(allow_null=True)
    address_line2 = serializers.CharField(allow_null=True)
    city = serializers.CharField(allow_null=True)
    country = serializers.CharField(allow_null=True, help_text="ISO 3166 alpha-2")
    created_at = SecondsField()
    updated_at = SecondsField()
    email = serializers.EmailField(allow_null=True)
    legal_name = serializers.CharField(allow_null=True)
    legal_number = serializers.CharField(allow_null=True)
    logo_url = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    state = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    zipcode = serializers.CharField(source="postal_code", allow_null=True)
    applicable_timezone = Constant("UTC")


class CustomerResponse(serializers.Serializer[Any]):
    """The response with one customer."""

    customer = CustomerSerializer()


class ErrorSerializer(serializers.Serializer[Any]):
    """What went wrong."""

    status = serializers.IntegerField()
    error = serializers.CharField()
    code = serializers.CharField(required=False)
    message = serializers.CharField(required=False)
    error_details = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Codes by field.",
    )
