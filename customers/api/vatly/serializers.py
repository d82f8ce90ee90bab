"""Serializers: the members of each body, and the column that each one is."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from customers.models import Customer
from customers.rest.fields import EmailField, MetadataField, SecondsField
from customers.values.cus_ids import encode
from customers.values.validators import METADATA_KEY_LENGTH, METADATA_KEYS, METADATA_VALUE_LENGTH

METADATA = {
    "type": "object",
    "maxProperties": METADATA_KEYS,
    "propertyNames": {"maxLength": METADATA_KEY_LENGTH},
    "additionalProperties": {"type": "string", "maxLength": METADATA_VALUE_LENGTH},
}
CUSTOMER_ID = {"type": "string", "pattern": "^cus_[0-7][0-9a-hjkmnp-tv-z]{25}$"}


def link(href: str) -> dict[str, str]:
    """A link to a resource of this contract."""
    return {"href": href, "type": "application/json"}


@extend_schema_field(METADATA)
class Metadata(MetadataField):
    """Up to 50 keys, with key names up to 40 characters and values up to 500 characters."""


class LinkSerializer(serializers.Serializer[Any]):
    """A link."""

    href = serializers.URLField()
    type = serializers.ChoiceField(choices=["application/json"])


class SelfLinkSerializer(serializers.Serializer[Any]):
    """The links of a customer."""

    self = LinkSerializer()


class CustomerCreate(serializers.Serializer[Any]):
    """What POST takes."""

    email = EmailField(Customer, "email", required=True, allow_null=False, allow_blank=False)
    metadata = Metadata()


class CustomerSerializer(serializers.Serializer[Any]):
    """A customer. The context has the `origin` that links begin with."""

    id = serializers.SerializerMethodField()
    resource = serializers.ChoiceField(choices=["customer"], default="customer", read_only=True)
    testmode = serializers.SerializerMethodField()
    email = serializers.EmailField(allow_null=True)
    createdAt = SecondsField(source="created_at")  # noqa: N815 (the wire's name)
    metadata = serializers.DictField(child=serializers.CharField())
    links = serializers.SerializerMethodField()

    def get_id(self, customer: Customer) -> str:
        return encode(customer.pk)

    def get_testmode(self, customer: Customer) -> bool:
        return customer.mode == "test"

    @extend_schema_field(SelfLinkSerializer)
    def get_links(self, customer: Customer) -> dict[str, dict[str, str]]:
        return {"self": link(f"{self.context['origin']}/v1/customers/{encode(customer.pk)}")}


class ListLinksSerializer(serializers.Serializer[Any]):
    """The links of a page."""

    self = LinkSerializer()
    next = LinkSerializer(allow_null=True)
    prev = LinkSerializer(allow_null=True)


@extend_schema_serializer(many=False)
class PageSerializer(serializers.Serializer[Any]):
    """A page of customers."""

    data = CustomerSerializer(many=True)  # type: ignore[assignment]
    links = ListLinksSerializer()
    count = serializers.IntegerField(help_text="How many customers are on this page.")


class ErrorSerializer(serializers.Serializer[Any]):
    """What went wrong."""

    message = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Sentences by field.",
    )
