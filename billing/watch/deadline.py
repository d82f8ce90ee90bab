"""A query that is answered by a deadline, or not at all, over a connection of its own.

A frozen server's machine still acknowledges what is sent to it, so no time-out of the server's or
of TCP's ends the wait: the client has to look at the clock itself.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable
from typing import Any

from psycopg import Error, OperationalError, errors, pq
from psycopg.conninfo import make_conninfo

_FOR_PSYCOPG = frozenset({"context", "cursor_factory", "prepare_threshold", "autocommit"})
_READY = {
    pq.PollingStatus.READING: select.POLLIN,
    pq.PollingStatus.WRITING: select.POLLOUT,
}


class TooLate(OperationalError):
    """The database did not answer by the deadline."""


def query(sql: str, parameters: dict[str, Any], seconds: float) -> list[list[str]]:
    """The rows of a query, as texts. `parameters` are those of Django's connection.

    Raises:
        TooLate: there was no answer within so many seconds.
        psycopg.Error: the database cannot be reached, or refuses the query.
    """
    known = {name: value for name, value in parameters.items() if name not in _FOR_PSYCOPG}
    deadline = time.monotonic() + seconds

    def wait(connection: pq.abc.PGconn, event: int) -> None:
        poll = select.poll()
        poll.register(connection.socket, event)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise TooLate(f"The database did not answer within {seconds:g} s.")

    connection = pq.PGconn.connect_start(make_conninfo("", **known).encode())
    try:
        _connect(connection, wait)
        connection.send_query(sql.encode())
        return _rows(connection, wait)
    finally:
        connection.finish()


def _connect(connection: pq.abc.PGconn, wait: Callable[[pq.abc.PGconn, int], None]) -> None:
    status = pq.PollingStatus.WRITING  # libpq's: as if it had said so
    while status != pq.PollingStatus.OK:
        if status == pq.PollingStatus.FAILED or connection.status == pq.ConnStatus.BAD:
            raise OperationalError(connection.get_error_message())
        wait(connection, _READY[pq.PollingStatus(status)])
        status = pq.PollingStatus(connection.connect_poll())


def _rows(connection: pq.abc.PGconn, wait: Callable[[pq.abc.PGconn, int], None]) -> list[list[str]]:
    rows: list[list[str]] = []
    failed: Error | None = None
    while True:
        while connection.is_busy():
            wait(connection, select.POLLIN)
            connection.consume_input()
        result = connection.get_result()
        if result is None:
            break
        if result.status != pq.ExecStatus.TUPLES_OK:
            state = (result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
            failed = errors.lookup(state)() if state else OperationalError()
            continue
        rows += [
            [(result.get_value(row, column) or b"").decode() for column in range(result.nfields)]
            for row in range(result.ntuples)
        ]
    if failed:
        raise failed
    return rows
