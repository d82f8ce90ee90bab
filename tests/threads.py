"""Threads with their own database connections, for tests of races."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, models, transaction

TIMEOUT = 30.0


def _closing(job: Callable[[], Any]) -> Any:
    try:
        return job()
    finally:
        connection.close()


def race(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs at once, each in its thread: what each returned or raised, in their order."""
    start = threading.Barrier(len(jobs), timeout=TIMEOUT)

    def run(job: Callable[[], Any]) -> Any:
        connection.ensure_connection()  # so that they begin together
        start.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        futures = [pool.submit(_closing, lambda job=job: run(job)) for job in jobs]  # type: ignore[misc]
        return [future.exception(TIMEOUT) or future.result() for future in futures]


def both_at_once(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
    """Let the first call of `name` in each of two threads go on only when both have come there."""
    method = getattr(owner, name)
    meeting = threading.Barrier(2, timeout=TIMEOUT)
    came = threading.local()

    def met(*args: Any, **kwargs: Any) -> Any:
        if not hasattr(came, "here"):
            came.here = True
            meeting.wait()
        return method(*args, **kwargs)

    monkeypatch.setattr(owner, name, met)


@contextmanager
def without_constraint(model: type[models.Model], name: str) -> Iterator[None]:
    """The database without one of the model's constraints; the rows are gone afterwards."""
    constraint = next(found for found in model._meta.constraints if found.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        model._default_manager.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)


def raised(results: list[Any]) -> list[Exception]:
    return [result for result in results if isinstance(result, Exception)]


@contextmanager
def held_up_by_open_transaction(
    first: Callable[[], Any], second: Callable[[], Any]
) -> Iterator[Future[Any]]:
    """`first` done but not committed, and `second` waiting for it in another thread.

    The transaction of `first` ends with the `with` block; then the future of `second` is due.
    """
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        first()
        waiting = pool.submit(_closing, second)
        _until_one_waits_for_a_lock(waiting)
        yield waiting


def _until_one_waits_for_a_lock(future: Future[Any]) -> None:
    deadline = time.monotonic() + TIMEOUT
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            assert not future.done(), f"it has not waited: {future.exception() or future.result()}"
            # Not pg_stat_activity: a transaction sees it as it first was.
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits for a lock")
