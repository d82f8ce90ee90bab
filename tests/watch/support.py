"""What tests of an outage need."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.db import connection


@contextmanager
def away() -> Iterator[None]:
    """The database's address is one at which no one listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = str(closed.getsockname()[1])
    connection.close()
    with mock.patch.dict(connection.settings_dict, {"HOST": "127.0.0.1", "PORT": port}):
        yield
    connection.close()
