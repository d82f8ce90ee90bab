"""`manage.py deliver_webhooks`: send events to the webhook endpoints, until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connection
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from psycopg_pool import PoolTimeout

from customers.webhooks import tasks, tickets
from customers.webhooks.dispatcher import PAUSE, Dispatcher

logger = logging.getLogger("customers.webhooks")

ENDPOINTS_AT_ONCE = 100
QUEUE_CONNECTIONS = 3  # one listens; beside them one dispatches, and one writes what came of it
AWAY = 1.0  # seconds until a database that is away is tried again


class Command(BaseCommand):
    help = (
        "Send the events of customers to the webhook endpoints. Any number of machines may run "
        "this: each delivery is made by one. Ends cleanly at SIGTERM and SIGINT."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(run_until_signal())


async def run_until_signal() -> None:
    """Dispatch and deliver until a signal comes."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    logger.info("Webhooks are delivered.")
    await run(stopping)
    logger.info("Webhooks are delivered no more.")


async def run(stopping: asyncio.Event) -> None:
    """Dispatch and deliver. What is being sent when it is to stop is sent and noted."""
    await asyncio.gather(dispatch(stopping), work(stopping))


async def dispatch(stopping: asyncio.Event) -> None:
    """Look for what is new and due, in a thread with a connection of its own."""
    dispatcher = Dispatcher()
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="dispatcher") as thread:
        is_away = False
        while not stopping.is_set():
            pause = PAUSE
            try:
                has_more = await loop.run_in_executor(thread, dispatcher.look)
                pause, is_away = 0 if has_more else PAUSE, False
            except (DatabaseError, InterfaceError):
                if not is_away:
                    logger.exception("The database is away: nothing is dispatched.")
                await loop.run_in_executor(thread, _close)
                pause, is_away = AWAY, True
            await _wait(stopping, pause)
        await loop.run_in_executor(thread, _close)


async def work(stopping: asyncio.Event) -> None:
    """Work tickets off. A worker that ends because the database is away is followed by another."""
    while not stopping.is_set():
        connector = PsycopgConnector(
            kwargs=connector_params(), min_size=1, max_size=QUEUE_CONNECTIONS, timeout=5
        )
        with contextlib.suppress(ConnectorException, PoolTimeout):
            async with app.with_connector(connector).open_async() as queue:
                worker = asyncio.create_task(
                    queue.run_worker_async(
                        queues=[tickets.QUEUE],
                        concurrency=ENDPOINTS_AT_ONCE,
                        delete_jobs="always",
                        fetch_job_polling_interval=1.0,
                        install_signal_handlers=False,
                        update_heartbeat_interval=tickets.HEARTBEAT,
                        stalled_worker_timeout=tickets.SILENCE,
                    )
                )
                told = asyncio.create_task(stopping.wait())
                await asyncio.wait({worker, told}, return_when=asyncio.FIRST_COMPLETED)
                told.cancel()
                worker.cancel()  # which lets the tickets in work be done
                with contextlib.suppress(asyncio.CancelledError):
                    await worker
        await _wait(stopping, AWAY)
    tasks.close()


async def _wait(stopping: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


def _close() -> None:
    connection.close()  # that of the thread
