"""The dispatcher: follows the feed for each endpoint, and issues tickets for what is due.

Nothing is done where customers are written. The dispatcher asks PostgreSQL a few times a second
whether a transaction that writes has ended since, which costs next to nothing, and only then reads
the feed. Any number of processes may do this: an endpoint is followed by who holds the lock of its
position, and its deliveries, its new position and its ticket are written in one transaction.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from customers.insights.events import (
    TYPES,
    Event,
    UnknownPosition,
    Wanted,
    last_position,
    read_events,
)
from customers.webhooks import tickets
from customers.webhooks.messages import message
from customers.webhooks.models import Delivery, FeedPosition, WebhookEndpoint

logger = logging.getLogger(__name__)

PAUSE = 0.05  # seconds between two looks
MOST_EVENTS = 500  # that become deliveries in one transaction
_LOOK_AFTER_THE_DEAD = 2.0  # seconds


class Dispatcher:
    """What one process remembers between two looks."""

    def __init__(self) -> None:
        self._seen: str | None = None
        self._looked_at = 0.0

    def look(self) -> bool:
        """Do what there is to do. Returns whether there is more."""
        if time.monotonic() - self._looked_at > _LOOK_AFTER_THE_DEAD:
            self._looked_at = time.monotonic()
            if count := tickets.hand_on():
                logger.warning("Took over %d tickets of workers that have died.", count)
        snapshot = _snapshot()
        has_more = False
        if snapshot != self._seen:
            for endpoint in WebhookEndpoint.objects.switched_on():
                has_more |= follow(endpoint)
            self._seen = None if has_more else snapshot
        issue_due()
        return has_more


@transaction.atomic
def follow(endpoint: WebhookEndpoint) -> bool:
    """Make deliveries of events that are new to an endpoint. Returns whether there are more."""
    position = FeedPosition.objects.lock(endpoint, wait=False)
    if position is None:
        return False  # another process follows it
    wanted = Wanted(types=endpoint.types or TYPES)
    try:
        page = read_events(endpoint.tenant, position.position, limit=MOST_EVENTS, wanted=wanted)
    except UnknownPosition:
        logger.error("The database was restored: %s goes on from its last event.", endpoint.pk)  # noqa: TRY400
        position.move_to(last_position(endpoint.tenant))
        return False
    if page.end == position.position:
        return False
    deliver(endpoint, page.events)
    position.move_to(page.end)
    if page.events:
        tickets.issue([endpoint.pk])
    return page.has_more


def deliver(endpoint: WebhookEndpoint, events: Sequence[Event]) -> None:
    """Make deliveries of events. They wait where an earlier one of the customer waits."""
    now = timezone.now()
    customers = {event.customer_id for event in events}
    held_up = Delivery.objects.to(endpoint).held_up(customers, now)
    Delivery.objects.bulk_create(
        [
            Delivery(
                **endpoint.tenant.columns,
                endpoint=endpoint,
                event_id=event.id,
                event_type=event.type,
                event_at=event.at,
                customer_id=event.customer_id,
                body=message(event),
                due_at=held_up.get(event.customer_id, now),
                created_at=now,
            )
            for event in events
        ],
        ignore_conflicts=True,
    )


def issue_due() -> None:
    """Issue tickets for endpoints that have something due, and have no ticket."""
    due = Delivery.objects.due(timezone.now()).filter(
        organization=OuterRef("organization"), mode=OuterRef("mode"), endpoint=OuterRef("pk")
    )
    waiting: list[UUID] = list(
        WebhookEndpoint.objects.switched_on()
        .filter(Exists(due.order_by()))
        .values_list("pk", flat=True)
    )
    if not waiting:
        return
    with transaction.atomic():
        positions = FeedPosition.objects.filter(endpoint__in=waiting)
        locked = positions.select_for_update(skip_locked=True, of=("self",))
        tickets.issue(list(locked.values_list("endpoint_id", flat=True)))


def _snapshot() -> str:
    """Changes whenever a transaction that writes has begun or ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])
