"""Django's PostgreSQL backend, with a health check that asks the socket and not the database."""

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects as Django does."""

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
