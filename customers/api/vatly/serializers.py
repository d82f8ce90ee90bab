"""Serializers: the members of each body, and the column that each one is."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from customers.models import Customer
from customers.rest.fields import (
    Body,
    Computed,
    Constant,
    EmailField,
    MetadataField,
    SecondsField,
)
from customers.values.cus_ids import encode

CUSTOMER_ID = {"type": "string", "pattern": "^cus_[0-7][0-9a-hjkmnp-tv-z]{25}$"}


def link(href: str) -> dict[str, str]:
    """A link to a resource of this contract."""
    return {"href": href, "type": "application/json"}


class LinkSerializer(serializers.Serializer[Any]):
    """A link."""

    href = serializers.URLField()
    type = serializers.ChoiceField(choices=["application/json"])


class SelfLinkSerializer(serializers.Serializer[Any]):
    """The links of a customer."""

    self = LinkSerializer()


class CustomerCreate(Body):
    """What POST takes."""

    email = EmailField(Customer, "email", required=True, allow_null=False, allow_blank=False)
    metadata = MetadataField()


@extend_schema_field(OpenApiTypes.STR)
class CustomerId(Computed):
    """The `cus_` id, an encoding of the UUID."""

    columns = ("id",)

    def make(self, origin: str, *values: Any) -> str:
        return encode(*values)


@extend_schema_field(OpenApiTypes.BOOL)
class TestMode(Computed):
    """Whether the customer is test data."""

    columns = ("mode",)

    def make(self, origin: str, *values: Any) -> bool:
        return values == ("test",)


@extend_schema_field(SelfLinkSerializer)
class Links(Computed):
    """The links of a customer."""

    columns = ("id",)

    def make(self, origin: str, *values: Any) -> dict[str, dict[str, str]]:
        return {"self": link(f"{origin}/v1/customers/{encode(*values)}")}


class CustomerSerializer(serializers.Serializer[Any]):
    """A customer. The context has the `origin` that links begin with."""

    id = CustomerId()
    resource = Constant("customer")
    testmode = TestMode()
    email = serializers.EmailField(allow_null=True)
    createdAt = SecondsField(source="created_at")  # noqa: N815 (the wire's name)
    metadata = serializers.DictField(child=serializers.CharField())
    links = Links()


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


@extend_schema_serializer(many=False)
class NoSubscriptionsSerializer(serializers.Serializer[Any]):
    """A page without subscriptions."""

    data = serializers.ListField(child=serializers.DictField(), max_length=0)  # type: ignore[assignment]
    links = ListLinksSerializer()
    count = serializers.IntegerField(min_value=0, max_value=0)


class ErrorSerializer(serializers.Serializer[Any]):
    """What went wrong."""

    message = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Sentences by field.",
    )
