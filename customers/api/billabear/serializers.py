"""Serializers: the members of each body, and the column that each one is."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.models import Customer
from customers.rest.fields import (
    Alpha2Field,
    Body,
    Computed,
    Described,
    EmailField,
    SecondsField,
    StoredText,
)
from customers.rest.meanings import CUSTOMER, PAYMENT_METHOD

ALPHA2 = "ISO 3166-1 alpha-2, as `DE`"


class AddressWrite(Body):
    """An address, as the vendor's clients send it."""

    meanings = CUSTOMER

    company_name = StoredText(Customer, "legal_name")
    street_line_one = StoredText(Customer, "address_line1")
    street_line_two = StoredText(Customer, "address_line2")
    city = StoredText(Customer, "city")
    region = StoredText(Customer, "state")
    country = Alpha2Field(
        allow_null=False, allow_blank=False, help_text=f"{ALPHA2}; read where `country` is absent"
    )
    postcode = StoredText(Customer, "postal_code")


class CustomerUpdate(Body):
    """What PUT takes of a customer that is there."""

    meanings = CUSTOMER

    email = EmailField(Customer, "email", allow_null=False, allow_blank=False)
    country = Alpha2Field(allow_null=False, allow_blank=False, help_text=ALPHA2)
    reference = StoredText(Customer, "reference")
    external_reference = StoredText(
        Customer,
        "processor_reference",
        help_text="The external reference from Stripe for the customer",
    )
    address = AddressWrite(required=False, allow_null=True, help_text="Null is no address")

    def to_internal_value(self, data: Any) -> Any:
        """Read the address's members as the customer's own. Errors name them as `address.city`."""
        if data.get("country") is None and _has_country(data.get("address")):
            data = {name: value for name, value in data.items() if name != "country"}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError(_by_member(error.detail)) from None
        return {**(values.pop("address", None) or {}), **values}


class CustomerCreate(CustomerUpdate):
    """What creating a customer takes. A country is required, in the address if not beside it."""

    email = EmailField(Customer, "email", required=True, allow_null=False, allow_blank=False)
    country = Alpha2Field(
        allow_null=False,
        allow_blank=False,
        help_text=f"{ALPHA2}; required, unless `address` has one",
    )

    def to_internal_value(self, data: Any) -> Any:
        wrong = {}
        if "country" not in data and not _has_country(data.get("address")):
            wrong["country"] = [serializers.ErrorDetail("This field is required.", "required")]
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            details: Any = error.detail
            raise serializers.ValidationError({**details, **wrong}) from None
        if wrong:
            raise serializers.ValidationError(wrong)
        return values


def _has_country(address: Any) -> bool:
    return isinstance(address, Mapping) and "country" in address


def _by_member(detail: Any) -> dict[str, Any]:
    """Errors by field, where those of an object within the body are by its members."""
    flat = {}
    for name, texts in detail.items():
        for member, wrong in texts.items() if isinstance(texts, dict) else [("", texts)]:
            is_whole = member in ("", "non_field_errors")
            flat[name if is_whole else f"{name}.{member}"] = wrong
    return flat


class AddressSerializer(Described):
    """An address."""

    meanings = CUSTOMER

    company_name = serializers.CharField(source="legal_name", allow_null=True)
    street_line_one = serializers.CharField(source="address_line1", allow_null=True)
    street_line_two = serializers.CharField(source="address_line2", allow_null=True)
    city = serializers.CharField(allow_null=True)
    region = serializers.CharField(source="state", allow_null=True)
    country = serializers.CharField(allow_null=True)
    postcode = serializers.CharField(source="postal_code", allow_null=True)


@extend_schema_field(AddressSerializer)
class Address(Computed):
    """The address of a customer."""

    columns = (
        *("legal_name", "address_line1", "address_line2", "city", "state", "country"),
        "postal_code",
    )

    def make(self, origin: str, *values: Any) -> Any:
        return dict(zip(AddressSerializer._declared_fields, values, strict=True))


class CustomerSerializer(Described):
    """A customer, as the list has it."""

    meanings = CUSTOMER

    id = serializers.UUIDField()
    reference = serializers.CharField(allow_null=True)
    external_reference = serializers.CharField(source="processor_reference", allow_null=True)
    email = serializers.EmailField(allow_null=True)
    country = serializers.CharField(allow_null=True)


class CustomerDetailSerializer(CustomerSerializer):
    """A customer with the address."""

    address = Address(help_text="The legal name and the postal address.")


class CreatedSerializer(serializers.Serializer[Any]):
    """The response to PUT."""

    success = serializers.BooleanField(help_text="Always true.")
    customer = CustomerSerializer(help_text="The new customer, as the list has it.")


class PostedSerializer(CustomerDetailSerializer):
    """The response to POST: that to PUT, and the customer's members where clients look for them."""

    success = serializers.BooleanField(help_text="Always true.")
    customer = CustomerSerializer(help_text="The new customer, as the list has it.")


class NumberAsText(serializers.CharField):
    """A number, which the vendor writes as a text."""


class PaymentMethodSerializer(Described):
    """A card or bank account of a customer."""

    meanings = PAYMENT_METHOD

    id = serializers.UUIDField()
    name = serializers.CharField(source="bank_name", allow_null=True)
    default = serializers.BooleanField(source="is_default")
    brand = serializers.CharField(allow_null=True)
    last_four = serializers.CharField(source="last4", allow_null=True)
    expiry_month = NumberAsText(source="exp_month", allow_null=True)
    expiry_year = NumberAsText(source="exp_year", allow_null=True)
    created_at = SecondsField()


class ErrorSerializer(serializers.Serializer[Any]):
    """What went wrong."""

    success = serializers.BooleanField(help_text="Always false.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.CharField(), required=False, help_text="One sentence for each field."
    )
    reason = serializers.CharField(required=False, help_text="A sentence for people.")
