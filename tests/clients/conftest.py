"""A live server of this project, and clients of others that speak to it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings

from billing.embedded_postgres.base import private_server
from deploy.cluster.processes import free_port
from tests.checkouts import eventually
from tests.clients.environments import HERE, environment, node_modules

TIMEOUT = 60.0

Step = tuple[str, Any]


KEYS = 50
PREPARE = f"""
import django
from django.core.management import call_command

django.setup()
call_command("migrate", verbosity=0)
for number in range({KEYS}):
    call_command("issue_api_key", f"clients-{{number}}", "--mode", "live")
"""


@dataclass
class LiveServer:
    """Granian, as the demo and the production run it."""

    url: str
    keys: Iterator[str]
    """Of live data, each of an organization of its own."""


@dataclass
class Client:
    """A client of others in its environment, with a key of one organization."""

    program: Sequence[str | Path]
    """What runs its driver: the interpreter, its options, and the driver."""
    url: str
    key: str
    variables: Mapping[str, str] = field(default_factory=dict)

    def take(self, *steps: Step, key: str | None = None) -> list[Any]:
        """What each step gave."""
        done = subprocess.run(
            [*self.program, f"{self.url}/", self.key if key is None else key],
            env={**os.environ, **self.variables},
            check=False,
            input=json.dumps(steps),
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
        )
        assert done.returncode == 0, done.stderr
        results: list[Any] = json.loads(done.stdout)
        assert len(results) == len(steps)
        return results


@pytest.fixture(scope="session")
def live_database() -> Iterator[str]:
    """The URL of an empty database that only this process's live server uses."""
    if settings.DATABASES["default"]["ENGINE"] == "billing.embedded_postgres":
        postgres = private_server()
        postgres.use()
        url = postgres.url
    else:
        url = os.environ["DATABASE_URL"]
    name = f"clients_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="session")
def live(live_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    port = free_port()
    variables = {**os.environ, "DEBUG": "1", "DATABASE_URL": live_database}
    variables.pop("COVERAGE_PROCESS_START", None)
    variables["DJANGO_SETTINGS_MODULE"] = "billing.settings"
    # All at once: every start of Django takes a second.
    prepared = subprocess.run(
        [sys.executable, "-c", PREPARE],
        cwd=settings.BASE_DIR,
        env=variables,
        check=False,
        capture_output=True,
        text=True,
    )
    assert prepared.returncode == 0, prepared.stderr
    keys = prepared.stdout.split()
    assert len(keys) == KEYS
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"),
        "billing.wsgi:application",
    ]
    log = tmp_path_factory.mktemp("live") / "log"
    with log.open("w") as written:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=variables, stdout=written, stderr=written
        )

    def listens() -> bool:
        assert process.poll() is None, log.read_text("utf-8")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        assert eventually(listens), log.read_text("utf-8")
        yield LiveServer(f"http://127.0.0.1:{port}", iter(keys))
    finally:
        process.terminate()
        try:
            process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(TIMEOUT)
    assert "Traceback" not in log.read_text("utf-8")


@pytest.fixture
def key(live: LiveServer) -> str:
    """A key of the live data of an organization that no other test has."""
    return next(live.keys)


def _client(name: str, driver: str) -> Callable[[LiveServer, str], Client]:
    @pytest.fixture
    def client(live: LiveServer, key: str) -> Client:
        return Client((environment(name), "-I", HERE / driver), live.url, key)

    return client


@pytest.fixture
def lago_javascript(live: LiveServer, key: str) -> Client:
    """`lago-javascript-client` of today."""
    modules = node_modules("lago-javascript-1.53.0")
    program = ("node", HERE / "drive_javascript.cjs")
    return Client(program, live.url, key, {"NODE_PATH": str(modules)})


# `lago-python-client` of two seasons of 2022 and of today, and `lago-billing`, all with
# the key of one organization.
lago_first = _client("lago-0.1.3", "drive_0_1_3.py")
lago_billing = _client("lago-billing-1.0.1", "drive_billing.py")
lago_2022 = _client("lago-0.5.0", "drive_0_5_0.py")
lago_today = _client("lago-1.55.0", "drive_1_55_0.py")
