"""Processes that are started, waited for, stopped and killed."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from billing.embedded_postgres.programs import as_server_user, server_user

ROOT = Path(__file__).resolve().parent.parent.parent
STOP_TIMEOUT = 40  # seconds; granian lets requests end for 30
LOWEST_PORT = 12_000
returned_ports: set[int] = set()


class StartError(Exception):
    """Something that was started does not run."""


def free_port() -> int:
    """A port of loopback that is free, and that is returned once only.

    It lies below the ports that the kernel gives to outgoing connections: one of those could have
    it when, seconds later, its server starts, and keep it for as long as it lasts.
    """
    outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for port in random.sample(range(LOWEST_PORT, outgoing), k=outgoing - LOWEST_PORT):
        if port in returned_ports:
            continue
        with socket.socket() as free, contextlib.suppress(OSError):
            free.bind(("127.0.0.1", port))
            returned_ports.add(port)
            return port
    raise StartError(f"No port is free from {LOWEST_PORT} to {outgoing}")


def make_folder(path: Path) -> Path:
    """A folder that only the user of the database's processes can enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user := server_user():
        os.chown(path, user.pw_uid, user.pw_gid)
    return path


def can_enter(path: Path) -> bool:
    """Whether the user of the database's processes can go into a folder."""
    enter = ["/bin/sh", "-c", 'cd "$1"', "sh", str(path)]
    done = subprocess.run(enter, check=False, stderr=subprocess.DEVNULL, **as_server_user())
    return done.returncode == 0


def wait_for(condition: Callable[[], bool], what: str, timeout: float = 60) -> None:
    """Wait until a condition holds. Raises StartError after `timeout` seconds."""
    until = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > until:
            raise StartError(f"{what}: not within {timeout:.0f} s")
        time.sleep(0.05)


@dataclass
class Process:
    """A program that runs in the foreground, in a process group of its own."""

    name: str
    command: list[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    unprivileged: bool = False
    """Whether it runs as the user of PostgreSQL's processes if this process is root."""

    running: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        assert self.running is not None, f"{self.name} was never started"
        return self.running.pid

    def start(self) -> None:
        options: dict[str, Any] = {"cwd": ROOT, **(as_server_user() if self.unprivileged else {})}
        with self.log.open("ab") as log:
            # Ctrl-C reaches only the process that started it, which then stops it.
            self.running = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **options,
            )

    def is_running(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def check(self) -> None:
        """Raise StartError, with the end of its log, if it has ended."""
        if not self.is_running():
            raise StartError(f"{self.name} has ended:\n{self.tail()}")

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8", "replace")[-2000:] if self.log.exists() else ""

    def send(self, number: signal.Signals) -> None:
        if self.is_running():
            os.kill(self.pid, number)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, and kill it, with what it started, if it does not."""
        if self.running is None:
            return
        self.send(number)
        try:
            self.running.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """`kill -9` of it, of all that it started and of all processes of its group."""
        if self.running is None:
            return
        for pid in [*children(self.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.running.wait()


def children(pid: int) -> Iterator[int]:
    """The processes that a process started, with theirs."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, task.read_text().split()):
                yield child
                yield from children(child)
