"""Starts, shares and stops the private PostgreSQL of one checkout. No Django in here."""

import atexit
import contextlib
import hashlib
import os
import secrets
import shutil
import socket
import stat
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from billing.embedded_postgres.data import NAME, DataFolder
from billing.embedded_postgres.errors import EmbeddedPostgresError
from billing.embedded_postgres.processes import has_processes, is_alive, read_pid, wait_until
from billing.embedded_postgres.programs import Programs, server_user, shut_down

if sys.platform != "win32":
    import fcntl

PORT = 5432  # only the ending of the socket's file name: there is no TCP port
START_TIMEOUT = STOP_TIMEOUT = 60  # seconds; recovery or writing of a large database takes a while

_LEASES: dict[Path, IO[str]] = {}  # the locks this process holds, by state folder


@dataclass(frozen=True)
class EmbeddedPostgres:
    """The private server of the checkout at `checkout`."""

    checkout: Path

    def __post_init__(self) -> None:
        if sys.platform == "win32":
            raise EmbeddedPostgresError(
                "The private PostgreSQL does not run on Windows: set DATABASE_URL."
            )

    # --- Where things are ------------------------------------------------------------------------

    @property
    def state(self) -> Path:
        """Locks, the log and, for an ordinary user, the data."""
        return self.checkout / ".postgres"

    @property
    def runtime(self) -> Path:
        """The folder outside the checkout: of the socket and, for root, of all the rest."""
        checkout_hash = hashlib.sha256(os.fsencode(self.checkout.resolve())).hexdigest()[:10]
        if os.geteuid() == 0:
            return Path("/var/lib") / f"{NAME}-{checkout_hash}"
        # Not $TMPDIR, which may differ between two shells.
        return Path("/tmp") / f"{NAME}-{os.geteuid()}-{checkout_hash}"  # noqa: S108 (0700, checked)

    @property
    def _home(self) -> Path:
        """The folder of all that the server's user must reach."""
        return self.runtime if os.geteuid() == 0 else self.state

    @property
    def data(self) -> Path:
        return self._home / "data"

    @property
    def log(self) -> Path:
        return self._home / "log"

    @property
    def socket(self) -> Path:
        return self.runtime / f".s.PGSQL.{PORT}"

    @property
    def _socket_lock(self) -> Path:
        return self.runtime / f".s.PGSQL.{PORT}.lock"

    @property
    def url(self) -> str:
        """The libpq URL of the database."""
        return f"postgresql://{NAME}@/{NAME}?host={self.runtime}"

    # --- Actions ---------------------------------------------------------------------------------

    def use(self) -> None:
        """Start the server if it is stopped, and keep it running while this process lives.

        Every process holds a shared lock; the last one to end gets the exclusive one and stops the
        server. A lock is released with its process, however that ends.
        """
        if self.state not in _LEASES:
            self.state.mkdir(mode=0o700, exist_ok=True)
            lease = (self.state / "users").open("a")
            fcntl.flock(lease, fcntl.LOCK_SH)
            _LEASES[self.state] = lease
            atexit.register(self.leave)
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
        self._start()

    def stop(self) -> None:
        """Stop the server, whoever uses it."""
        self._keep.unlink(missing_ok=True)
        if self.state.is_dir():
            self._stop()

    def reset(self, *, everything: bool = False) -> list[Path]:
        """Stop the server and delete its data.

        Data that was moved aside is deleted only if `everything` is; otherwise it is returned.
        """
        self.stop()
        kept = [] if everything else self._data.set_aside
        # The marks say that the runtime folder, and what is kept there, is this checkout's.
        spared = [*kept, self._identity, self._mark]
        for folder in (self.runtime, self.state):
            if not folder.exists():
                continue
            if kept and folder in (self._home, self.state):
                _empty(folder, spared)
            else:
                shutil.rmtree(folder)
        return kept

    def is_listening(self) -> bool:
        """Whether something accepts connections on the socket."""
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.socket))
            except OSError:
                return False
        return True

    # --- Implementation --------------------------------------------------------------------------

    @property
    def _programs(self) -> Programs:
        return Programs(self._home)

    @property
    def _data(self) -> DataFolder:
        return DataFolder(self.data, self._programs)

    @property
    def _keep(self) -> Path:
        return self.state / "keep"

    @contextlib.contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Only one process at a time may start or stop the server."""
        with (self.state / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _start(self) -> None:
        if self._is_ours() and self.is_listening():
            return
        with self._one_at_a_time():
            if self._is_ours() and self.is_listening():
                return  # another process started it first
            self._make_runtime_folder()
            # A server that was just killed takes a moment to end.
            pid = read_pid(self.data / "postmaster.pid")
            wait_until(lambda: not is_alive(pid) or self.is_listening())
            if self.is_listening():
                return
            self._forget_dead_server()
            self._programs.prepare()
            self._data.prepare(self.url)
            self._launch()

    def _stop(self) -> None:
        with self._one_at_a_time():
            self._shut_down(read_pid(self.data / "postmaster.pid"))

    def _shut_down(self, pid: int | None) -> None:
        """Stop a server, which another environment's programs may have started."""
        if pid is None or not is_alive(pid):
            return
        shut_down(pid)
        wait_until(lambda: not is_alive(pid), STOP_TIMEOUT)
        if is_alive(pid):
            raise EmbeddedPostgresError(f"The server (process {pid}) does not stop.")

    def _make_runtime_folder(self) -> None:
        """Make the runtime folder; trust an existing one only if nobody else can write to it."""
        if not self._identity.exists():
            self._identity.write_text(secrets.token_hex(16))
        with contextlib.suppress(FileExistsError):
            self.runtime.mkdir(mode=0o700)
            if user := server_user():
                os.chown(self.runtime, user.pw_uid, user.pw_gid)
        found = self.runtime.lstat()
        owner = user.pw_uid if (user := server_user()) else os.geteuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise EmbeddedPostgresError(
                f"{self.runtime} is not a folder that only this user can enter. Delete it."
            )
        if not self._is_ours():
            self._evict()
            self._mark.write_text(self._identity.read_text())

    @property
    def _identity(self) -> Path:
        return self.state / "id"

    @property
    def _mark(self) -> Path:
        return self.runtime / "checkout-id"

    def _is_ours(self) -> bool:
        """Whether the runtime folder is this checkout's, not an earlier one's at the same path."""
        try:
            return self._mark.read_text() == self._identity.read_text()
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            return False

    def _evict(self) -> None:
        """Stop the server of an earlier checkout at this path, and delete what it left."""
        self._shut_down(read_pid(self._socket_lock))
        _empty(self.runtime)

    def _launch(self) -> None:
        options = (
            f"-c listen_addresses= -c unix_socket_permissions=0700 -k '{self.runtime}' -p {PORT}"
        )
        self._programs.run(
            *("pg_ctl", "start", "--pgdata", self.data, "--log", self.log, "--wait"),
            *("--timeout", str(START_TIMEOUT), "--silent", "--options", options),
        )

    def _forget_dead_server(self) -> None:
        """Delete the lock files of a killed server.

        Where process 1 does not reap orphans (many containers) the server remains a zombie, which
        PostgreSQL takes for a running server.
        """
        for lock_file in (self.data / "postmaster.pid", self._socket_lock):
            pid = read_pid(lock_file)
            if pid is not None and not is_alive(pid):
                wait_until(lambda: not has_processes(self.data.resolve()))
                lock_file.unlink(missing_ok=True)


def _empty(folder: Path, spared: Collection[Path] = ()) -> None:
    for path in folder.iterdir():
        if path in spared:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
