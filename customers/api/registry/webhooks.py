"""The endpoints of webhook endpoints."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.registry.contract import BASE
from customers.api.registry.endpoints import Endpoint
from customers.api.registry.openapi import CREATE, WRITE, Shown, errors
from customers.api.registry.webhook_serializers import (
    Rotation,
    WebhookEndpointPatch,
    WebhookEndpointSerializer,
    WebhookEndpointWrite,
    WebhookSecretsSerializer,
)
from customers.models.credential import Credential, Tenant
from customers.models.scopes import READ
from customers.models.scopes import WRITE as WRITE_SCOPE
from customers.rest.authentication import HasScope
from customers.rest.openapi import ETAG, IF_MATCH, IF_NONE_MATCH, NOT_MODIFIED
from customers.rest.views import uuid_or_404
from customers.webhooks.models import WebhookEndpoint

ENDPOINT_ID = OpenApiParameter(
    "id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The endpoint's id."
)
CHANGE = [ENDPOINT_ID, IF_MATCH, ETAG, *WRITE]
SHOWN = Shown("WebhookEndpoint", WebhookEndpointSerializer, "endpoint")


class EndpointNotFound(NotFound):
    """There is no such endpoint, or no such delivery to it."""

    default_detail = "There is no such webhook endpoint or delivery for this credential."


class MayReadAndWrite(HasScope):
    """Reading what is known of endpoints requires one scope; their secrets and changes, both."""

    def has_permission(self, request: Request, view: Any) -> bool:
        needed = {READ}
        if request.method not in SAFE_METHODS or getattr(view, "action", "") == "secret":
            needed.add(WRITE_SCOPE)
        held = request.auth.scopes if isinstance(request.auth, Credential) else frozenset()
        self.message = f"The credential lacks the scope {', '.join(sorted(needed - held))}."
        return needed <= held


def endpoints(tenant: Tenant) -> QuerySet[Any]:
    """The tenant's endpoints."""
    return WebhookEndpoint.objects.visible_to(tenant)


def endpoint_of(tenant: Tenant, id: Any) -> QuerySet[Any]:
    """The tenant's endpoint of this id."""
    return endpoints(tenant).filter(pk=id)


class WebhooksEndpoint(Endpoint):
    """Base of the endpoints of webhooks."""

    permission_classes = [MayReadAndWrite]

    def endpoint(self, id: str) -> WebhookEndpoint:
        """The endpoint of this id. Raises EndpointNotFound."""
        try:
            found = endpoint_of(self.tenant, uuid_or_404(id)).first()
        except Http404:
            found = None
        if found is None:
            raise EndpointNotFound
        assert isinstance(found, WebhookEndpoint)
        return found


class WebhookEndpointViewSet(WebhooksEndpoint):
    """Webhook endpoints."""

    queryset = WebhookEndpoint.objects.none()
    serializer_class = WebhookEndpointSerializer

    @extend_schema(
        operation_id="list_webhook_endpoints",
        summary="List webhook endpoints",
        tags=["Webhooks"],
        responses={200: WebhookEndpointSerializer(many=True), **errors()},
    )
    def list(self, request: Request) -> Response:
        return self.page(endpoints)

    @extend_schema(
        operation_id="create_webhook_endpoint",
        summary="Create a webhook endpoint",
        tags=["Webhooks"],
        parameters=CREATE,
        request=WebhookEndpointWrite,
        responses={**SHOWN.created, **errors(409, 413, 415, 422)},
    )
    def create(self, request: Request) -> HttpResponseBase:
        values = WebhookEndpointWrite.read(request.data)
        endpoint, _secret = WebhookEndpoint.create(self.tenant, values)
        return self.written(endpoint, f"{BASE}/webhook_endpoints/{endpoint.pk}")

    @extend_schema(
        operation_id="get_webhook_endpoint",
        summary="Get a webhook endpoint",
        tags=["Webhooks"],
        parameters=[ENDPOINT_ID, IF_NONE_MATCH, ETAG],
        responses={
            200: OpenApiResponse(WebhookEndpointSerializer, "The endpoint."),
            304: NOT_MODIFIED,
            **errors(404),
        },
    )
    def retrieve(self, request: Request, id: str) -> HttpResponseBase:
        try:
            return self.show(self.one(endpoint_of, id=uuid_or_404(id)))
        except Http404:
            raise EndpointNotFound from None

    @extend_schema(
        operation_id="patch_webhook_endpoint",
        summary="Change a webhook endpoint",
        tags=["Webhooks"],
        parameters=CHANGE,
        request={
            "application/merge-patch+json": WebhookEndpointPatch,
            "application/json": WebhookEndpointPatch,
        },
        responses={**SHOWN.written, **errors(404, 409, 412, 413, 415, 422)},
    )
    def partial_update(self, request: Request, id: str) -> HttpResponseBase:
        endpoint = self.endpoint(id)
        self.will_change(endpoint)
        changes = WebhookEndpointPatch.read(request.data, partial=True)
        endpoint.revise(changes, expecting=self.expecting)
        return self.written(endpoint)

    @extend_schema(
        operation_id="remove_webhook_endpoint",
        summary="Remove a webhook endpoint",
        tags=["Webhooks"],
        parameters=[ENDPOINT_ID, IF_MATCH, *WRITE],
        request=None,
        responses={**SHOWN.written, **errors(404, 409, 412, 413)},
    )
    def destroy(self, request: Request, id: str) -> HttpResponseBase:
        endpoint = self.endpoint(id)
        members = self.members_of(endpoint)
        endpoint.remove(expecting=self.expecting)
        return self.removed(members)

    @extend_schema(
        operation_id="get_webhook_secret",
        summary="Get the secrets of a webhook endpoint",
        tags=["Webhooks"],
        parameters=[ENDPOINT_ID],
        responses={200: OpenApiResponse(WebhookSecretsSerializer, "The secrets."), **errors(404)},
    )
    def secret(self, request: Request, id: str) -> Response:
        return Response({"secrets": self.endpoint(id).secrets(timezone.now())})

    @extend_schema(
        operation_id="rotate_webhook_secret",
        summary="Give a webhook endpoint a new secret",
        tags=["Webhooks"],
        parameters=CHANGE,
        request=Rotation,
        responses={**SHOWN.written, **errors(404, 409, 412, 413, 415, 422)},
    )
    def rotate(self, request: Request, id: str) -> HttpResponseBase:
        endpoint = self.endpoint(id)
        self.will_change(endpoint)
        overlap = timedelta(hours=Rotation.read(request.data)["overlap_hours"])
        endpoint.rotate(overlap, expecting=self.expecting)
        return self.written(endpoint)
