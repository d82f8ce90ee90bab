"""Responses that are held back until something has come: they need no thread meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from billing.front.bodies import ClientGone, Receive
from customers.rest.waiting import Awaited

#: How often it is asked whether it has come.
EVERY_SECONDS = 0.5
#: How many responses are held back at once.
AT_MOST = 100

Run = Callable[[Callable[[], bool]], Coroutine[Any, Any, bool]]


class WaitingRoom:
    """Counts the responses that are held back. More than `AT_MOST` are sent at once."""

    def __init__(self) -> None:
        self._waiting = 0

    async def wait(self, awaited: Awaited, run: Run, receive: Receive) -> None:
        """Return when what is awaited has come, or it took too long; `run` asks in a thread.

        Raises:
            ClientGone: the client has closed the connection meanwhile.
        """
        if self._waiting >= AT_MOST:
            return
        self._waiting += 1
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(awaited.seconds):
                    await self._ask(awaited, run, gone)
        finally:
            gone.cancel()
            self._waiting -= 1

    async def _ask(self, awaited: Awaited, run: Run, gone: asyncio.Future[None]) -> None:
        while True:
            await asyncio.wait([gone], timeout=EVERY_SECONDS)
            if gone.done():
                raise ClientGone
            try:
                if await run(awaited.has_come):
                    return
            except Exception:  # noqa: BLE001 (it is met again, and reported, by the request itself)
                return


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
