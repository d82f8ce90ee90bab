"""Too many clients, and clients that are slow to send: they slow no one else."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from tests.faults.crowd import crowd, half_sent, watching
from tests.faults.results import Result
from tests.faults.servers import Web, without_front

LOGIN = (
    b"POST /backoffice/login/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n"
    b"Cookie: sessionid=abcdefghijklmnopqrstuvwxyz012345\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nusername="
)
TOKEN = (
    b"POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ngrant_"
)
HEADERS = b"GET /customers HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: ht"


def test_two_hundred_clients_get_no_error(small_web: Web) -> None:
    made = crowd(small_web, 200, "POST", "/customers", {"name": "One of many"}, rounds=3)
    read = crowd(small_web, 200, "GET", "/customers?limit=10", None, rounds=5)

    Result("200 clients at once", times=8, acknowledged=made.statuses[201]).record()
    assert made.statuses == {201: 600}
    assert read.statuses == {200: 1000}


def test_two_hundred_clients_beyond_the_connections_get_errors(
    small_web: Web, folder: Path
) -> None:
    """The control: a connection for each of many threads, as before."""
    web = without_front(small_web, folder, threads=100)

    read = crowd(web, 200, "GET", "/customers?limit=10", None, rounds=5)
    web.kill()

    refused = {str(status): count for status, count in read.statuses.items() if status != 200}
    note = "a thread and a connection for each client"
    Result("200 clients at once", 5, refused=refused, control=True, note=note).record()
    assert read.statuses[503] > 0


@pytest.mark.parametrize(
    ("what", "sent"), [("login", LOGIN), ("token", TOKEN), ("headers", HEADERS)]
)
def test_half_sent_requests_slow_no_one_and_are_ended(
    small_web: Web, what: str, sent: bytes
) -> None:
    with half_sent(small_web, 130, sent) as sockets:
        time.sleep(0.5)
        with watching(small_web, "/customers?limit=1") as seen:
            time.sleep(3)
        sockets[0].settimeout(30)
        began = time.monotonic()
        answer = sockets[0].recv(1000)
        ended = time.monotonic() - began + 3.5

    note = f"slowest good answer {seen.slowest:.3f} s; ended after {ended:.1f} s"
    Result(f"130 half-sent requests ({what})", 130, seen.statuses[200], note=note).record()
    assert seen.statuses.keys() == {200}
    assert seen.slowest < 1
    assert answer == b"" if what == "headers" else answer.startswith(b"HTTP/1.1 408 ")


def test_half_sent_bodies_stop_a_server_whose_threads_await_them(
    small_web: Web, folder: Path
) -> None:
    """The control."""
    web = without_front(small_web, folder, threads=16)
    with half_sent(web, 130, TOKEN):
        time.sleep(0.5)
        with socket.create_connection(("127.0.0.1", web.port), timeout=5) as good:
            good.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            with pytest.raises(TimeoutError):
                good.recv(100)
    web.kill()

    note = "no answer within 5 s: each thread awaits a body"
    Result("130 half-sent requests (token)", 130, control=True, note=note).record()
