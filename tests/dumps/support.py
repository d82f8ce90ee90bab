"""All rows that belong to customers, and a database without them."""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.db import connection


def tables() -> dict[str, list[str]]:
    """Every row of every table of the store, its history included, as text."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("customers").get_models():
            table = model._meta.db_table
            # The number of the transaction that wrote an event is this database's own.
            cursor.execute(f"SELECT (to_jsonb(r) - 'pgh_xid')::text FROM \"{table}\" r ORDER BY 1")
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def empty() -> None:
    """Empty the database, with its sequences, as `manage.py flush` does."""
    call_command("flush", interactive=False, verbosity=0)
