"""Parts of the OpenAPI document: parameters, examples from the reference, and errors."""

from __future__ import annotations

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from customers.api.alternative_payments.errors import render_error
from customers.api.alternative_payments.serializers import ErrorSerializer
from customers.rest.openapi import error_responses

CUSTOMER_ID = OpenApiParameter(
    "id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Customer ID"
)
PAYMENT_METHOD_ID = OpenApiParameter(
    "payment_method_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Payment Method ID"
)

_WHEN = {
    403: "The credential lacks the scope; at the OAuth endpoints, wrong client credentials.",
    409: "Another customer has the external id, the customer already has a user of this email, "
    "or the Idempotency-Key is in use or was used for another request.",
}


def errors(*statuses: int) -> dict[int, OpenApiResponse]:
    """The error responses of an operation: `statuses`, and those that any may have."""
    return error_responses(render_error, ErrorSerializer, _WHEN, statuses)


class ClientCredentialsScheme(OpenApiAuthenticationExtension):
    """The Basic credentials of the OAuth endpoints."""

    target_class = "customers.api.alternative_payments.oauth.ClientCredentials"
    name = "ClientCredentials"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "basic", "description": "client_id and client_secret"}
