"""Responses that Django streams: downloads, and pages that show the progress of long work."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

from django.http.response import HttpResponseBase

from billing.front.answers import Headers, Send
from billing.front.bodies import Receive

#: How long a client may take to receive a part.
RECEIVING_SECONDS = 30
#: Parts are sent together up to this size, unless the response wants each to be sent at once.
PART_BYTES = 64 * 1024
AT_ONCE = "X-Accel-Buffering"


def stream(
    loop: asyncio.AbstractEventLoop,
    receive: Receive,
    send: Send,
    status: int,
    headers: Headers,
    response: HttpResponseBase,
) -> None:
    """Send a response part by part, from the thread that makes the parts.

    It ends early if the client closes the connection, or is too slow.
    """
    is_gone = threading.Event()

    def put(message: dict[str, Any]) -> None:
        asyncio.run_coroutine_threadsafe(_send(send, message), loop).result(RECEIVING_SECONDS)

    watch = asyncio.run_coroutine_threadsafe(_until_gone(receive, is_gone), loop)
    try:
        put({"type": "http.response.start", "status": status, "headers": headers})
        parts: Iterator[bytes] = iter(response)
        for part in parts if response.get(AT_ONCE) == "no" else _joined(parts):
            if is_gone.is_set():
                return
            put({"type": "http.response.body", "body": part, "more_body": True})
        put({"type": "http.response.body", "body": b""})
    except TimeoutError:
        return
    finally:
        watch.cancel()


async def _send(send: Send, message: dict[str, Any]) -> None:
    await send(message)  # what the server returns need not be a coroutine


async def _until_gone(receive: Receive, is_gone: threading.Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    is_gone.set()


def _joined(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The parts, those that are small joined to larger ones."""
    pending: list[bytes] = []
    size, since = 0, time.monotonic()
    for part in parts:
        pending.append(part)
        size += len(part)
        if size >= PART_BYTES or time.monotonic() - since > 0.5:
            yield b"".join(pending)
            pending, size, since = [], 0, time.monotonic()
    if pending:
        yield b"".join(pending)
