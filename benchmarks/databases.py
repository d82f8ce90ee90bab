"""The databases of the benchmarks, in the checkout's private PostgreSQL.

Each size is loaded once and kept. A run works on a copy, so that every run begins with the same
tables, and deletes the copy.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from billing.embedded_postgres.server import EmbeddedPostgres

ROOT = Path(__file__).resolve().parent.parent
ORGANIZATION = "acme"


def manage(*arguments: str) -> list[str]:
    """The command `manage.py …`."""
    return [sys.executable, "manage.py", *arguments]


class Databases:
    """Creates and deletes the benchmarks' databases."""

    def __init__(self) -> None:
        self.server = EmbeddedPostgres(ROOT)
        self.server.use()

    def url(self, name: str) -> str:
        return self.server.url.replace("/billing?", f"/{name}?")

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.server.url, autocommit=True)

    def loaded(self, customers: int, root: Path = ROOT) -> str:
        """The name of the database with this number of customers, loaded if there is none.

        Another `root` is the project at another revision, whose migrations make its tables.
        """
        kind = f"{'bench' if root == ROOT else 'before'}_{customers}_"
        name = kind + schema_hash(root)
        known = self.names()
        for old in known - {name}:
            if old.startswith(kind):
                self.drop(old)  # of another schema, or half loaded
        if name not in known:
            print(f"Loading {customers:,} customers ...", file=sys.stderr, flush=True)
            self._create(f"{name}_new")
            load(self.url(f"{name}_new"), customers, root)
            with self.connect() as connection:
                rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                connection.execute(
                    rename.format(sql.Identifier(f"{name}_new"), sql.Identifier(name))
                )
        return name

    @contextmanager
    def copy_of(self, name: str) -> Iterator[str]:
        """A copy of a database, deleted at the end: its URL."""
        copy = f"run_{name}"
        self.drop(copy)
        self._create(copy, template=name)
        try:
            yield self.url(copy)
        finally:
            self.drop(copy)

    def names(self) -> set[str]:
        with self.connect() as connection:
            return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}

    def drop(self, name: str) -> None:
        with self.connect() as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))

    def _create(self, name: str, template: str = "template1") -> None:
        with self.connect() as connection:
            create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
            connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))


def schema_hash(root: Path) -> str:
    """What the migrations and the loader make, as a short hash of their sources."""
    sources = [
        *root.glob("*/migrations/**/*.py"),
        *root.glob("*/*/migrations/**/*.py"),
        *root.glob("*/migrations/**/*.sql"),
        *root.glob("customers/generator/*.py"),
    ]
    found = hashlib.sha256()
    for path in sorted(sources):
        found.update(path.read_bytes())
    return found.hexdigest()[:10]


def load(url: str, customers: int, root: Path) -> None:
    """Fill an empty database with `customers` customers of one organization."""
    environment = {**os.environ, "DEBUG": "1", "DATABASE_URL": url}
    migrate = manage("migrate", "--verbosity", "0")
    subprocess.run(migrate, check=True, cwd=root, env=environment)
    generate = manage("generate_customers", str(customers), "--organization", ORGANIZATION)
    subprocess.run(generate, check=True, cwd=root, env=environment, stdout=sys.stderr)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
