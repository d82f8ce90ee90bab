"""What comes back is bounded in time and size, and never followed, trusted or kept whole."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from customers.webhooks.addresses import Place
from customers.webhooks.sender import Result, post
from tests.webhooks.receiver import receiving


def at(port: int) -> Place:
    """A port of this machine."""
    return Place(
        is_encrypted=False,
        host="127.0.0.1",
        port=port,
        authority=f"127.0.0.1:{port}",
        path="/",
        addresses=("127.0.0.1",),
    )


@contextmanager
def speaking(speak: Callable[[socket.socket], None]) -> Iterator[Place]:
    """A server that says what `speak` does, to one client."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                with suppress(OSError):  # the client has gone
                    speak(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        port = server.getsockname()[1]
        yield at(port)
        thread.join()


def sent(place: Place, deadline: float = 5) -> Result:
    return asyncio.run(post(place, {"webhook-id": "x"}, b"{}", deadline))


def test_a_drip_ends_at_the_deadline() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _second in range(40):
            connection.sendall(b".")
            time.sleep(0.05)

    with speaking(drip) as place:
        result = sent(place, 0.4)

    assert (result.status, result.is_success) == (None, False)
    assert result.error == "No complete answer within 0.4 seconds."
    assert 0.4 <= result.duration < 1


def test_no_more_than_64_kib_are_read() -> None:
    taken = 0

    def flood(connection: socket.socket) -> None:
        nonlocal taken
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _part in range(1000):
            connection.sendall(b"x" * 65536)
            taken += 65536

    with speaking(flood) as place:
        result = sent(place)

    assert (result.status, result.answer) == (200, "x" * 1024)
    assert taken < 8 * 1024 * 1024  # what the buffers of two sockets hold


def test_a_redirect_is_a_failure_and_is_not_followed() -> None:
    with receiving() as other:

        def redirect(connection: socket.socket) -> None:
            head = f"HTTP/1.1 302 Found\r\nLocation: {other.url}\r\nContent-Length: 0\r\n\r\n"
            connection.sendall(head.encode())

        with speaking(redirect) as place:
            result = sent(place)

    assert (result.status, result.is_success) == (302, False)
    assert other.received == []


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"", "The connection was closed."),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "The answer is not HTTP."),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000, "The answer is not HTTP."),
    ],
)
def test_what_is_no_answer_is_an_error(said: bytes, error: str) -> None:
    with speaking(lambda connection: connection.sendall(said)) as place:
        result = sent(place)

    assert (result.status, result.error) == (None, error)


def test_nothing_that_listens_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    result = sent(at(port))

    assert result.error == "Connection refused."


def test_an_answer_is_kept_as_text_without_card_numbers_and_secrets() -> None:
    body = b"<b>\0\xff 4111 1111 1111 1111 whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    head = f"HTTP/1.1 500 No\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    with speaking(lambda connection: connection.sendall(head + body)) as place:
        result = sent(place)

    assert result.answer == "<b>�� (card number) (secret)"


def test_tls_is_checked_for_the_name() -> None:
    """The certificate must be that of the name, whatever address it has."""
    asked: list[str | None] = []

    def wrapped(*args: object, **options: object) -> object:
        asked.append(str(options["server_hostname"]))
        raise ssl.SSLError(1, "certificate verify failed")

    place = replace(at(443), is_encrypted=True, host="hooks.example")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "open_connection", wrapped)
        result = sent(place)

    assert asked == ["hooks.example"]
    assert result.error.startswith("TLS:")
