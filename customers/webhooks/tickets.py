"""Tickets: the tasks of the queue, each for an endpoint that has something to send.

There is at most one ticket of an endpoint, waiting or being worked off, so that what is sent to it
is sent by one process at a time, in order.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Status

from customers.models.locks import try_lock

logger = logging.getLogger(__name__)

QUEUE = "webhooks"
TASK = "customers.webhooks.deliver"
#: How often a worker says that it is alive, and for how long it may be silent, in seconds.
HEARTBEAT, SILENCE = 1.0, 5.0
_OPEN = [Status.TODO.value, Status.DOING.value]


def issue(endpoints: list[UUID]) -> None:
    """Give each of these endpoints a ticket, unless it has one. Within a transaction that holds the
    lock of each endpoint's position.
    """
    locks = {_lock(id): id for id in endpoints}
    there = ProcrastinateJob.objects.filter(lock__in=locks, status__in=_OPEN)
    for lock in locks.keys() - set(there.values_list("lock", flat=True)):
        app.configure_task(TASK, queue=QUEUE, lock=lock, queueing_lock=lock).defer(
            endpoint_id=str(locks[lock])
        )


@transaction.atomic
def hand_on() -> int:
    """Give the tickets of workers that have died to others. Returns how many there were."""
    if not try_lock("webhook tickets of the dead"):
        return 0
    held = async_to_sync(app.job_manager.get_stalled_jobs)(
        queue=QUEUE, seconds_since_heartbeat=SILENCE
    )
    tickets = [job.id for job in held if job.id is not None]
    for id in tickets:
        app.job_manager.retry_job_by_id(id, retry_at=timezone.now() - timedelta(seconds=1))
    return len(tickets)


def _lock(endpoint: UUID) -> str:
    return f"webhook {endpoint}"
