"""A connection that waits no longer than the database responds."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from psycopg import errors
from psycopg.pq import TransactionStatus
from psycopg.waiting import READY_NONE

from billing.postgres import probe
from customers.values.limits import Limits

#: A connection that waits for so long asks whether the server still responds.
PATIENCE = 0.5
#: How much longer than a statement's limit the server may take to say that it is exceeded.
GRACE = 2.0


class _Thread(threading.local):
    limits: Limits | None = None
    was_ended = False


_thread = _Thread()


def set_limits(limits: Limits) -> None:
    """Set the limits of the connections that this thread opens from now on."""
    _thread.limits = limits


@contextmanager
def limited(limits: Limits) -> Iterator[None]:
    """Set the limits of the connections that this thread opens in the block."""
    former, _thread.limits = _thread.limits, limits
    try:
        yield
    finally:
        _thread.limits = former


def limits() -> Limits:
    """The limits of the connections that this thread opens; by default those of commands."""
    return _thread.limits or settings.DATABASE_LIMITS["command"]


def forget_ended() -> None:
    """Begin a piece of work, after which `was_ended` says what happened in it."""
    _thread.was_ended = False


def was_ended() -> bool:
    """Whether a limit, or a deadlock, ended something in this thread.

    What the transaction had done is rolled back then, so that it can be tried again.
    """
    return _thread.was_ended


class Connection(psycopg.Connection[Any]):
    """Ends if the server has stopped to respond, which a statement's limit does not see: the server
    keeps that.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._statement_limit = self._usual_limit = limits().statement
        self._is_extended = False
        self._is_unreplicated = False
        self.add_notice_handler(self._look_at_notice)

    def extend(self, limits: Limits) -> None:
        """Have other limits until the transaction ends."""
        parameters = limits.parameters
        values = [part for parameter in parameters.items() for part in parameter]
        self.execute("SELECT " + ", ".join(["set_config(%s, %s, true)"] * len(parameters)), values)
        self._statement_limit, self._is_extended = limits.statement, True

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Return what the generator of a request to the server returns.

        Raises:
            OperationalError: the server does not respond, or a change that it has made may be lost.
        """
        try:
            result = super().wait(gen, interval, timeout or PATIENCE)
        except errors._WaitTimeout:
            if timeout:
                raise
            result = self._wait_on(gen, interval)
        except (
            errors.QueryCanceled,
            errors.LockNotAvailable,
            errors.DeadlockDetected,
            errors.SerializationFailure,
        ):
            _thread.was_ended = True
            raise
        except errors.ReadOnlySqlTransaction:
            # A standby, as a fail-over leaves it. The next connection is to the new primary.
            self.close()
            raise
        if self._is_extended and self.pgconn.transaction_status == TransactionStatus.IDLE:
            self._statement_limit, self._is_extended = self._usual_limit, False
        if self._is_unreplicated:
            self.close()
            raise psycopg.OperationalError("The change may be lost: it was not replicated.")
        return result

    def _wait_on(self, gen: Any, interval: float) -> Any:
        waits_since = time.monotonic() - PATIENCE
        while self._responds(time.monotonic() - waits_since):
            try:
                return self.wait(_resumed(gen), interval, PATIENCE)
            except errors._WaitTimeout:
                continue
        # Not `close`: the server might be asked to end what it does, and would not respond.
        self.pgconn.finish()
        raise psycopg.OperationalError("The database does not respond.")

    def _responds(self, waited: float) -> bool:
        if self._statement_limit and waited > self._statement_limit + GRACE:
            return False
        host = self.pgconn.hostaddr or self.pgconn.host
        return probe.responds(host.decode(), int(self.pgconn.port or 0))

    def _look_at_notice(self, diagnostic: errors.Diagnostic) -> None:
        """A wait for synchronous replication that was cancelled is only a warning to PostgreSQL."""
        if diagnostic.source_file == "syncrep.c":
            self._is_unreplicated = True


def _resumed(gen: Any) -> Generator[Any, Any, Any]:
    """The rest of a request's generator, which waits to be sent what its socket is ready for.

    psycopg begins to wait with `next`, which sends None. One that is still writing its statement
    expects a number.
    """
    try:
        awaited = gen.send(READY_NONE)
        while True:
            awaited = gen.send((yield awaited))
    except StopIteration as end:
        return end.value
