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
    Described,
    EmailField,
    MetadataField,
    SecondsField,
)
from customers.rest.meanings import CUSTOMER
from customers.values.cus_ids import encode

CUSTOMER_ID = {"type": "string", "pattern": "^cus_[0-7][0-9a-hjkmnp-tv-z]{25}$"}


def link(href: str) -> dict[str, str]:
    """A link to a resource of this contract."""
    return {"href": href, "type": "application/json"}


class LinkSerializer(serializers.Serializer[Any]):
    """A link."""

    href = serializers.URLField(help_text="An absolute address.")
    type = serializers.ChoiceField(
        choices=["application/json"], help_text="What a request to it is answered with."
    )


class SelfLinkSerializer(serializers.Serializer[Any]):
    """The links of a customer."""

    self = LinkSerializer(help_text="The customer itself.")


class CustomerCreate(Body):
    """What POST takes."""

    meanings = CUSTOMER

    email = EmailField(
        Customer,
        "email",
        required=True,
        allow_null=False,
        allow_blank=False,
        help_text="The address that invoices go to. No other live customer may have it, ignoring "
        "case.",
    )
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


class CustomerSerializer(Described):
    """A customer. The context has the `origin` that links begin with."""

    meanings = CUSTOMER

    id = CustomerId(help_text="The customer's id: `cus_` and 26 characters.")
    resource = Constant("customer", help_text="What this object is.")
    testmode = TestMode(help_text="Whether it is test data, which nothing is billed for.")
    email = serializers.EmailField(allow_null=True)
    createdAt = SecondsField(source="created_at")  # noqa: N815 (the wire's name)
    metadata = serializers.DictField(child=serializers.CharField())
    links = Links(help_text="Where the customer is found.")


class ListLinksSerializer(serializers.Serializer[Any]):
    """The links of a page."""

    self = LinkSerializer(help_text="This page.")
    next = LinkSerializer(allow_null=True, help_text="Null on the last page.")
    prev = LinkSerializer(allow_null=True, help_text="Null on the first page.")


@extend_schema_serializer(many=False)
class PageSerializer(serializers.Serializer[Any]):
    """A page of customers."""

    data = CustomerSerializer(  # type: ignore[assignment]
        many=True, help_text="The customers of this page."
    )
    links = ListLinksSerializer(help_text="The pages around.")
    count = serializers.IntegerField(help_text="How many customers are on this page.")


@extend_schema_serializer(many=False)
class NoSubscriptionsSerializer(serializers.Serializer[Any]):
    """A page without subscriptions."""

    data = serializers.ListField(  # type: ignore[assignment]
        child=serializers.DictField(), max_length=0, help_text="Always empty."
    )
    links = ListLinksSerializer(help_text="The pages around, of which there are none.")
    count = serializers.IntegerField(min_value=0, max_value=0, help_text="Always 0.")


class ErrorSerializer(serializers.Serializer[Any]):
    """What went wrong."""

    message = serializers.CharField(help_text="A sentence for people.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Sentences by field.",
    )
