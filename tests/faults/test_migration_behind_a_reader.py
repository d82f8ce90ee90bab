"""A migration waits for a table that someone reads; whoever else reads it waits behind it."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from deploy.cluster.processes import ROOT
from tests.faults.crowd import watching
from tests.faults.results import Result
from tests.faults.servers import Postgres, Web, manage

SECONDS = 6  # for which someone has a transaction open


@dataclass
class Reads:
    """Reads by SQL, one after the other."""

    count: int = 0
    slowest: float = 0.0


@contextmanager
def reading(database: Postgres) -> Iterator[Reads]:
    """Read the customers all the time, without limits."""
    reads, over = Reads(), threading.Event()

    def read() -> None:
        with psycopg.connect(database.url(), autocommit=True) as connection:
            while not over.is_set():
                start = time.monotonic()
                connection.execute("SELECT count(*) FROM customers_customer").fetchall()
                reads.count += 1
                reads.slowest = max(reads.slowest, time.monotonic() - start)
                time.sleep(0.02)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield reads
    finally:
        over.set()
        thread.join()


def migrate(web: Web, **settings: str) -> subprocess.Popen[str]:
    """Begin to migrate to a later release."""
    return subprocess.Popen(
        manage("migrate", "--no-color"),
        cwd=ROOT,
        env={
            **os.environ,
            **web.environment,
            "DJANGO_SETTINGS_MODULE": "tests.faults.later.settings",
            **settings,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def behind_a_reader(
    web: Web, database: Postgres, **settings: str
) -> tuple[str, Reads, float, dict[str, int]]:
    """Migrate while someone has read. Returns what it prints, and what others' reads were like."""
    with psycopg.connect(database.url()) as reader:
        reader.execute("SELECT FROM customers_customer LIMIT 1")  # and its transaction is open
        with reading(database) as reads, watching(web, "/customers") as seen:
            migration = migrate(web, **settings)
            time.sleep(SECONDS)
            assert migration.poll() is None
            reader.rollback()
            printed, _ = migration.communicate(timeout=60)
    assert migration.returncode == 0, printed
    assert database.query("SELECT later FROM customers_customer") == []
    return printed, reads, seen.slowest, {str(s): n for s, n in seen.statuses.items()}


def test_no_reader_waits_for_a_second(web: Web, database: Postgres) -> None:
    printed, reads, slowest, statuses = behind_a_reader(web, database)

    note = f"slowest read {reads.slowest:.2f} s by SQL, {slowest:.2f} s by the API"
    Result("a migration behind a reader", 1, longest_gap=reads.slowest, note=note).record()
    assert "in use; trying again" in printed
    assert statuses.keys() == {"200"}
    assert reads.count > 50
    assert reads.slowest < 1
    assert slowest < 1.5


def test_without_a_limit_every_reader_waits_for_it(web: Web, database: Postgres) -> None:
    """The control."""
    _printed, reads, slowest, statuses = behind_a_reader(web, database, MIGRATION_LOCK_TIMEOUT="0")

    Result(
        "a migration behind a reader, without its limit",
        1,
        longest_gap=reads.slowest,
        refused={status: count for status, count in statuses.items() if status != "200"},
        control=True,
        note=f"slowest read {reads.slowest:.2f} s by SQL, {slowest:.2f} s by the API",
    ).record()
    assert reads.slowest > 4
    assert statuses.keys() - {"200"}
