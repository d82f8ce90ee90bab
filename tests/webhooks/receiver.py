"""A receiver of webhooks: a server in a thread, which does as a test tells it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def record(self) -> dict[str, Any]:
        """The record after the change."""
        found: dict[str, Any] = self.event["data"]["record"]
        return found


@dataclass
class Receiver:
    """What was received, in order, and the status that is answered."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], tuple[int, bytes]] = lambda _: (204, b"")
    delay: float = 0

    def wait_for(self, count: int, seconds: float = 10) -> list[Received]:
        """What was received, once it is so much."""
        ends_at = time.monotonic() + seconds
        while len(self.received) < count and time.monotonic() < ends_at:
            time.sleep(0.01)
        assert len(self.received) >= count, f"{len(self.received)} of {count} were received"
        return list(self.received)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *args: Any) -> None:
        """A client that is killed does not wait for the answer."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver, for as long as the block lasts."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            headers = {name.lower(): text for name, text in self.headers.items()}
            got = Received(self.path, headers, self.rfile.read(length), time.time())
            receiver.received.append(got)
            time.sleep(receiver.delay)
            status, body = receiver.answer(got)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hooks"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
