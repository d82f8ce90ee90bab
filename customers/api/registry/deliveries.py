"""The endpoints of deliveries to webhook endpoints."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.registry.openapi import WRITE, errors
from customers.api.registry.pagination import CursorPagination, PageQuery
from customers.api.registry.webhook_serializers import (
    DeliverySerializer,
    Range,
    RedeliveredSerializer,
)
from customers.api.registry.webhooks import (
    ENDPOINT_ID,
    EndpointNotFound,
    WebhooksEndpoint,
)
from customers.rest.fields import OneOf
from customers.rest.reading import Found
from customers.webhooks.models import Delivery, WebhookEndpoint

DELIVERY_ID = OpenApiParameter(
    "delivery_id",
    OpenApiTypes.INT64,
    OpenApiParameter.PATH,
    description="The delivery's number.",
)
STATE, ANY = "state", "any"


class DeliveryQuery(PageQuery):
    """The query parameters of a page of deliveries."""

    state = OneOf([ANY, *Delivery.State.values], default=ANY, help_text="Those in this state alone")


class DeliveryPagination(CursorPagination):
    """Pages of deliveries. Their ids are numbers, which a cursor has in the place of a UUID."""

    query = DeliveryQuery


class DeliveryViewSet(WebhooksEndpoint):
    """Deliveries."""

    queryset = Delivery.objects.none()
    serializer_class = DeliverySerializer
    pagination_class = DeliveryPagination

    @extend_schema(
        operation_id="list_deliveries",
        summary="List deliveries to a webhook endpoint",
        tags=["Webhooks"],
        parameters=[ENDPOINT_ID],
        responses={200: DeliverySerializer(many=True), **errors(404)},
    )
    def list(self, request: Request, id: str) -> Response:
        assert isinstance(self.paginator, DeliveryPagination)
        rows = self.deliveries(self.endpoint(id))
        place = self.paginator.read_place(request)
        state = self.paginator.read_query(request)[STATE]
        rows = rows if state == ANY else rows.filter(state=state)
        ends: Any = {"after": _number(place.after), "before": _number(place.before)}
        numbered = replace(place, **ends)
        found = list(numbered.following(rows))
        has_passed = found[0].has_passed if found and place.cursor else False
        shown = [Found(UUID(int=row.pk), 0, self.members_of(row)) for row in found]
        return Response(self.paginator.envelope(place.page(shown, has_passed=has_passed)))

    @extend_schema(
        operation_id="get_delivery",
        summary="Get a delivery",
        tags=["Webhooks"],
        parameters=[ENDPOINT_ID, DELIVERY_ID],
        responses={200: OpenApiResponse(DeliverySerializer, "The delivery."), **errors(404)},
    )
    def retrieve(self, request: Request, id: str, delivery_id: str) -> Response:
        return Response(self.members_of(self.delivery(self.endpoint(id), delivery_id)))

    @extend_schema(
        operation_id="redeliver",
        summary="Send a delivery again",
        tags=["Webhooks"],
        parameters=[ENDPOINT_ID, DELIVERY_ID, *WRITE],
        request=None,
        responses={200: RedeliveredSerializer, **errors(404, 409, 413)},
    )
    def redeliver(self, request: Request, id: str, delivery_id: str) -> HttpResponseBase:
        endpoint = self.endpoint(id)
        delivery = self.delivery(endpoint, delivery_id)
        return self.redelivered(Delivery.objects.to(endpoint).filter(pk=delivery.pk).redeliver())

    @extend_schema(
        operation_id="redeliver_range",
        summary="Send the deliveries of a range of time again",
        tags=["Webhooks"],
        parameters=[ENDPOINT_ID, *WRITE],
        request=Range,
        responses={200: RedeliveredSerializer, **errors(404, 409, 413, 415, 422)},
    )
    def redeliver_range(self, request: Request, id: str) -> HttpResponseBase:
        endpoint, given = self.endpoint(id), Range.read(request.data)
        rows = Delivery.objects.to(endpoint).of_events_within(given["since"], given["until"])
        if given.get(STATE):
            rows = rows.filter(state=given[STATE])
        return self.redelivered(rows.redeliver())

    @extend_schema(
        operation_id="send_test_event",
        summary="Send a test event to a webhook endpoint",
        tags=["Webhooks"],
        parameters=[ENDPOINT_ID, *WRITE],
        request=None,
        responses={
            201: OpenApiResponse(DeliverySerializer, "The delivery."),
            200: OpenApiResponse(DeliverySerializer, "The delivery that would be made."),
            **errors(404, 409, 413),
        },
    )
    def send_test(self, request: Request, id: str) -> Response:
        delivery = Delivery.send_test(self.endpoint(id))
        return Response(self.members_of(delivery), status=200 if self.is_dry_run else 201)

    # --- What is there ---------------------------------------------------------------------------

    def deliveries(self, endpoint: WebhookEndpoint) -> QuerySet[Delivery]:
        """The deliveries to an endpoint, with their attempts."""
        return Delivery.objects.to(endpoint).with_attempts()

    def delivery(self, endpoint: WebhookEndpoint, delivery_id: str) -> Delivery:
        """A delivery to an endpoint. Raises EndpointNotFound."""
        is_number = delivery_id.isascii() and delivery_id.isdecimal() and len(delivery_id) < 19
        rows = self.deliveries(endpoint).filter(pk=int(delivery_id)) if is_number else []
        for delivery in rows:
            return delivery
        raise EndpointNotFound

    def members_of(self, row: Any) -> dict[str, Any]:
        return dict(DeliverySerializer(row).data)

    def redelivered(self, count: int) -> Response:
        """A response with how many are sent again."""
        return Response({"dry_run": self.is_dry_run, "redelivered": count})


def _number(place: UUID | int | None) -> int | None:
    number = place.int if isinstance(place, UUID) else place
    # A cursor of another list is far beyond all numbers.
    return None if number is None else min(number, 2**63 - 1)
