"""The server of the double: HTTP as clients speak it, and connections that end otherwise."""

from __future__ import annotations

import asyncio
import queue
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from billing.double.server import Dropped, listen, serve


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the method, the path, the query and the body; some paths do otherwise."""
    if scope["path"] == "/reset":
        raise Dropped(reset=True)
    body = b""
    while scope["path"] != "/unread" and (message := await receive())["type"] == "http.request":
        body += message["body"]
        if not message["more_body"]:
            break
    if scope["path"] == "/dropped":
        raise Dropped
    line = f"{scope['method']} {scope['path']} {scope['query_string'].decode()} ".encode()
    length = [(b"content-length", str(len(line + body)).encode())]
    headers = [] if scope["path"] == "/chunked" else length
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": line, "more_body": True})
    if scope["path"] == "/half":
        raise Dropped
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    listening = listen("127.0.0.1", 0)
    port: int = listening.getsockname()[1]
    end, loops = asyncio.Event(), queue.SimpleQueue[asyncio.AbstractEventLoop]()

    async def run() -> None:
        loops.put(asyncio.get_running_loop())
        await serve(echo, listening, end)

    thread = threading.Thread(target=asyncio.run, args=[run()])
    thread.start()
    loop = loops.get()
    yield port
    with socket.create_connection(("127.0.0.1", port)):  # that it ends all the same
        loop.call_soon_threadsafe(end.set)
        thread.join(10)
        assert not thread.is_alive()
    listening.close()


@pytest.fixture
def connection(port: int) -> Iterator[HTTPConnection]:
    found = HTTPConnection("127.0.0.1", port, timeout=10)
    yield found
    found.close()


def said(port: int, *parts: bytes) -> bytes:
    """All that the server says to these bytes, until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        for each in parts:
            raw.sendall(each)
        answer = b""
        while got := raw.recv(4096):
            answer += got
    return answer


def test_a_connection_has_one_request_after_the_other(connection: HTTPConnection) -> None:
    for number in range(3):
        connection.request("POST", f"/a%20b?n={number}", f"body {number}")
        answer = connection.getresponse()
        assert answer.read() == f"POST /a b n={number} body {number}".encode()
        assert answer.headers["Date"].endswith(" GMT")


def test_a_body_may_come_and_go_in_chunks(connection: HTTPConnection) -> None:
    connection.request("PUT", "/chunked", iter([b"one ", b"two"]), encode_chunked=True)
    answer = connection.getresponse()

    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert answer.read() == b"PUT /chunked  one two"


def test_head_has_the_headers_only(connection: HTTPConnection) -> None:
    for _ in range(2):
        connection.request("HEAD", "/x")
        answer = connection.getresponse()
        assert (answer.headers["Content-Length"], answer.read()) == ("9", b"")


def test_a_client_is_told_to_go_on_with_its_body(port: int) -> None:
    head = b"POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        raw.sendall(head + b"Expect: 100-continue\r\n\r\n")
        assert raw.recv(4096).startswith(b"HTTP/1.1 100 ")
        raw.sendall(b"ok")
        assert raw.recv(4096).startswith(b"HTTP/1.1 200 ")


def test_requests_may_be_sent_before_answers_are_read(port: int) -> None:
    one = b"GET /%d HTTP/1.1\r\nHost: a\r\n%s\r\n"
    answer = said(port, one % (1, b"") + one % (2, b"") + one % (3, b"Connection: close\r\n"))

    assert [answer.count(b"GET /%d" % number) for number in (1, 2, 3)] == [1, 1, 1]


def test_a_body_that_no_one_has_read_is_not_taken_for_the_next_request(
    connection: HTTPConnection,
) -> None:
    for _ in range(2):
        connection.request("POST", "/unread", b"GET /smuggled HTTP/1.1\r\n\r\n" * 5000)
        assert connection.getresponse().read() == b"POST /unread  "


def test_a_dropped_connection_ends_without_an_answer(port: int) -> None:
    request = b"POST /%s HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"

    assert said(port, request % b"dropped") == b""
    assert said(port, request % b"half").endswith(b"POST /half  ")
    with pytest.raises(ConnectionResetError):
        said(port, request % b"reset")


def test_what_is_not_http_ends_the_connection(port: int) -> None:
    assert said(port, b"\x16\x03\x01 not a request\r\n\r\n") == b""
