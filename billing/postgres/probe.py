"""Whether a PostgreSQL server responds: a frozen one accepts connections and says nothing."""

from __future__ import annotations

import socket
import struct
import threading
import time

#: How long a server may take to respond to the first message of a connection.
SECONDS = 0.75
#: For so long a server that did not respond is not asked again.
REMEMBERED = 1.0

# The request for encryption: of all first messages the only one that PostgreSQL and the poolers
# answer, with one byte, before they ask who connects.
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)

_asking = threading.Lock()
_silent_since: dict[tuple[str, int], float] = {}


def responds(host: str, port: int) -> bool:
    """Whether the server answers in time. `host` may be the folder of a Unix socket.

    Threads ask one at a time, so that those that wait learn what the first has found.
    """
    with _asking:
        server = (host, port)
        if time.monotonic() - _silent_since.get(server, -REMEMBERED) < REMEMBERED:
            return False
        if _answers(host, port):
            _silent_since.pop(server, None)
            return True
        _silent_since[server] = time.monotonic()
        return False


def _answers(host: str, port: int) -> bool:
    try:
        if host.startswith("/"):
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(SECONDS)
            connection.connect(f"{host}/.s.PGSQL.{port}")
        else:
            connection = socket.create_connection((host, port), timeout=SECONDS)
            connection.settimeout(SECONDS)
        with connection:
            connection.sendall(_SSL_REQUEST)
            return connection.recv(1) in (b"S", b"N")
    except OSError:
        return False
