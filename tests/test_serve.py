"""`manage.py serve`: the command line of the server, its limits, and a port that is taken."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.module_loading import import_string

from billing.front.lanes import OTHER_THREADS
from billing.management.commands.serve import check_free
from billing.server import server, server_command
from customers.models import ApiKey
from deploy.cluster.processes import free_port
from tests import factories

ROOT = Path(__file__).resolve().parent.parent


def test_the_server_takes_its_command_line() -> None:
    _python, _m, module, host, port, workers = server_command("127.0.0.1", 80, 3)
    made = server(host, int(port), int(workers))

    assert module == server.__module__
    assert (made.bind_addr, made.bind_port, made.workers) == ("127.0.0.1", 80, 3)
    assert callable(import_string(made.target.replace(":", ".")))


def test_serve_says_how_many_connections_it_may_open(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And hands the numbers on to the process that it becomes."""
    become: list[Any] = []
    monkeypatch.setattr(os, "execve", lambda *given: become.append(given))
    monkeypatch.setattr(os, "chdir", lambda _path: None)
    options = ("--workers", "3", "--threads", "4", "--page-threads", "5", "--port", "0")

    call_command("serve", *options)

    ((_program, command, environment),) = become
    assert command == server_command("127.0.0.1", 0, 3)
    assert (environment["API_THREADS"], environment["PAGE_THREADS"]) == ("4", "5")
    assert f"At most {3 * (4 + 5 + OTHER_THREADS)} connections" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--workers", "--threads", "--page-threads"])
def test_serve_refuses_to_do_nothing(option: str) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        call_command("serve", option, "0")


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_that_is_taken_is_refused(host: str) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind((host, 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=f"{port}: Address already in use"):
            call_command("serve", "--host", host, "--port", str(port))

    check_free(host, port)


@contextmanager
def served(**environment: str) -> Iterator[str]:
    """The address of a server over the tests' database."""
    port = free_port()
    settings = connection.settings_dict
    url = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "DEBUG": "1", "DATABASE_URL": url, **environment}
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(200):
            try:
                urlopen(f"{address}/customers/openapi.json", timeout=10).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) in (0, -signal.SIGTERM)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_statement_that_takes_too_long_is_503_and_the_worker_goes_on() -> None:
    """A table that someone has locked stands for a search that takes too long."""
    acme = factories.organization("acme")
    _key, secret = ApiKey.issue(acme, "live")
    factories.customer(acme, name="Acme")

    def ask(address: str) -> tuple[int, Any]:
        request = Request(f"{address}/customers?company_name=ac")
        request.add_header("Authorization", f"Bearer {secret}")
        try:
            with urlopen(request, timeout=30) as response:
                return response.status, json.load(response)
        except HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    with served(API_LIMITS="lock=0.5") as address:
        assert ask(address)[0] == 200
        settings = connection.settings_dict
        with psycopg.connect(
            dbname=settings["NAME"], user=settings["USER"], host=settings["HOST"]
        ) as other:
            other.execute("LOCK TABLE customers_customer")
            start = time.monotonic()
            status, body = ask(address)
            seconds = time.monotonic() - start
            other.rollback()
        assert (status, body["code"]) == (503, "unavailable")
        assert seconds < 10
        assert ask(address)[0] == 200


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_body_of_sixty_megabytes_is_413_for_a_client_that_sends_all_of_it_first() -> None:
    size = 60 * 1024 * 1024
    with (
        served() as address,
        socket.create_connection(
            ("127.0.0.1", int(address.rpartition(":")[2])), timeout=60
        ) as client,
    ):
        client.sendall(b"POST /api/v1/customers HTTP/1.1\r\nHost: localhost\r\n")
        client.sendall(b"Content-Type: application/json\r\nConnection: close\r\n")
        client.sendall(b"Authorization: Bearer %s\r\n" % key().encode())
        client.sendall(b"Content-Length: %d\r\n\r\n" % size)
        client.sendall(b"x" * size)
        answer = b"".join(iter(lambda: client.recv(4096), b""))

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert json.loads(answer.rpartition(b"\r\n\r\n")[2])["status"] == 413


def key() -> str:
    """An API key of Acme's."""
    return ApiKey.issue(factories.organization("acme"), "live")[1]
