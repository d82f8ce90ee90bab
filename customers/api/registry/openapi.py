"""Parts of the OpenAPI document: parameters, responses and examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    inline_serializer,
)
from rest_framework import serializers

from customers.api.registry.errors import MEDIA_TYPE, details
from customers.api.registry.serializers import (
    OUTCOMES,
    WAS_DRY_RUN,
    ChangeSerializer,
    CustomerSerializer,
    ErrorSerializer,
    PaymentMethodSerializer,
    UserSerializer,
)
from customers.rest.dry_run import PARAMETER
from customers.rest.filters import INSTANT
from customers.rest.openapi import IDEMPOTENCY_KEY, error_responses
from customers.rest.problems import Problem

REQUEST_ID = "019470a0-0000-7000-8000-000000000000"

CUSTOMER_ID = OpenApiParameter(
    "id",
    OpenApiTypes.STR,
    OpenApiParameter.PATH,
    description="The customer's UUID, or the same as `cus_…`.",
)
EXTERNAL_ID = OpenApiParameter(
    "external_id",
    OpenApiTypes.STR,
    OpenApiParameter.PATH,
    description="The customer's external id; characters that a URL cannot have are "
    "percent-encoded.",
)
USER_ID = OpenApiParameter(
    "user_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The user's id."
)
PAYMENT_METHOD_ID = OpenApiParameter(
    "payment_method_id",
    OpenApiTypes.UUID,
    OpenApiParameter.PATH,
    description="The payment method's id.",
)
EVENT_ID = OpenApiParameter(
    "event_id", OpenApiTypes.STR, OpenApiParameter.PATH, description="The event's id, `evt_…`."
)
EXPAND = OpenApiParameter(
    "expand",
    OpenApiTypes.STR,
    description="`users`, `payment_methods`, or both with a comma: the first 100 of each are shown "
    "in the customer. The response has no `ETag` then.",
)
AS_OF = OpenApiParameter(
    "as_of",
    INSTANT,
    description="A time: the customer as it stood then, with what `expand` asks for. The response "
    "has no `ETag` then. A time before the record begins is 404.",
)
DRY_RUN = OpenApiParameter(
    PARAMETER,
    OpenApiTypes.STR,
    enum=["false", "true"],
    default="false",
    description="`true` answers 200 with what would be done, and writes nothing.",
)
METADATA = OpenApiParameter(
    "metadata",
    {"type": "object", "additionalProperties": {"type": "string", "maxLength": 500}},
    style="deepObject",
    explode=True,
    description="`metadata[plan]=gold`: with exactly this value. `metadata[plan]=`: without the "
    "key, or with an empty value. Up to 10 keys.",
)
ETAG_OF_CREATED = OpenApiParameter(
    "ETag",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    response=[201],
    description="The version.",
)
LOCATION = OpenApiParameter(
    "Location",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    response=[201],
    description="The path of what was created.",
)

#: Of every write, and of those that create.
WRITE = [DRY_RUN, IDEMPOTENCY_KEY]
CREATE = [*WRITE, ETAG_OF_CREATED, LOCATION]

_WHEN = {
    409: "Another customer has the external id, the customer already has a user of this email, "
    "or the Idempotency-Key is in use or was used for another request.",
    410: "The cursor is too old: events after it may be missing. List the customers again, and "
    "follow events from start=now.",
    404: "There is no such customer, user or payment method for this credential, or `as_of` is "
    "before the record begins.",
    412: "It is no longer at the version that If-Match names.",
    413: "The body is too large: over 1 MiB, or 2 MiB for a batch.",
    415: "The body is not JSON.",
}


def errors(*statuses: int) -> dict[Any, OpenApiResponse]:
    """The error responses of an operation: `statuses`, and those that any may have."""
    return error_responses(
        _example, ErrorSerializer, _WHEN, (*statuses, 400, 401, 403), media_type=MEDIA_TYPE
    )


def _example(problem: Problem) -> tuple[int, dict[str, Any]]:
    return problem.status, details(problem, REQUEST_ID)


def _dry_run(name: str, record: type[serializers.Serializer[Any]]) -> Any:
    """The response of a dry run of a record."""
    return inline_serializer(
        f"{name}DryRun",
        {
            "dry_run": serializers.BooleanField(help_text=WAS_DRY_RUN),
            "outcome": serializers.ChoiceField(
                choices=OUTCOMES, help_text="What the write would do."
            ),
            "record": record(allow_null=True, help_text="As it would be; null if removed."),
            "changes": serializers.DictField(child=ChangeSerializer(), help_text="By member."),
        },
    )


def _or_dry_run(name: str, record: type[serializers.Serializer[Any]], dry_run: Any) -> Any:
    return PolymorphicProxySerializer(f"{name}OrDryRun", [record, dry_run], None, many=False)


class Shown:
    """How the responses of writes to one kind of record are documented."""

    def __init__(self, name: str, record: type[serializers.Serializer[Any]], what: str) -> None:
        dry_run = _dry_run(name, record)
        self.created = {
            201: OpenApiResponse(record, f"The {what}."),
            200: OpenApiResponse(dry_run, "What would be created."),
        }
        either = _or_dry_run(name, record, dry_run)
        self.written = {200: OpenApiResponse(either, f"The {what}, or what would be written.")}
        self.upserted = {201: self.created[201], **self.written}


CUSTOMER = Shown("Customer", CustomerSerializer, "customer")
USER = Shown("User", UserSerializer, "user")
PAYMENT_METHOD = Shown("PaymentMethod", PaymentMethodSerializer, "payment method")
