"""The endpoints of events."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.registry.endpoints import Endpoint
from customers.api.registry.errors import CursorTooOld, EventNotFound
from customers.api.registry.event_page import EventCursor, EventPagination
from customers.api.registry.event_serializers import EventPageSerializer, EventSerializer
from customers.api.registry.openapi import EVENT_ID, errors
from customers.insights.events import (
    START,
    TYPES,
    EventPage,
    Position,
    UnknownPosition,
    Wanted,
    epoch,
    find_event,
    has_events,
    last_position,
    read_events,
)
from customers.models import Customer
from customers.rest.waiting import answer_when, has_waited

PAGE = forced_singular_serializer(EventPageSerializer)


class EventViewSet(Endpoint):
    """What changed."""

    queryset = Customer.objects.none()
    serializer_class = EventSerializer
    pagination_class = EventPagination  # type: ignore[assignment]

    @extend_schema(
        operation_id="list_events",
        summary="Follow what changes",
        tags=["Events"],
        responses={
            200: OpenApiResponse(PAGE, "The events that follow."),
            **errors(410),
        },
        filters=False,
    )
    def list(self, request: Request) -> Response:
        asked = self.paginator.read_query(request)  # type: ignore[union-attr]
        now = epoch()
        page = self.events(asked, now)
        response = Response(
            {
                "data": [event.members for event in page.events],
                "cursor": EventCursor(page.end, timezone.now(), now).encode(),
                "has_more": page.has_more,
            }
        )
        may_wait = not page.events and not page.has_more and not has_waited(request._request)
        if asked["wait"] and may_wait:
            answer_when(response, asked["wait"], partial(has_events, self.tenant, page.end))
        return response

    @extend_schema(
        operation_id="get_event",
        summary="Get an event",
        tags=["Events"],
        parameters=[EVENT_ID],
        responses={200: OpenApiResponse(EventSerializer, "The event."), **errors(404)},
    )
    def retrieve(self, request: Request, event_id: str) -> Response:
        event = find_event(self.tenant, event_id)
        if event is None:
            raise EventNotFound
        return Response(event.members)

    def events(self, asked: dict[str, Any], now: int) -> EventPage:
        """The page of events that is asked for, in the present epoch. Raises CursorTooOld."""
        oldest = (
            timezone.now() - timedelta(days=settings.EVENT_DAYS) if settings.EVENT_DAYS else None
        )
        cursor: EventCursor | None = asked["cursor"] or None
        if cursor is None and asked["start"] == "now":
            return EventPage([], last_position(self.tenant), has_more=False)
        if cursor is not None and (cursor.epoch != now or (oldest and cursor.at < oldest)):
            raise CursorTooOld
        wanted = Wanted(
            types=asked["types"] or TYPES,
            customer_id=asked["customer_id"] or None,
            since=oldest if cursor is None else None,
        )
        position: Position = cursor.position if cursor else START
        try:
            return read_events(self.tenant, position, limit=asked["limit"], wanted=wanted)
        except UnknownPosition:
            raise CursorTooOld from None
