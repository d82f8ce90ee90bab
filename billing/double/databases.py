"""The database of a double: a copy of one that was prepared, by this or an earlier run."""

from __future__ import annotations

import gc
import json
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from billing.double import credentials, state
from billing.double.environment import name, postgres, url
from billing.double.personas import CAST
from billing.embedded_postgres.processes import is_alive

#: What was prepared is deleted when it was not used for so long.
KEPT_DAYS = 14


@contextmanager
def database(personas: Collection[str]) -> Iterator[psycopg.Connection[Any]]:
    """A connection that restores the double's database, which exists while the block lasts.

    It has these personas only, or, if there are none, all of the demo's customers.
    """
    postgres.use()
    with psycopg.connect(postgres.url, autocommit=True) as server:
        # One at a time: what another run prepares now is there for this one.
        server.execute("SELECT pg_advisory_lock(1)")
        _tidy(server)
        _make(server, personas)
        server.execute("SELECT pg_advisory_unlock(1)")
    try:
        with closing(psycopg.connect(url, autocommit=True, options=state.OPTIONS)) as connection:
            yield connection
    finally:
        with psycopg.connect(postgres.url, autocommit=True) as server:
            _drop(server, name)


def _make(server: psycopg.Connection[Any], personas: Collection[str]) -> None:
    """Make the database from what is prepared, and prepare what is not."""
    code = _digest(*_sources())
    stages: list[tuple[str, Callable[[], None]]] = [
        (f"tables_{code}", _migrate),
        (f"cast_{_digest(code, *sorted(personas))}", lambda: _load(personas)),
    ]
    known = _names(server)
    prepared = [stage for stage, _ in stages if stage in known]
    _copy(server, prepared[-1] if prepared else "template1", name)
    # A transaction need not outlive a crash of the machine.
    server.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
    for stage, prepare in stages[len(prepared) :]:
        prepare()
        connections.close_all()
        _copy(server, name, stage)
    for stage, _ in stages:
        server.execute(f"COMMENT ON DATABASE {stage} IS '{_today(server)}'".encode())


def _migrate() -> None:
    gc.disable()  # it would go through the models of each migration again and again
    call_command("migrate", verbosity=0)
    gc.enable()


def _load(personas: Collection[str]) -> None:
    """Load the demo's data, or what of it belongs to the personas, and remember it."""
    (fixture,) = (Path(folder, "demo.json") for folder in settings.FIXTURE_DIRS)
    rows = json.loads(fixture.read_text("utf-8"))
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as chosen:
        json.dump(_only(rows, personas) if personas else rows, chosen)
        chosen.flush()
        call_command("loaddata", chosen.name, verbosity=0)
    credentials.issue_all()
    with psycopg.connect(url, autocommit=True) as connection:
        state.remember(connection)


def _only(rows: list[dict[str, Any]], personas: Collection[str]) -> list[dict[str, Any]]:
    slugs = {row["pk"]: row["fields"]["slug"] for row in rows if "slug" in row["fields"]}
    roles = [CAST[each] for each in personas]
    wanted = {(role.organization, role.mode, role.reference) for role in roles}

    def is_wanted(row: dict[str, Any]) -> bool:
        fields = row["fields"]
        place = (slugs[fields["organization"]], fields["mode"])
        return (*place, fields.get("reference")) in wanted

    customers = {row["pk"] for row in rows if row["model"] == "customers.customer"}
    chosen = {row["pk"] for row in rows if row["pk"] in customers and is_wanted(row)}
    return [
        row
        for row in rows
        if row["pk"] in slugs or row["fields"].get("customer", row["pk"]) in chosen
    ]


# --- What is prepared ----------------------------------------------------------------------------


def _sources() -> Iterator[bytes]:
    """Everything that what is prepared depends on."""
    for folder in settings.FIXTURE_DIRS:
        yield Path(folder, "demo.json").read_bytes()
    for app in apps.get_app_configs():
        folder = Path(app.path)
        is_ours = app.name.partition(".")[0] in ("billing", "customers")
        for file in sorted((folder if is_ours else folder / "migrations").rglob("*")):
            if file.suffix in (".py", ".sql"):
                yield file.read_bytes()


def _digest(*parts: str | bytes) -> str:
    found = sha256()
    for part in parts:
        found.update(part.encode() if isinstance(part, str) else part)
        found.update(b"\0")
    return found.hexdigest()[:16]


def _names(server: psycopg.Connection[Any]) -> set[str]:
    return {found for (found,) in server.execute("SELECT datname FROM pg_database")}


def _today(server: psycopg.Connection[Any]) -> str:
    ((found,),) = server.execute("SELECT current_date::text")
    return str(found)


def _copy(server: psycopg.Connection[Any], source: str, copy: str) -> None:
    server.execute(f"CREATE DATABASE {copy} TEMPLATE {source}".encode())


def _drop(server: psycopg.Connection[Any], found: str) -> None:
    server.execute(f"DROP DATABASE IF EXISTS {found} WITH (FORCE)".encode())


def _tidy(server: psycopg.Connection[Any]) -> None:
    """Delete what killed doubles have left, and what was not used for long."""
    for found in _names(server):
        if found.startswith("double_") and (
            found == name or not is_alive(int(found.removeprefix("double_")))
        ):
            _drop(server, found)
    unused = server.execute(
        """
        SELECT datname FROM pg_database
        WHERE starts_with(datname, 'tables_') OR starts_with(datname, 'cast_')
        GROUP BY oid, datname
        HAVING shobj_description(oid, 'pg_database')::date < current_date - %s::int
        """,
        [KEPT_DAYS],
    ).fetchall()
    for (found,) in unused:
        _drop(server, found)
