"""Checks of the database, for what migrations alone cannot guarantee."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

REQUIRED_EXTENSIONS = ("btree_gin", "pg_trgm", "unaccent")


@register(Tags.database)
def triggers_cannot_be_ignored(
    databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """`manage.py check --database default`: nobody can switch the history off for a session."""
    open_ones = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = '_pgtrigger_should_ignore'")
            found = cursor.fetchone()
        if found is not None and found[0] != "SELECT FALSE":
            open_ones.append(alias)
    return [
        Error(
            f"The triggers of the database {alias!r} can be ignored by a session.",
            hint="Installing a trigger did this. Run customers/migrations/sql/seal_triggers.sql.",
            id="customers.E001",
        )
        for alias in open_ones
    ]


@register(Tags.database)
def lower_case_is_known(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """`manage.py check --database default`: a search ignores capitals of every alphabet."""
    lacking = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            encoding = cursor.fetchone()[0]
            # A parameter, so that the database itself makes the lower case.
            cursor.execute("SELECT lower(%s)", ["É"])
            if encoding != "UTF8" or cursor.fetchone()[0] != "é":
                lacking.append(alias)
    return [
        Error(
            f"The database {alias!r} has no lower case for letters beyond ASCII.",
            hint="Create it with ENCODING 'UTF8' and a locale such as C.UTF-8.",
            id="customers.E002",
        )
        for alias in lacking
    ]


@register(Tags.database)
def extensions_are_installed(
    databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """`manage.py check --database default`: PostgreSQL has what searches and indexes need."""
    missing = []
    for alias in databases or ():
        # `migrate` runs these checks before it creates the extensions.
        applied = MigrationRecorder(connections[alias]).applied_migrations()
        if ("customers", "0001_extensions_and_functions") not in applied:
            continue
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT extname FROM pg_extension")
            present = {name for (name,) in cursor.fetchall()}
        missing += [(alias, name) for name in REQUIRED_EXTENSIONS if name not in present]
    return [
        Error(
            f"The database {alias!r} lacks PostgreSQL's extension {name}.",
            hint=f"Let its owner run: CREATE EXTENSION {name}",
            id="customers.E003",
        )
        for alias, name in missing
    ]
