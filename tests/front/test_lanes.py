"""Lanes: bounded threads, bounded waiting."""

from __future__ import annotations

import asyncio
import threading

import pytest

from billing.front import lanes
from billing.front.lanes import Busy, Lane
from billing.postgres.connection import limits
from customers.values.limits import Limits


def test_work_is_done_in_a_thread_with_the_limits_of_the_lane() -> None:
    lane = Lane("quick", 1, Limits(statement=1.5))

    found = asyncio.run(lane.run(lambda: (threading.current_thread().name, limits())))

    assert found == ("quick-1", Limits(statement=1.5))


def test_what_the_work_raises_is_raised() -> None:
    def fail() -> None:
        raise LookupError("planted")

    with pytest.raises(LookupError, match="planted"):
        asyncio.run(Lane("failing", 1, Limits()).run(fail))


def test_no_more_threads_work_than_the_lane_has() -> None:
    lane, working, most = Lane("two", 2, Limits()), 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal working, most
        with lock:
            working += 1
            most = max(most, working)
        threading.Event().wait(0.02)
        with lock:
            working -= 1

    async def all_at_once() -> None:
        await asyncio.gather(*(lane.run(work) for _number in range(10)))

    asyncio.run(all_at_once())

    assert most == 2


def test_what_waits_for_too_long_is_given_up_and_never_done() -> None:
    lane, release, done = Lane("slow", 1, Limits(), wait=0.1), threading.Event(), []

    async def ask() -> list[object]:
        first = asyncio.create_task(lane.run(release.wait))
        await asyncio.sleep(0.02)
        late = await asyncio.gather(
            *(lane.run(lambda: done.append("late")) for _number in range(3)),
            return_exceptions=True,
        )
        release.set()
        await first
        await lane.run(lambda: done.append("after"))
        return late

    late = asyncio.run(ask())

    assert [type(error) for error in late] == [Busy] * 3
    assert done == ["after"]


def test_a_lane_that_is_full_refuses_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "WAITING_AT_MOST", 1)
    lane, release = Lane("full", 1, Limits()), threading.Event()

    async def ask() -> None:
        working = asyncio.create_task(lane.run(release.wait))
        await asyncio.sleep(0.02)
        waiting = asyncio.create_task(lane.run(lambda: None))
        await asyncio.sleep(0.02)
        try:
            with pytest.raises(Busy):
                await lane.run(lambda: None)
        finally:
            release.set()
            await asyncio.gather(working, waiting)

    asyncio.run(ask())
