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
from granian.cli import cli as granian

from billing.management.commands.serve import check_free
from billing.server import server_command, server_environment
from customers.models import ApiKey
from tests import factories

ROOT = Path(__file__).resolve().parent.parent


def test_the_server_understands_its_command_line() -> None:
    _python, _m, server, *arguments = server_command("127.0.0.1", 80, workers=3, threads=5)

    asked = granian.make_context(server, arguments).params

    assert (asked["workers"], asked["blocking_threads"], asked["port"]) == (3, 5, 80)


def test_the_time_of_statements_is_limited_beside_other_options(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c search_path=public")

    assert server_environment(7)["PGOPTIONS"] == "-c search_path=public -c statement_timeout=7s"
    assert server_environment(0)["PGOPTIONS"] == "-c search_path=public"


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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
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

    with served(DATABASE_STATEMENT_TIMEOUT="1") as address:
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
