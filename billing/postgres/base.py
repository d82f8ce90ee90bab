"""Django's PostgreSQL backend, whose connections have limits and end with their server."""

import os
import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus

from billing.postgres import probe
from billing.postgres.connection import Connection, limits
from billing.watch.events import CONNECTED, DISCONNECTED, happened


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects as Django does, unless the server does not respond."""

    def get_connection_params(self) -> dict[str, Any]:
        """The parameters of a new connection, with the limits of this thread."""
        params: dict[str, Any] = super().get_connection_params()
        given = params.get("options") or os.environ.get("PGOPTIONS", "")
        set_by_limits = (f"-c {name}={value}" for name, value in limits().parameters.items())
        return {**params, "options": " ".join([*set_by_limits, given]).strip()}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        """Return a connection.

        Raises:
            OperationalError: there is no server, or it does not respond.
        """
        self.isolation_level = IsolationLevel.READ_COMMITTED  # Django reads it
        host, port = str(conn_params.get("host", "")), str(conn_params.get("port") or 5432)
        if host and port.isdecimal() and "," not in host and not probe.responds(host, int(port)):
            raise psycopg.OperationalError("The database does not respond.")
        connection = Connection.connect(**conn_params)
        happened(CONNECTED)
        return connection

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            happened(DISCONNECTED)

    def is_usable(self) -> bool:
        """Whether the connection works: Django asks before a request's first query.

        A server that ended the connection, or is about to, has written to the socket. Otherwise it
        is silent, and a query that only asks whether it is there would cost as much as most others.
        After an error that query is made, as Django makes it.
        """
        connection = self.connection
        if connection is None or connection.closed:
            return False
        if connection.info.transaction_status is TransactionStatus.INERROR:
            return False
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        return super().is_usable() if self.errors_occurred or poll.poll(0) else True
