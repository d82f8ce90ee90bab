"""Lanes: a few threads each, so that what is slow in one holds up nothing in the others."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any

from billing.postgres.connection import set_limits
from billing.watch.events import WAITED, happened
from customers.values.limits import Limits

#: How long a request waits for a thread.
WAIT_SECONDS = 5
#: A request that has waited for longer is counted.
WAITED_SECONDS = 0.1
#: How many requests wait in a lane.
WAITING_AT_MOST = 1000


#: The threads of a process beside those for the APIs and for pages.
OTHER_THREADS = 2


def connections_of(workers: int, threads: int, page_threads: int) -> int:
    """The most connections to the database that a server opens: one for each of its threads."""
    return workers * (threads + page_threads + OTHER_THREADS)


class Busy(Exception):
    """All threads have been at work for too long."""


class _Job:
    """Work in a lane. One of its threads does it, unless it has waited for too long before."""

    __slots__ = ("_claims", "_loop", "_result", "_since", "_timer", "_work")

    def __init__(
        self, work: Callable[[], Any], wait: float, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._work = work
        self._result: asyncio.Future[Any] = loop.create_future()
        self._loop = loop
        self._claims = [True]
        self._since = loop.time()
        self._timer = loop.call_later(wait, self._give_up)

    async def result(self) -> Any:
        try:
            return await self._result
        finally:
            self._timer.cancel()

    def run(self) -> None:
        """Do the work, in a thread of the lane."""
        if not self._claim():
            return
        if self._loop.time() - self._since > WAITED_SECONDS:
            happened(WAITED)
        try:
            result = self._work()
        except BaseException as error:  # noqa: BLE001 (raised where the result is awaited)
            self._loop.call_soon_threadsafe(self._fail, error)
        else:
            self._loop.call_soon_threadsafe(self._finish, result)

    def _claim(self) -> bool:
        """Whether no one else has claimed the job: a thread, or the timer that gives it up."""
        try:
            return self._claims.pop()
        except IndexError:
            return False

    def _give_up(self) -> None:
        if self._claim():
            self._fail(Busy())

    def _finish(self, result: Any) -> None:
        if not self._result.done():  # cancelled, when the server stops
            self._result.set_result(result)

    def _fail(self, error: BaseException) -> None:
        if not self._result.done():
            self._result.set_exception(error)


class Lane:
    """Threads that work on requests, with the same limits for their connections."""

    def __init__(
        self, name: str, threads: int, limits: Limits, *, wait: float = WAIT_SECONDS
    ) -> None:
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._limits = limits
        self._wait = wait
        for number in range(1, threads + 1):
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True).start()

    async def run(self, work: Callable[[], Any]) -> Any:
        """Return what `work` returns, in one of the threads.

        Raises:
            Busy: no thread has begun to work on it in time.
        """
        if self._jobs.qsize() >= WAITING_AT_MOST:
            raise Busy
        job = _Job(work, self._wait, asyncio.get_running_loop())
        self._jobs.put(job)
        return await job.result()

    def _work(self) -> None:
        set_limits(self._limits)
        while True:
            self._jobs.get().run()
