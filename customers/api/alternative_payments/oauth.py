"""The token endpoint (RFC 6749, 4.4) and revocation (RFC 7009), over django-oauth-toolkit."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from django.http import QueryDict
from drf_spectacular.utils import OpenApiResponse, extend_schema
from oauth2_provider.views.mixins import OAuthLibMixin
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.alternative_payments.contract import CONTRACT
from customers.api.alternative_payments.openapi import errors
from customers.api.alternative_payments.serializers import (
    RevocationRequest,
    TokenRequest,
    TokenSerializer,
)
from customers.rest.parsers import SmallFormParser
from customers.rest.throttling import AddressThrottle
from customers.rest.views import ContractViewSet

MAX_PARAMETERS = 20  # of a form that needs three


class OAuthRefusal(APIException):
    """What the OAuth server refuses (RFC 6749, 5.2), in this contract's statuses."""

    def __init__(self, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.status_code = status


class ClientCredentials(BaseAuthentication):
    """HTTP Basic with a client's id and secret, which django-oauth-toolkit checks."""

    def authenticate(self, request: Request) -> None:
        return None


class OAuthEndpoint(OAuthLibMixin, ContractViewSet):
    """Base of the two endpoints: django-oauth-toolkit checks the client's credentials."""

    contract = CONTRACT
    authentication_classes = [ClientCredentials]
    permission_classes = []
    parser_classes = [SmallFormParser]

    def read_form(self, request: Request) -> dict[str, str]:
        """The form, read as RFC 6749, 3.2 says, here and in django-oauth-toolkit.

        Repeated parameters are refused, and parameters without a value are ignored.
        """
        given = request.data
        if not isinstance(given, QueryDict):
            return {}  # there was no body
        if any(len(values) > 1 for _, values in given.lists()):
            raise ParseError("A parameter is given more than once.")
        if len(given) > MAX_PARAMETERS:
            raise ParseError("There are too many parameters.")
        form = {name: str(value) for name, value in given.items() if value}
        request._request._post = QueryDict(urlencode(form))  # type: ignore[attr-defined]
        return form

    def refuse(self, body: str) -> OAuthRefusal:
        """The exception for a response of django-oauth-toolkit that is an error."""
        answer = json.loads(body) if body else {}
        code = answer.get("error", "invalid_request")
        if code in ("invalid_client", "unauthorized_client"):
            return OAuthRefusal("The client's id or secret is wrong, or it was revoked.", 403)
        return OAuthRefusal(answer.get("error_description") or code)


class TokenViewSet(OAuthEndpoint):
    """Issues access tokens to clients."""

    throttle_classes = [AddressThrottle]

    @extend_schema(
        operation_id="create_token",
        summary="Get an access token",
        tags=["OAuth"],
        request={"application/x-www-form-urlencoded": TokenRequest},
        responses={
            200: OpenApiResponse(TokenSerializer, "The token."),
            **errors(400, 403, 413, 415, 429),
        },
    )
    def create(self, request: Request) -> Response:
        form = self.read_form(request)
        if form.get("grant_type") != "client_credentials":
            raise OAuthRefusal("grant_type must be client_credentials.")
        _, _, body, status = self.create_token_response(request._request)
        if status != 200:
            raise self.refuse(body)
        token = json.loads(body)
        return Response(
            {
                "access_token": token["access_token"],
                "expires_in": token["expires_in"],
                "token_type": "bearer",
            },
            headers={"Cache-Control": "no-store", "Pragma": "no-cache"},
        )


class RevocationViewSet(OAuthEndpoint):
    """Revokes access tokens."""

    throttle_classes = [AddressThrottle]

    @extend_schema(
        operation_id="revoke_token",
        summary="Revoke an access token",
        tags=["OAuth"],
        request={"application/x-www-form-urlencoded": RevocationRequest},
        responses={
            200: OpenApiResponse(description="The token is revoked, or was unknown."),
            **errors(400, 403, 413, 415, 429),
        },
    )
    def create(self, request: Request) -> Response:
        self.read_form(request)
        _, _, body, status = self.create_revocation_response(request._request)
        if status != 200:
            raise self.refuse(body)
        return Response(status=200)
