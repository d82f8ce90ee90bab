"""What each trigger, index and check costs an insert into `customers_customer`.

    make bench-insert                 100,000 customers
    make bench-insert SIZE=1000000

Times inserts in a copy of the benchmark's database: with everything, and without one part after
another. One transaction drops the part, inserts and is rolled back, so that the cost of a commit,
the same for all, is left out; what a GIN index puts off is included. A round trip that does nothing
is the floor.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median

import psycopg

from benchmarks.databases import Databases
from benchmarks.floor import CREATE
from benchmarks.targets import MODE
from benchmarks.wrk import unique_letters
from customers.values.uuid7 import uuid7

INSERTS = 1_000
ROUNDS = 7
EVERYTHING = "with everything"
ROUND_TRIP = "a round trip that does nothing"
TABLES = ("customers_customer", "customers_customerevent")

# Each query finds parts of a table: what a part is, its name, and the statement that drops it.
TRIGGERS = """
    SELECT 'trigger', tgname, format('DROP TRIGGER %%I ON %%s', tgname, tgrelid::regclass)
    FROM pg_trigger
    WHERE tgrelid = %(table)s::regclass AND NOT tgisinternal AND tgtype & 4 > 0
"""
CONSTRAINTS = """
    SELECT CASE contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' ELSE 'index' END, conname,
        format('ALTER TABLE %%s DROP CONSTRAINT %%I CASCADE', conrelid::regclass, conname)
    FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype IN ('c', 'f', 'p', 'u')
"""
INDEXES = """
    SELECT 'index', relname, format('DROP INDEX %%s', indexrelid::regclass)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = %(table)s::regclass
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
"""
GENERATED = """
    SELECT 'generated column', attname,
        format('ALTER TABLE %%s DROP COLUMN %%I CASCADE', attrelid::regclass, attname)
    FROM pg_attribute
    WHERE attrelid = %(table)s::regclass AND attgenerated <> '' AND NOT attisdropped
"""
# What GIN indexes put off until their pending lists are full.
PENDING = """
    SELECT gin_clean_pending_list(indexrelid::regclass)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
    WHERE indrelid = ANY(%(tables)s::regclass[]) AND amname = 'gin'
"""


def parts(connection: psycopg.Connection) -> Iterator[tuple[str, list[str]]]:
    """What can be left out: a title, and the statements that drop it."""
    drops: dict[str, list[str]] = {}
    for table in TABLES:
        for query in (TRIGGERS, CONSTRAINTS, INDEXES, GENERATED):
            found = connection.execute(query, {"table": table}).fetchall()
            for kind, name, drop in sorted(found):
                drops.setdefault(kind, []).append(drop)
                yield f"without the {kind} `{name}`", [drop]
    for kind, each in drops.items():
        if len(each) > 1:
            yield f"without any {kind}", each
    # Columns and constraints first: what they take with them is dropped only if it is still there.
    every = [drop for each in drops.values() for drop in each]
    yield "without any of these", sorted(every, key=lambda drop: drop.startswith("DROP INDEX"))


def microseconds(connection: psycopg.Connection, drops: list[str], inserts: int) -> float:
    """The time of an insert without what `drops` drop."""
    found = connection.execute("SELECT id FROM customers_organization LIMIT 1").fetchone()
    assert found is not None
    with connection.transaction(force_rollback=True):
        for drop in drops:
            _drop(connection, drop)
        times = []
        word = unique_letters()
        for number in range(inserts):
            start = time.perf_counter()
            at = datetime.now(UTC)
            values = {"id": uuid7(at), "at": at, "word": f"{word}{number}"}
            connection.execute(
                CREATE, {**values, "organization": found[0], "mode": MODE}, prepare=True
            )
            times.append(time.perf_counter() - start)
        start = time.perf_counter()
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        connection.execute(PENDING, {"tables": list(TABLES)})
        late = (time.perf_counter() - start) / inserts
        return (median(times) + late) * 1e6


def _drop(connection: psycopg.Connection, drop: str) -> None:
    """Run the statement, unless an earlier one has dropped the part with another."""
    try:
        with connection.transaction():
            connection.execute(drop)
    except (
        psycopg.errors.UndefinedObject,
        psycopg.errors.UndefinedColumn,
        psycopg.errors.UndefinedTable,
    ):
        return


def round_trip(connection: psycopg.Connection, times: int) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        connection.execute("SELECT 1", prepare=True)
        found.append(time.perf_counter() - start)
    return median(found) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--inserts", type=int, default=INSERTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    databases = Databases()
    with (
        databases.copy_of(databases.loaded(arguments.size)) as url,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        # What a trigger fills stays empty without it.
        connection.execute(
            "ALTER TABLE customers_customer ALTER COLUMN sequential_id DROP NOT NULL"
        )
        variants = {EVERYTHING: [], **dict(parts(connection))}
        times: dict[str, list[float]] = {title: [] for title in (*variants, ROUND_TRIP)}
        for _ in range(arguments.rounds):
            for title, drops in variants.items():
                times[title].append(microseconds(connection, drops, arguments.inserts))
                connection.execute("VACUUM customers_customer, customers_customerevent")
            times[ROUND_TRIP].append(round_trip(connection, arguments.inserts))
    print(table(times))


def table(times: dict[str, list[float]]) -> str:
    """The best rounds, which something else slowed least, as a table in Markdown."""
    best = {title: min(found) for title, found in times.items()}
    whole = best[EVERYTHING]
    lines = [
        "| an insert | µs, best round | median round | saves, µs |",
        "| --- | --: | --: | --: |",
    ]
    for title, least in sorted(best.items(), key=lambda item: -item[1]):
        saves = "" if title == EVERYTHING else f"{whole - least:+.0f} ({1 - least / whole:.0%})"
        lines.append(f"| {title} | {least:.0f} | {median(times[title]):.0f} | {saves} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
