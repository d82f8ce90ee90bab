"""The drills of docs/operations.md, run as they are there: what is restored is the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from billing.embedded_postgres.programs import as_server_user
from deploy.cluster.nodes import DEPLOY
from deploy.cluster.processes import make_folder, wait_for
from tests.faults.ledger import Ledger
from tests.faults.results import Result
from tests.faults.servers import NAME, Postgres, Web, new_folder


class Drill:
    """A database that archives its WAL, the registry over it, and the scripts of deploy/backup/."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = make_folder(folder / "archive")
        self.scripts = make_folder(folder / "backup")
        for script in (DEPLOY / "backup").iterdir():  # its user may not reach the checkout
            shutil.copy(script, self.scripts)
        archive = f"{self.scripts}/archive-wal %p {self.archive}/%f"
        self.database = Postgres(
            folder / "database", archive_mode="on", archive_command=archive, wal_level="replica"
        )
        self.database.start()
        self.web = Web(self.database.url(), folder)
        self.web.prepare()
        self.web.start()

    def run(self, *command: object, server: Postgres | None = None) -> str:
        """What a command prints, run as an operator runs it on the database's node."""
        server = server or self.database
        done = subprocess.run(
            [str(part) for part in command],
            check=False,
            env={
                "PATH": f"{server.programs.folder}:{self.scripts}:{os.defpath}",
                "PGHOST": "127.0.0.1",
                "PGPORT": str(server.port),
                "PGUSER": NAME,
                "PGDATABASE": NAME,
            },
            capture_output=True,
            text=True,
            **as_server_user(),
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return str(done.stdout)

    def checksums(self, server: Postgres | None = None) -> str:
        found = self.run("psql", "-qAtX", "-f", self.scripts / "checksums.sql", server=server)
        assert "customers_customer|" in found
        return found

    def write(self, number: int) -> Ledger:
        """Write so many customers through the API."""
        with Ledger(self.web.origin, self.web.api_key, threads=4) as ledger:
            ledger.wait_for(number)
        return ledger

    def another(self, name: str) -> Postgres:
        """A server whose data is still to be restored."""
        folder = make_folder(self.folder / name)
        make_folder(folder / "data").rmdir()
        (folder / "data").touch()  # so that none is made
        server = Postgres(folder, self.database.programs)
        (folder / "data").unlink()
        return server


@pytest.fixture(scope="module")
def drill() -> Iterator[Drill]:
    with new_folder() as folder:
        drill = Drill(folder)
        yield drill
        drill.web.kill()
        drill.database.kill()


def test_a_dump_restores_the_same_rows(drill: Drill, folder: Path) -> None:
    ledger = drill.write(200)
    dump = folder / "registry.dump"
    before = drill.checksums()

    drill.run("pg_dump", "--format", "custom", "--file", dump)
    server = Postgres(folder / "restored", drill.database.programs)
    server.start()
    try:
        drill.run("pg_restore", "--exit-on-error", "--dbname", NAME, dump, server=server)
        assert drill.checksums(server) == before
        read_back(drill, server, ledger, "pg_dump and pg_restore")
    finally:
        server.kill()


def test_a_point_in_time_is_restored(drill: Drill, folder: Path) -> None:
    backup = drill.folder / "base"
    drill.run("base-backup", backup)
    ledger = drill.write(200)
    at_that_time = drill.checksums()
    time.sleep(1)
    target = str(drill.database.query("SELECT now()")[0][0])
    time.sleep(1)
    drill.write(200)
    now = drill.checksums()
    assert now != at_that_time
    drill.database.query("SELECT pg_switch_wal()")
    wait_for(lambda: is_archived(drill), "the last segment is archived")

    for name, when, expected in (("then", target, at_that_time), ("now", "latest", now)):
        server = drill.another(name)
        drill.run("restore-to", backup, drill.archive, server.data, when)
        try:
            server.start()
            wait_for(lambda: not is_recovering(server), "recovery has ended")  # noqa: B023
            assert drill.checksums(server) == expected
            if name == "then":
                read_back(drill, server, ledger, "restore to a point in time")
        finally:
            server.kill()


def test_control_a_row_more_is_another_checksum(drill: Drill) -> None:
    before = drill.checksums()
    drill.write(1)
    changed = drill.checksums() != before
    Result(
        "one more customer than restored", times=1, control=True, note="checksum differs"
    ).record()
    assert changed


def is_archived(drill: Drill) -> bool:
    last = "last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1)"
    return bool(drill.database.query(f"SELECT {last} FROM pg_stat_archiver")[0][0])


def is_recovering(server: Postgres) -> bool:
    return bool(server.query("SELECT pg_is_in_recovery()")[0][0])


def read_back(drill: Drill, server: Postgres, ledger: Ledger, fault: str) -> None:
    """All that was acknowledged is read through the API of a web node over the restored data."""
    web = Web(server.url(), drill.folder)
    web.start()
    try:
        ledger.origin = web.origin
        ledger.result(fault, note="equal checksums of all tables").must_hold()
    finally:
        web.kill()
