"""One OpenAPI 3.1 document per contract: a global one would merge their `Customer` schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from drf_spectacular.validation import validate_schema
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models.scopes import SCOPES
from customers.rest.completion import complete
from customers.rest.contract import Contract
from customers.rest.problems import Problem, of_status
from customers.rest.views import ContractView


class BearerApiKeyScheme(OpenApiAuthenticationExtension):
    """The security scheme of API keys sent as Bearer."""

    target_class = "customers.rest.authentication.BearerApiKey"
    match_subclasses = True
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "An API key, live_… or test_…"}


class AccessTokenScheme(OpenApiAuthenticationExtension):
    """The security scheme of OAuth 2.0 access tokens."""

    target_class = "customers.rest.authentication.BearerAccessToken"
    name = "OAuth2"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "oauth2",
            "description": "Client credentials (RFC 6749, 4.4), sent as HTTP Basic.",
            "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": SCOPES}},
        }

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[Any]]:
        return {self.name: []}


class HeaderApiKeyScheme(OpenApiAuthenticationExtension):
    """The security scheme of API keys in a header of their own."""

    target_class = "customers.rest.authentication.HeaderApiKey"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "header", "name": "X-API-Key"}


class DescribedFilters(DjangoFilterExtension):
    """The parameters of filters, each described by its `help_text`."""

    priority = 1  # before the library's own, which leaves out what it did not find the type of

    def resolve_filter_field(self, *args: Any, **kwargs: Any) -> Any:
        found = super().resolve_filter_field(*args, **kwargs)
        filter_field = args[-1] if args else kwargs["filter_field"]
        return [{**each, "description": filter_field.extra["help_text"]} for each in found]


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    OpenApiParameter.HEADER,
    description="Chosen by the caller, 1 to 255 printable ASCII characters. If the same request is "
    "sent again with it within 24 hours, the first response is replayed with "
    "`Idempotent-Replayed: true`, and nothing else is done.",
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
    description="304 if the customer is still at this `ETag`.",
)
NOT_MODIFIED = OpenApiResponse(description="The customer has not changed.")
ETAG = OpenApiParameter(
    "ETag",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    response=[200, 201, 202],
    description="The customer's version.",
)

_WHEN = {
    400: "The body or a query parameter cannot be read.",
    401: "No credential, or one that is unknown, revoked or expired.",
    403: "The credential lacks the scope.",
    404: "There is no such customer for this credential.",
    409: "The Idempotency-Key is in use, or was used for another request.",
    412: "The customer is no longer at the version that If-Match names.",
    413: "The body is larger than 1 MiB.",
    415: "The body is not `application/json`.",
    422: "Some values are not accepted, listed by field.",
    429: "Too many requests in this window. Wait for `Retry-After` seconds, then send it again.",
    500: "Something went wrong here. Nothing was stored.",
    503: "The database is away or busy. Wait for `Retry-After` seconds, then send it again: a "
    "write with the same `Idempotency-Key`, as it may have been done.",
}


def error_responses(
    render_error: Callable[[Problem], tuple[int, Any]],
    serializer: Any,
    when: Mapping[int, str],
    statuses: Iterable[int],
    media_type: str = "",
) -> dict[Any, OpenApiResponse]:
    """The error responses of an operation in its contract's shape, each with an example.

    They have `statuses` and those that any operation may have; `when` has descriptions of its own.
    Without a `media_type` they are JSON.
    """
    responses: dict[Any, OpenApiResponse] = {}
    for status in sorted({*statuses, 429, 500, 503}):
        problem = of_status(status)
        responses[(status, media_type) if media_type else status] = OpenApiResponse(
            serializer,
            when.get(status) or _WHEN[status],
            [OpenApiExample(problem.code, render_error(problem)[1])],
        )
    return responses


def document(contract: Contract) -> dict[str, Any]:
    """The contract's OpenAPI document, a copy that the caller may change."""
    return deepcopy(_generate(contract))


class InvalidDocument(Exception):
    """The generator had to guess a part of a contract's OpenAPI document."""


def checked_document(contract: Contract) -> dict[str, Any]:
    """The same, checked against the OpenAPI specification.

    Raises:
        jsonschema.ValidationError: it is not valid.
        InvalidDocument: a part of it is a guess.
    """
    schema = document(contract)
    validate_schema(schema)
    if GENERATOR_STATS:
        raise InvalidDocument(f"{contract.title}: the generator had to guess, see its warnings.")
    return schema


@cache
def _generate(contract: Contract) -> dict[str, Any]:
    about = {
        "TITLE": f"{contract.title}: customers",
        "DESCRIPTION": contract.description,
        "VERSION": "1.0.0",
    }
    with patched_settings(about):
        generator = SchemaGenerator(urlconf=contract.urlconf)
        schema: dict[str, Any] = generator.get_schema(request=None, public=True)
    complete(schema, contract)
    return schema


class Document(ContractView):
    """Serves a contract's OpenAPI document. Mounted as `Document.as_view(contract=…)`."""

    schema = None
    authentication_classes = []
    permission_classes = []

    def get(self, request: Request) -> Response:
        # It changes with a release only.
        return Response(document(self.contract), headers={"Cache-Control": "public, max-age=300"})
