"""Requests whose length is unknown, and those that are too long."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from billing import wsgi
from billing.wsgi import MAX_CHUNKED_BYTES, PlainRequests
from customers.imports.read import MAX_BYTES
from customers.imports.upload_handler import MAX_REQUEST
from deploy.cluster.processes import free_port


class Unreadable(io.BytesIO):
    """A body that no one may touch."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body was read")


def passed_on(body: io.BytesIO, **environ: str) -> dict[str, Any]:
    """What the application is given."""
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.update(environ)
        return [b"answer"]

    answer = PlainRequests(application)({**environ, "wsgi.input": body}, None)

    assert list(answer) == [b"answer"]
    return seen


def test_a_chunked_body_gets_its_length() -> None:
    environ = passed_on(io.BytesIO(b'{"name": "Acme"}'), HTTP_TRANSFER_ENCODING="chunked")

    assert environ["CONTENT_LENGTH"] == "16"
    assert environ["wsgi.input"].read() == b'{"name": "Acme"}'


def test_an_empty_length_is_no_length() -> None:
    environ = passed_on(io.BytesIO(b"abc"), HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")

    assert environ["CONTENT_LENGTH"] == "3"


def test_an_empty_chunked_body_has_length_zero() -> None:
    environ = passed_on(io.BytesIO(), HTTP_TRANSFER_ENCODING="chunked")

    assert environ["CONTENT_LENGTH"] == "0"


def test_a_chunked_body_is_read_no_further_than_the_limit() -> None:
    body = io.BytesIO(b"x" * (MAX_CHUNKED_BYTES + 10))

    environ = passed_on(body, HTTP_TRANSFER_ENCODING="chunked")

    assert environ["CONTENT_LENGTH"] == str(MAX_CHUNKED_BYTES)
    assert body.tell() == MAX_CHUNKED_BYTES


def test_a_body_with_a_length_is_left_alone() -> None:
    environ = passed_on(Unreadable(b"abc"), CONTENT_LENGTH="3")

    assert environ["CONTENT_LENGTH"] == "3"


def test_a_stated_length_wins() -> None:
    body = Unreadable(b"abc")
    environ = passed_on(body, HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="3")

    assert environ["CONTENT_LENGTH"] == "3"
    assert environ["wsgi.input"] is body


def test_a_request_without_a_body_is_left_alone() -> None:
    assert "CONTENT_LENGTH" not in passed_on(Unreadable())


def test_the_product_is_served_through_it() -> None:
    assert isinstance(wsgi.application, PlainRequests)


MIRROR = """
from billing.wsgi import PlainRequests

def mirror(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"%d %s" % (len(body), body[-5:])]

application = PlainRequests(mirror)
"""


@contextmanager
def serving(folder: Path, source: str, **env: str) -> Iterator[int]:
    """The port of the product's web server before the application of a source text."""
    (folder / "mirror.py").write_text(source)
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    server = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port), "mirror:application"],
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{settings.BASE_DIR}", "DEBUG": "1", **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < deadline, "the server has not started"
                time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[int]:
    """The port of an application that shows what it got."""
    with serving(tmp_path, MIRROR) as port:
        yield port


def test_a_body_in_many_late_chunks_arrives_whole(mirror: int) -> None:
    with socket.create_connection(("127.0.0.1", mirror), timeout=10) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n")
        client.sendall(b"Transfer-Encoding: chunked\r\n\r\n")
        for number in range(1, 31):
            chunk = b"%04d" % number * 2500
            client.sendall(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            time.sleep(0.005)
        client.sendall(b"5\r\n.last\r\n0\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(4096), b""))

    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"300005 .last")


RECEIVER = """
import os
from django.core.handlers.wsgi import WSGIRequest
from billing.wsgi import PlainRequests

def receiver(environ, start_response):
    request = WSGIRequest(environ)
    got = (request.POST.get("token"), len(request.FILES), len(os.listdir(os.environ["TMPDIR"])))
    request.close()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [repr(got).encode()]

application = PlainRequests(receiver)
"""


def test_a_file_that_is_too_large_never_comes_to_the_disk(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()

    def reported(size: int) -> bytes:
        head = b'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\nt\r\n--b\r\n'
        head += b'Content-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        body = head + b"a" * size + b"\r\n--b--\r\n"
        with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
            client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n")
            client.sendall(b"Content-Type: multipart/form-data; boundary=b\r\n")
            client.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            return b"".join(iter(lambda: client.recv(4096), b"")).rpartition(b"\r\n\r\n")[2]

    with serving(tmp_path, RECEIVER, TMPDIR=str(spool)) as port:
        assert reported(MAX_BYTES) == b"('t', 1, 1)"
        assert reported(MAX_REQUEST + 1) == b"('t', 0, 0)"
