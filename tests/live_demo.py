"""A demo as `make demo` serves it, on a free port, over a database of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.conf import settings

from billing.embedded_postgres.base import private_server
from deploy.cluster.processes import free_port

#: The address that the documentation has.
DOCUMENTED = "127.0.0.1:8000"


@dataclass
class Demo:
    process: subprocess.Popen[str]
    port: int
    environment: dict[str, str]
    printed: str = ""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def here(self, text: str) -> str:
        """A text of the documentation, with the address of this demo."""
        return text.replace(DOCUMENTED, f"127.0.0.1:{self.port}")

    def run(self, line: str) -> str:
        """What a line of the shell prints, against this demo."""
        shown = subprocess.run(
            ["bash", "-c", self.here(line)], check=True, capture_output=True, text=True, timeout=20
        )
        return shown.stdout


@contextmanager
def database() -> Iterator[str]:
    """The URL of an empty database of the private server."""
    server = private_server()
    server.use()
    name = f"demo_{os.getpid()}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.url.replace("/billing?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def live_demo() -> Iterator[Demo]:
    with database() as url:
        port = free_port()
        environment = {**os.environ, "DEBUG": "1", "PORT": str(port), "DATABASE_URL": url}
        environment.pop("COVERAGE_PROCESS_START", None)
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        found = Demo(process, port, environment)
        assert process.stdout is not None
        for line in process.stdout:
            found.printed += line
            if "Ctrl-C stops it." in line:
                break
        assert process.poll() is None, found.printed
        yield found
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
        assert process.returncode == 0, rest
        assert "Traceback" not in rest
        assert rest.rstrip().endswith("Stopped.")
