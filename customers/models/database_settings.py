"""Settings of PostgreSQL that a few statements run with, such as how long they may take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connections, transaction


@contextmanager
def changed_settings(database: str, values: Mapping[str, str]) -> Iterator[None]:
    """Change settings of PostgreSQL until the block ends, also within a transaction."""
    with transaction.atomic(database), connections[database].cursor() as cursor:
        cursor.execute(
            "SELECT name, current_setting(name, true) FROM unnest(%s::text[]) AS name",
            [list(values)],
        )
        former = dict(cursor.fetchall())
        for settings in (values, former):
            cursor.execute(
                "SELECT set_config(name, value, true)"
                " FROM unnest(%s::text[], %s::text[]) AS setting (name, value)",
                [list(settings), list(settings.values())],
            )
            if settings is values:
                yield
