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
    Described,
    EmailField,
    MetadataField,
    SecondsField,
    StoredText,
)
from customers.rest.meanings import CUSTOMER
from customers.values.validators import METADATA_KEY_LENGTH, METADATA_KEYS, METADATA_VALUE_LENGTH

BILLING_CONFIGURATION = {
    "type": "object",
    "properties": {
        "provider_customer_id": {
            "type": ["string", "null"],
            "description": "The customer's id at its payment provider.",
        }
    },
}
METADATA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["key", "value"],
        "properties": {
            "key": {
                "type": "string",
                "maxLength": METADATA_KEY_LENGTH,
                "description": "Unique in the list.",
            },
            "value": {
                "type": "string",
                "maxLength": METADATA_VALUE_LENGTH,
                "description": "A text.",
            },
            "display_in_invoice": {
                "type": "boolean",
                "description": "Not stored: false in every response.",
            },
        },
    },
    "maxItems": METADATA_KEYS,
}


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


@extend_schema_field(OpenApiTypes.STR)
class Slug(Computed):
    """A customer's number after the organization's prefix: the end of its id, as `3CC-41F0-001`.

    The vendor's prefix begins with letters of the name, which here may change.
    """

    columns = ("organization_id", "sequential_id")

    def make(self, origin: str, *values: Any) -> str | None:
        organization_id, number = values
        if number is None:  # it is not stored yet
            return None
        prefix = organization_id.hex.upper()
        return f"{prefix[-7:-4]}-{prefix[-4:]}-{number:03}"


@extend_schema_field(BILLING_CONFIGURATION)
class BillingConfigurationWrite(StoredText):
    """The id in a payment system. The vendor's other members are ignored; without it there is none.

    Null is no configuration, as the clients of 2022 send it with every update.
    """

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is serializers.empty:
            return super().run_validation(data)
        if data is None or (isinstance(data, dict) and "provider_customer_id" not in data):
            raise serializers.SkipField
        if not isinstance(data, dict):
            self.fail("type")
        return super().run_validation(data["provider_customer_id"])


@extend_schema_field(BILLING_CONFIGURATION)
class BillingConfiguration(Computed):
    """The id in a payment system."""

    columns = ("processor_reference",)

    def make(self, origin: str, *values: Any) -> Any:
        return {"provider_customer_id": values[0]}


@extend_schema_field(METADATA)
class MetadataWrite(MetadataField):
    """Metadata as a list of keys and values, which replaces what is stored."""

    default_error_messages = {"pairs": "Must be a list of objects with a key and a value."}

    def to_internal_value(self, data: Any) -> Any:
        pairs: list[Any] = data if isinstance(data, list) else [None]
        if not all(isinstance(pair, dict) and _is_pair(pair) for pair in pairs):
            self.fail("pairs")
        values = {pair["key"]: pair["value"] for pair in pairs}
        if len(values) != len(pairs):
            self.fail("pairs")
        return super().to_internal_value(values)


def _is_pair(pair: dict[str, Any]) -> bool:
    return isinstance(pair.get("key"), str) and isinstance(pair.get("value"), str)


@extend_schema_field(METADATA)
class Metadata(Computed):
    """Metadata as a list of keys and values."""

    columns = ("metadata",)

    def make(self, origin: str, *values: Any) -> Any:
        return [
            {"key": key, "value": value, "display_in_invoice": False}
            for key, value in values[0].items()
        ]


class CustomerWrite(Body):
    """What POST takes under `customer`. One of the two ids is mandatory."""

    meanings = CUSTOMER

    customer_id = StoredText(
        Customer,
        "external_id",
        help_text="Your own id, by which the customer is known here.",
    )
    external_id = StoredText(Customer, "external_id", help_text="Another name for `customer_id`.")
    address_line1 = StoredText(Customer, "address_line1")
    address_line2 = StoredText(Customer, "address_line2")
    city = StoredText(Customer, "city")
    country = Country(help_text="ISO 3166-1 alpha-2, as `US`, in either case.")
    email = EmailField(Customer, "email")
    legal_name = StoredText(Customer, "legal_name")
    legal_number = StoredText(Customer, "legal_number")
    logo_url = StoredText(Customer, "logo_url")
    name = StoredText(Customer, "name")
    phone = StoredText(Customer, "phone")
    state = StoredText(Customer, "state")
    url = StoredText(Customer, "url")
    zipcode = StoredText(Customer, "postal_code")
    billing_configuration = BillingConfigurationWrite(
        Customer,
        "processor_reference",
        help_text="Of the vendor's configuration the provider's id alone is stored. Null leaves it "
        "as it is.",
    )
    metadata = MetadataWrite(
        help_text="Keys and values, which replace what is stored; null leaves none."
    )

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

    customer = CustomerWrite(help_text="The members to write. Those that are absent stay.")


class CustomerSerializer(Described):
    """A customer."""

    meanings = CUSTOMER

    lago_id = serializers.UUIDField(source="id")
    sequential_id = serializers.IntegerField(
        help_text="Counted in the order of creation, for the organization's live and test data"
    )
    slug = Slug(help_text="The end of the organization's id, and `sequential_id`.")
    customer_id = KnownId(help_text="Your own id for the customer; its UUID if it has none.")
    external_id = KnownId(help_text="The same as `customer_id`, as today's clients call it.")
    address_line1 = serializers.CharField(allow_null=True)
    address_line2 = serializers.CharField(allow_null=True)
    city = serializers.CharField(allow_null=True)
    country = serializers.CharField(allow_null=True)
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
    billing_configuration = BillingConfiguration(
        help_text="Of the vendor's configuration the provider's id alone."
    )
    metadata = Metadata(help_text="Keys and values.")
    applicable_timezone = Constant("UTC", help_text="Always `UTC`.")


class CustomerResponse(serializers.Serializer[Any]):
    """The response with one customer."""

    customer = CustomerSerializer(help_text="The customer.")


class ErrorSerializer(serializers.Serializer[Any]):
    """What went wrong."""

    status = serializers.IntegerField(help_text="The response's status.")
    error = serializers.CharField(help_text="The status in words.")
    code = serializers.CharField(
        required=False, help_text="Of 404: `customer_not_found`, or `resource_not_found`."
    )
    message = serializers.CharField(required=False, help_text="A sentence for people.")
    error_details = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Codes by field.",
    )
