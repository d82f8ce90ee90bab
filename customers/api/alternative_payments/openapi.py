"""What the OpenAPI document tells of answers: examples from the reference, and every error."""

from __future__ import annotations

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from customers.api.alternative_payments.errors import render_error
from customers.api.alternative_payments.serializers import ErrorSerializer
from customers.rest.problems import of_status

CUSTOMER_ID = OpenApiParameter(
    "id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Customer ID"
)
PAYMENT_METHOD_ID = OpenApiParameter(
    "payment_method_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Payment Method ID"
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Write only if the customer is still at this `ETag`; 412 otherwise.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Answer 304 if the customer is still at this `ETag`.",
)
NOT_MODIFIED = OpenApiResponse(description="The customer is as the caller has it.")
ETAG = OpenApiParameter(
    "ETag",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="The customer's version.",
)

PATCH_EXAMPLE = OpenApiExample(
    "Address and names",
    {
        "city": "New York",
        "country": "USA",
        "ein": "12-3456789",
        "legal_name": "Acme Corporation Inc.",
        "name": "Acme Corp",
        "postal_code": "10001",
        "state": "NY",
        "street_address": "123 Main St, New York, NY 10001",
        "sub_premise": "Apt 1",
    },
    request_only=True,
)
TOKEN_EXAMPLE = OpenApiExample(
    "A token", {"access_token": "mF9xB5…", "expires_in": 3600, "token_type": "bearer"}
)

_WHEN = {
    400: "What cannot be read: the body, or a query parameter.",
    401: "No credential, or one that is unknown, revoked or expired.",
    403: "The credential lacks the scope; at the OAuth endpoints, wrong client credentials.",
    404: "There is no such customer for this credential.",
    409: "Another customer has the external id, or the customer already has a user of this email.",
    412: "The customer is no longer at the version that If-Match names.",
    413: "The body is larger than 1 MiB.",
    415: "The body has another content type than the one read here.",
    422: "Values that are not accepted, told by field.",
    429: "Too many requests; `Retry-After` says how many seconds to wait.",
}


def errors(*statuses: int) -> dict[int, OpenApiResponse]:
    """The error answers of an operation: `statuses`, and those that any may have."""
    told = {}
    for status in (*statuses, 500, 503):
        problem = of_status(status)
        told[status] = OpenApiResponse(
            ErrorSerializer,
            _WHEN.get(status, problem.message),
            [OpenApiExample(problem.code, render_error(problem)[1])],
        )
    return told


class ClientCredentialsScheme(OpenApiAuthenticationExtension):
    """The Basic credentials of the OAuth endpoints."""

    target_class = "customers.api.alternative_payments.oauth.ClientCredentials"
    name = "ClientCredentials"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "basic", "description": "client_id and client_secret"}
