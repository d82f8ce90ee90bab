"""Delivering in a test: step by step, or as the command does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from procrastinate.contrib.django.models import ProcrastinateJob

from customers.management.commands.deliver_webhooks import run
from customers.webhooks import tasks
from customers.webhooks.dispatcher import Dispatcher
from customers.webhooks.models import Delivery, WebhookEndpoint


def dispatch() -> None:
    """Make deliveries of all that is new, and issue tickets."""
    dispatcher = Dispatcher()
    while dispatcher.look():
        pass


def work_off() -> None:
    """Work the tickets off that there are."""
    for ticket in ProcrastinateJob.objects.filter(status="todo"):
        asyncio.run(tasks.deliver.func(**ticket.args))
    ProcrastinateJob.objects.all()._raw_delete("default")


def deliver() -> None:
    """Send all that is due now."""
    dispatch()
    work_off()


def states(endpoint: WebhookEndpoint) -> list[str]:
    """The states of an endpoint's deliveries, in order."""
    return list(Delivery.objects.to(endpoint).order_by("id").values_list("state", flat=True))


@contextmanager
def delivering() -> Iterator[None]:
    """Deliver as `manage.py deliver_webhooks` does, for as long as the block lasts."""
    started = threading.Event()
    told: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def work() -> None:
        stopping = asyncio.Event()
        told.append((asyncio.get_running_loop(), stopping))
        started.set()
        await run(stopping)

    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    started.wait()
    try:
        yield
    finally:
        loop, stopping = told[0]
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
