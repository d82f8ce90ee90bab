"""What is in the database, as text."""

from __future__ import annotations

from typing import Any

from django.db import connection

#: What customers and all that belongs to them are stored in.
TABLES = ("customers_customer", "customers_customeruser", "customers_paymentmethod")


def stored() -> list[Any]:
    """All rows of customers, their users, their payment methods, and of the history of these."""
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}', coalesce(string_agg(r::text, '' ORDER BY r::text), '')"
                f" FROM {table} r"
                for name in TABLES
                for table in (name, f"{name}event")
            )
            + " ORDER BY 1"  # several processes may read them
        )
        rows: list[Any] = cursor.fetchall()
        return rows


def everything_stored() -> str:
    """Every row of every table, as text."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT r::text FROM "{table}" r')
            texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)
