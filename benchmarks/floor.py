"""What PostgreSQL itself gives: the project's SQL from one bare process, and from pgbench."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count, cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from benchmarks.targets import MODE, Targets
from benchmarks.wrk import Sample, unique_letters
from customers.values.uuid7 import uuid7

COLUMNS = (
    "id, created_at, updated_at, version, external_id, processor_reference, email, name,"
    " legal_name, ein, address_line1, address_line2, city, state, postal_code, country,"
    " default_payment_method_id"
)
TENANT = "organization_id = %(organization)s AND mode = %(mode)s"
GET = f"SELECT {COLUMNS} FROM customers_customer WHERE {TENANT} AND id = %(id)s"
# One row more than the page has tells whether another page follows.
FIRST = (
    f"SELECT {COLUMNS} FROM customers_customer WHERE {TENANT} AND archived_at IS NULL"
    " ORDER BY id DESC LIMIT %(limit)s + 1"
)
DEEP = FIRST.replace(" ORDER", " AND id < %(id)s ORDER")
CREATE = (
    "INSERT INTO customers_customer (id, created_at, updated_at, version, organization_id, mode,"
    " external_id, email, name, legal_name, address_line1, city, postal_code, country, metadata)"
    " VALUES (%(id)s, %(at)s, %(at)s, 1, %(organization)s, %(mode)s, %(word)s::text,"
    " %(word)s::text || '@bench.example', 'Bench ' || %(word)s::text,"
    " 'Bench ' || %(word)s::text || ' Limited',"
    " '1 High Street', 'Berlin', '10115', 'DE', '{}') RETURNING version"
)
STATEMENTS: dict[str, str] = {
    "get": GET,
    "list-10": FIRST,
    "list-10-middle": DEEP,
    "list-100": FIRST,
    "list-100-middle": DEEP,
    "create": CREATE,
}
CLIENTS = 2
SCRIPTS = 100  # of pgbench for one row: each asks for another customer


def limit_of(key: str) -> int:
    return 100 if "100" in key else 10


class BarePsycopg:
    """One process with one connection: prepared statements, a commit after each."""

    name = "bare psycopg"

    def __init__(self, url: str, targets: Targets) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.always = {"organization": targets.organization_id, "mode": MODE}
        self.ids = cycle(targets.ids)

    def measure(self, key: str, seconds: float) -> Sample | None:
        statement = STATEMENTS.get(key)
        if statement is None:
            return None
        parameters = self._creates() if key == "create" else self._reads(limit_of(key))
        times = []
        start = now = time.perf_counter()
        while now - start < seconds:
            self.connection.execute(statement, parameters(), prepare=True).fetchall()
            before, now = now, time.perf_counter()
            times.append((now - before) * 1000)
        times.sort()
        p50, p90, p99 = (times[len(times) * part // 100] for part in (50, 90, 99))
        return Sample(len(times) / (now - start), p50, p90, p99)

    def warm_up(self, key: str, seconds: float) -> None:
        self.measure(key, seconds)

    def _reads(self, limit: int) -> Callable[[], dict[str, Any]]:
        values = {**self.always, "limit": limit}
        return lambda: {**values, "id": next(self.ids)}

    def _creates(self) -> Callable[[], dict[str, Any]]:
        words = (f"{unique_letters()}{number}" for number in count())

        def values() -> dict[str, Any]:
            at = datetime.now(UTC)
            return {**self.always, "id": uuid7(at), "at": at, "word": next(words)}

        return values

    def close(self) -> None:
        self.connection.close()


class Pgbench:
    """PostgreSQL's own benchmark program, with two clients."""

    name = "pgbench"

    def __init__(self, url: str, targets: Targets) -> None:
        self.url = url
        self.targets = targets
        self._folder = TemporaryDirectory()
        with psycopg.connect(url) as connection:
            query = "SELECT setting FROM pg_config() WHERE name = 'BINDIR'"
            row = connection.execute(query).fetchone()
        assert row is not None
        self.program = Path(row[0]) / "pgbench"

    @property
    def missing(self) -> str:
        """Why it cannot be measured, if it cannot."""
        return "" if self.program.exists() else f"PostgreSQL has no {self.program}"

    def measure(self, key: str, seconds: float) -> Sample | None:
        if key not in STATEMENTS or self.missing:
            return None
        command = [
            *(str(self.program), "--no-vacuum", "--protocol", "prepared"),
            *("--client", str(CLIENTS), "--jobs", "1", "--time", str(max(1, round(seconds)))),
            *(part for path in self._scripts(key) for part in ("--file", str(path))),
            self.url,
        ]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            return Sample(0.0, errors=done.stderr.strip()[-300:])
        return Sample(read_rate(done.stdout))

    def warm_up(self, key: str, seconds: float) -> None:
        """It needs none: the rows are in memory by now."""

    def _scripts(self, key: str) -> list[Path]:
        found = []
        for number, id in enumerate(self.targets.ids[: 1 if key == "create" else SCRIPTS]):
            path = Path(self._folder.name) / f"{key}-{number}.sql"
            if not path.exists():
                path.write_text(script(key, str(id), str(self.targets.organization_id)))
            found.append(path)
        return found

    def close(self) -> None:
        self._folder.cleanup()


def script(key: str, id: str, organization: str) -> str:
    """The row's statement, for pgbench, which makes new ids in SQL."""
    always = {"organization": f"'{organization}'", "mode": f"'{MODE}'", "limit": limit_of(key)}
    if key != "create":
        return STATEMENTS[key] % {**always, "id": f"'{id}'"} + ";\n"
    values = CREATE % {**always, "id": "id", "at": "at", "word": "word"}
    selected = values.replace(" VALUES (", " SELECT ").replace(") RETURNING", " FROM new RETURNING")
    return f"{_NEW} {selected};\n"


def read_rate(output: str) -> float:
    """The transactions per second that pgbench printed."""
    found = re.search(r"^tps = ([\d.]+)", output, re.MULTILINE)
    assert found is not None, output
    return float(found[1])


# An id as customers/values/uuid7.py makes it, its time, and a word that no other row has.
_NEW = """
WITH clock AS (SELECT clock_timestamp() AS at),
time AS (SELECT at, (extract(epoch FROM at) * 1000000)::bigint AS us FROM clock),
new AS (
    SELECT at, 'pg' || us || :client_id AS word, (
        lpad(to_hex(us / 1000), 12, '0') || '7' || lpad(to_hex(mod(us, 1000) * 4096 / 1000), 3, '0')
        || '8' || left(md5(random()::text), 15)
    )::uuid AS id
    FROM time
)"""
