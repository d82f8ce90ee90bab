"""What the tests of `generate_customers` share."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import connection

from customers.generator.load import TRACKED
from customers.generator.tables import events_of


def generate(count: int, **options: Any) -> None:
    call_command("generate_customers", str(count), verbosity=0, **options)


def rows(model: Any, *left_out: str) -> list[dict[str, object]]:
    names = [f.attname for f in model._meta.concrete_fields if f.attname not in left_out]
    return list(model._default_manager.order_by(*names).values(*names))


def history(model: Any) -> Any:
    return events_of(model)._default_manager.all()


def state() -> dict[str, list[dict[str, object]]]:
    """What the tables have; customers and events without their numbers."""
    models = [table for model in TRACKED for table in (model, events_of(model))]
    return {model.__name__: rows(model, "pgh_id", "sequential_id") for model in models}


def definitions() -> set[str]:
    """Every index, constraint and trigger of the database, with what it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_indexdef(indexrelid) || coalesce((SELECT string_agg(attnum || '='"
            "  || attstattarget, ',') FROM pg_attribute WHERE attrelid = indexrelid), '')"
            " FROM pg_index"
            " UNION ALL SELECT conrelid::regclass || conname || pg_get_constraintdef(oid)"
            "  || convalidated FROM pg_constraint"
            " UNION ALL SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger"
            " WHERE NOT tgisinternal"
        )
        return {text for (text,) in cursor.fetchall()}
