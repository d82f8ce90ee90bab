"""Many clients at once, well-behaved or not, and one whose answers are timed beside them."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.faults.ledger import Client
from tests.faults.servers import Web


@dataclass
class Watch:
    """The answers to one client that asks again and again: statuses, and the slowest of each."""

    statuses: Counter[int | str] = field(default_factory=Counter)
    slowest: float = 0.0  # seconds

    def ask(self, client: Client, method: str, path: str, body: Any = None, **headers: str) -> None:
        began = time.monotonic()
        try:
            status: int | str = client.ask(method, path, body, **headers)[0]
        except (OSError, http.client.HTTPException) as error:
            status = type(error).__name__
        self.statuses[status] += 1
        self.slowest = max(self.slowest, time.monotonic() - began)


@contextmanager
def watching(web: Web, path: str, pause: float = 0.02) -> Iterator[Watch]:
    """Ask for `path` while the block runs."""
    watch, stop = Watch(), threading.Event()

    def ask() -> None:
        with Client(web.origin, web.api_key) as client:
            while not stop.is_set():
                watch.ask(client, "GET", path)
                stop.wait(pause)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        stop.set()
        thread.join()


def crowd(web: Web, clients: int, method: str, path: str, body: Any, rounds: int) -> Watch:
    """`clients` at once, each of which asks `rounds` times, over a connection that it keeps."""
    together, start = Watch(), threading.Barrier(clients)

    def ask(_number: int) -> Watch:
        watch = Watch()
        with Client(web.origin, web.api_key) as client:
            start.wait(60)
            for _round in range(rounds):
                watch.ask(client, method, path, body)
        return watch

    with ThreadPoolExecutor(clients) as pool:
        for watch in pool.map(ask, range(clients)):
            together.statuses += watch.statuses
            together.slowest = max(together.slowest, watch.slowest)
    return together


@contextmanager
def half_sent(web: Web, count: int, request: bytes) -> Iterator[list[socket.socket]]:
    """Connections that have sent the beginning of a request and wait."""
    sockets = []
    try:
        for _number in range(count):
            connection = socket.create_connection(("127.0.0.1", web.port), timeout=30)
            connection.sendall(request)
            sockets.append(connection)
        yield sockets
    finally:
        for connection in sockets:
            connection.close()
