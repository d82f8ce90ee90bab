"""What a ticket reads and writes: what is due, and what came of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from customers.staff.encryption import Unreadable
from customers.webhooks.models import Attempt, Delivery, FeedPosition, WebhookEndpoint
from customers.webhooks.schedule import interval_after
from customers.webhooks.sender import Result

logger = logging.getLogger(__name__)

MOST_DUE = 200  # deliveries that are read at once


@dataclass(frozen=True, slots=True)
class Batch:
    """Deliveries that are due, of one endpoint."""

    endpoint: WebhookEndpoint
    secrets: list[str]
    deliveries: list[Delivery]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt."""

    delivery: Delivery
    made_at: datetime
    result: Result


def due(endpoint_id: UUID) -> Batch | None:
    """What is due at an endpoint; None if there is nothing, or it is switched off."""
    endpoint = WebhookEndpoint.objects.switched_on().filter(pk=endpoint_id).first()
    if endpoint is None:
        return None
    now = timezone.now()
    deliveries = list(Delivery.objects.to(endpoint).due(now)[:MOST_DUE])
    if not deliveries:
        return None
    try:
        secrets = endpoint.secrets(now)
    except Unreadable:
        # A key is missing from SECRET_KEY_FALLBACKS: each attempt says so until it is back.
        secrets = []
    return Batch(endpoint, secrets, deliveries)


@transaction.atomic
def keep(endpoint: WebhookEndpoint, outcomes: Sequence[Outcome]) -> None:
    """Write down what came of attempts: done, to be tried again, or given up."""
    Attempt.objects.bulk_create(
        Attempt(
            **endpoint.tenant.columns,
            endpoint=endpoint,
            delivery=outcome.delivery,
            made_at=outcome.made_at,
            duration=round(outcome.result.duration, 6),
            status=outcome.result.status,
            error=outcome.result.error[:255],
            answer=outcome.result.answer,
        )
        for outcome in outcomes
    )
    done = [outcome.delivery.pk for outcome in outcomes if outcome.result.is_success]
    mine = Delivery.objects.to(endpoint)
    mine.filter(pk__in=done).update(state=Delivery.State.DELIVERED, finished_at=timezone.now())
    failed = [outcome for outcome in outcomes if not outcome.result.is_success]
    if failed:
        # The dispatcher must not add a delivery behind one that is being postponed.
        FeedPosition.objects.lock(endpoint, wait=True)
    for outcome in failed:
        _try_again(endpoint, outcome)


def _try_again(endpoint: WebhookEndpoint, outcome: Outcome) -> None:
    delivery = outcome.delivery
    delivery.failures += 1
    interval = interval_after(delivery.failures)
    if interval is None or outcome.result.is_gone:
        delivery.state, delivery.finished_at = Delivery.State.FAILED, timezone.now()
        delivery.save(update_fields=["state", "failures", "finished_at"])
        endpoint.give_up()
        reason = "wants no more" if outcome.result.is_gone else "has failed for three days"
        logger.error(
            "Webhook endpoint %s of %s %s: it is off.", endpoint.pk, endpoint.tenant, reason
        )
        return
    delivery.due_at = timezone.now() + interval
    delivery.save(update_fields=["failures", "due_at"])
    if delivery.customer_id is not None:
        Delivery.objects.to(endpoint).postpone(delivery.customer_id, delivery.due_at)
