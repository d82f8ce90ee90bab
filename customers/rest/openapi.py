"""One OpenAPI 3.1 document per contract: a global one would merge their `Customer` schemas."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from rest_framework.request import Request
from rest_framework.response import Response

from customers.rest.contract import Contract
from customers.rest.views import ContractView
from customers.scopes import SCOPES


class AccessTokenScheme(OpenApiAuthenticationExtension):
    """How a document tells of OAuth 2.0 access tokens."""

    target_class = "customers.authentication.BearerAccessToken"
    name = "OAuth2"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "oauth2",
            "description": "Client credentials (RFC 6749, 4.4), sent as HTTP Basic.",
            "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": SCOPES}},
        }

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[Any]]:
        return {self.name: []}


class BearerApiKeyScheme(OpenApiAuthenticationExtension):
    """How a document tells of API keys sent as Bearer."""

    target_class = "customers.authentication.BearerApiKey"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "An API key, live_… or test_…"}


@cache
def document(contract: Contract) -> dict[str, Any]:
    """The contract's OpenAPI document."""
    about = {
        "TITLE": f"{contract.title}: customers",
        "DESCRIPTION": contract.description,
        "VERSION": "1.0.0",
    }
    with patched_settings(about):
        generator = SchemaGenerator(urlconf=contract.urlconf)
        schema: dict[str, Any] = generator.get_schema(request=None, public=True)
    return schema


class Document(ContractView):
    """Serves a contract's OpenAPI document. Mounted as `Document.as_view(contract=…)`."""

    schema = None
    authentication_classes = []
    permission_classes = []

    def get(self, request: Request) -> Response:
        return Response(document(self.contract))
