"""The servers under test: the project's own in production settings, and plain DRF."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.databases import ORGANIZATION, ROOT, manage

PROJECT = manage("serve", "--workers", "1", "--port", "{port}")
PLAIN = [
    *(sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--workers", "1"),
    *("--threads", "4", "--log-level", "warning", "benchmarks.plain_drf.wsgi"),
]
# As behind a proxy that ends TLS.
PROXY_HEADERS = {"X-Forwarded-Proto": "https"}
START_TIMEOUT = 60
STAFF_NAME = "bench"
STAFF_PASSWORD = "a password for the benchmark"  # noqa: S105 (of a copy that is deleted)


@dataclass
class Server:
    """A running server over one database."""

    command: list[str]
    url: str  # of the database
    root: Path = ROOT  # of the project
    port: int = field(init=False)
    process: subprocess.Popen[bytes] | None = field(init=False, default=None)
    _folder: Path = field(init=False)

    def __post_init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="bench-"))

    @property
    def environment(self) -> dict[str, str]:
        """That of a production server. There is no rate limit: wrk would soon be beyond it."""
        return {
            **os.environ,
            "DEBUG": "0",
            "SECRET_KEY": "for the benchmark only, and long enough for the checks of Django",
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": self.url,
            "TRUST_PROXY_HEADERS": "1",
            "RATE_LIMIT": "",
            "TOKEN_RATE_LIMIT": "",
            "STATIC_ROOT": str(self._folder / "static"),
            "LOG_LEVEL": "WARNING",
        }

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *arguments: str, **more: str) -> str:
        """What a management command prints, run with the server's settings."""
        done = subprocess.run(
            manage(*arguments),
            check=True,
            cwd=self.root,
            env={**self.environment, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        return done.stdout.strip()

    def start(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [part.format(port=self.port) for part in self.command]
        log = (self._folder / "log").open("ab")
        # In a process group of its own: Ctrl-C ends the measuring, which then stops the server.
        self.process = subprocess.Popen(
            command, cwd=self.root, env=self.environment, stdout=log, stderr=log, process_group=0
        )
        until = time.monotonic() + START_TIMEOUT
        while not self.is_listening():
            if self.process.poll() is not None or time.monotonic() > until:
                sys.exit(f"{' '.join(command)} does not start:\n{self.log()}")
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            workers = self.processes()
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:  # it still answers requests that no one waits for
                for pid in [self.process.pid, *workers]:
                    subprocess.run(["/bin/kill", "-KILL", str(pid)], check=False)
                self.process.wait()
            self.process = None

    def close(self) -> None:
        """Stop, and delete what it wrote."""
        self.stop()
        shutil.rmtree(self._folder)

    def log(self) -> str:
        """The end of its log."""
        return (self._folder / "log").read_text("utf-8")[-2000:]

    def is_listening(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: str | None = None,
        *,
        timeout: float = 30,
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """One request: the response's status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read().decode()
        finally:
            connection.close()

    # --- Memory ----------------------------------------------------------------------------------

    def processes(self) -> list[int]:
        """The server's processes but the first one, its supervisor, unless it is the only one."""
        assert self.process is not None
        found = [self.process.pid]
        for pid in found:  # grows while it is read
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                found += map(int, task.read_text().split())
        return found[1:] or found

    def memory(self) -> dict[str, float]:
        """MiB of the largest worker: resident, and with shared pages counted by their share."""
        return max((read_memory(pid) for pid in self.processes()), key=lambda found: found["rss"])


def read_memory(pid: int) -> dict[str, float]:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = dict(re.findall(r"^(\w+): +(\d+) kB$", text, re.MULTILINE))
    return {"rss": int(found["Rss"]) / 1024, "pss": int(found["Pss"]) / 1024}


def issue_key(server: Server) -> str:
    return server.manage("issue_api_key", ORGANIZATION, "--mode", "live", "--name", "bench")


def sign_in(server: Server) -> str:
    """The Cookie header of a superuser who has signed in to the back office."""
    server.manage(
        *("createsuperuser", "--no-input", "--username", STAFF_NAME),
        *("--email", "bench@registry.example"),
        DJANGO_SUPERUSER_PASSWORD=STAFF_PASSWORD,
    )
    path = "/backoffice/login/"
    _, headers, page = server.ask("GET", path, PROXY_HEADERS)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None, page
    status, headers, page = server.ask(
        "POST",
        path,
        {
            **PROXY_HEADERS,
            "Cookie": cookies(headers),
            "Referer": f"https://127.0.0.1:{server.port}{path}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
        f"csrfmiddlewaretoken={token[1]}&username={STAFF_NAME}"
        f"&password={STAFF_PASSWORD.replace(' ', '+')}",
    )
    assert status == 302, (status, page)
    return cookies(headers)


def cookies(headers: http.client.HTTPMessage) -> str:
    """The Cookie header that answers these Set-Cookie headers."""
    return "; ".join(line.split(";")[0] for line in headers.get_all("Set-Cookie") or [])
