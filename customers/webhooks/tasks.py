"""The task of a ticket: send what is due at an endpoint."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID

from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from customers.webhooks import outcomes, tickets
from customers.webhooks.addresses import Place, Refused, find
from customers.webhooks.models import Delivery
from customers.webhooks.outcomes import Batch, Outcome
from customers.webhooks.sender import Result, post
from customers.webhooks.signing import headers

AT_ONCE = 20  # requests to one endpoint
TURN = 5.0  # seconds, after which an endpoint lets others have their turn
WRITTEN_AFTER = 0.2  # seconds, for which outcomes are gathered before they are written

_Found = TypeVar("_Found")

# What tickets ask of the database is short: one connection does it for all of a process.
_database = ThreadPoolExecutor(1, thread_name_prefix="outcomes")


@app.task(name=tickets.TASK, queue=tickets.QUEUE)
async def deliver(endpoint_id: str) -> None:
    """Send what is due at an endpoint, until there is nothing left or its turn is over."""
    ends_at = time.monotonic() + TURN
    while time.monotonic() < ends_at:
        batch = await _asking(outcomes.due, UUID(endpoint_id))
        if batch is None:
            return
        await _Sending(batch, ends_at).run()


class _Sending:
    """One batch: in order per customer, and several customers at once."""

    def __init__(self, batch: Batch, ends_at: float) -> None:
        self.batch = batch
        self.ends_at = ends_at
        self.finished: list[Outcome] = []
        self.room = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        place = await self._find()
        pending = {
            asyncio.create_task(self._send_in_order(place, queue))
            for queue in _by_customer(self.batch.deliveries)
        }
        while pending:
            done, pending = await asyncio.wait(pending, timeout=WRITTEN_AFTER)
            await self._write()
            for task in done:
                task.result()

    async def _write(self) -> None:
        written, self.finished = self.finished, []
        if written:
            await _asking(outcomes.keep, self.batch.endpoint, written)

    async def _find(self) -> Place | Result:
        """Where to send to, or the result that every attempt has."""
        if not self.batch.secrets:
            return Result(0, error="Its secret cannot be read: see SECRET_KEY_FALLBACKS.")
        try:
            return await find(self.batch.endpoint.url)
        except Refused as refused:
            return Result(0, error=str(refused))

    async def _send_in_order(self, place: Place | Result, queue: list[Delivery]) -> None:
        """Send those of one customer until one fails."""
        for delivery in queue:
            async with self.room:
                if time.monotonic() >= self.ends_at:
                    return
                now = timezone.now()
                result = place if isinstance(place, Result) else await self._send(place, delivery)
                self.finished.append(Outcome(delivery, now, result))
            if not result.is_success:
                return

    async def _send(self, place: Place, delivery: Delivery) -> Result:
        signed = headers(self.batch.secrets, delivery.event_id, timezone.now(), delivery.body)
        return await post(place, signed, delivery.body.encode())


def _by_customer(deliveries: Iterable[Delivery]) -> list[list[Delivery]]:
    queues: dict[object, list[Delivery]] = {}
    for delivery in deliveries:
        queues.setdefault(delivery.customer_id or delivery.pk, []).append(delivery)
    return list(queues.values())


async def _asking(function: Callable[..., _Found], *given: object) -> _Found:
    """Call a function that uses the database, outside the loop."""
    return await asyncio.get_running_loop().run_in_executor(_database, _called, function, *given)


def _called(function: Callable[..., _Found], *given: object) -> _Found:
    close_old_connections()
    return function(*given)


def close() -> None:
    """Close the connection of the outcomes."""
    _database.submit(_close).result()


def _close() -> None:
    connection.close()  # that of the thread
