"""Whether the history of a table ends in exactly what the table holds, and has every version.

Each question is one statement over one table and its events, so what it compares is of one instant,
whatever is written meanwhile. PostgreSQL sorts and compares; the findings come one after the other,
and only a few of them are in memory at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from psycopg.sql import SQL, Composed, Identifier, Literal

from customers.insights.timeline import events_of
from customers.models import Customer
from customers.models.base import HistoryEvent

#: How many findings are fetched at once.
CHUNK = 1000

# The last event of each row beside the row itself. Both are NULL where there is none.
_ENDS = SQL(
    """
SELECT coalesce(kept.id, last.pgh_obj_id), {customer}, last.pgh_label, last.pgh_id IS NULL,
    kept.id IS NULL, array_remove(ARRAY[{different}], NULL)
FROM (
    SELECT DISTINCT ON (pgh_obj_id) * FROM {events} ORDER BY pgh_obj_id, pgh_id DESC
) AS last
FULL JOIN {table} AS kept ON kept.id = last.pgh_obj_id
WHERE last.pgh_id IS NULL
    OR (kept.id IS NULL) <> (last.pgh_label = 'delete')
    OR kept.id IS NOT NULL AND ROW({kept}) IS DISTINCT FROM ROW({last})
"""
)
_DIFFERENT = SQL("CASE WHEN kept.{column} IS DISTINCT FROM last.{column} THEN {name} END")

# Each event that does not follow from the one before it.
_GAPS = SQL(
    """
SELECT pgh_obj_id, {customer}, former_label, former_version, pgh_label, {version}
FROM (
    SELECT *, lag(pgh_label) OVER of_row AS former_label,
        lag({version}) OVER of_row AS former_version
    FROM {events}
    WINDOW of_row AS (PARTITION BY pgh_obj_id ORDER BY pgh_id)
) AS event
WHERE CASE
    WHEN former_label IS NULL THEN pgh_label <> 'insert'
    WHEN former_label = 'delete' THEN pgh_label <> 'insert' OR {version} <> former_version + 1
    WHEN pgh_label = 'update' THEN {version} <> former_version + 1
    WHEN pgh_label = 'delete' THEN {version} <> former_version
    ELSE true
END
"""
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in which a table and its history do not agree. It has no values of the row."""

    row_id: object
    customer_id: UUID | None
    """The customer that the row is, or belongs to, if it does."""
    fault: str


def tracked_models() -> list[type[models.Model]]:
    """The models with a history, customers first, then by name."""
    events: list[Any] = [each for each in apps.get_models() if issubclass(each, HistoryEvent)]
    found = [event.pgh_tracked_model for event in events]
    return sorted(found, key=lambda model: (model is not Customer, model._meta.db_table))


def count(model: type[models.Model]) -> tuple[int, int]:
    """The number of rows of a table, and of its events."""
    with connection.cursor() as cursor:
        cursor.execute(
            SQL("SELECT (SELECT count(*) FROM {}), (SELECT count(*) FROM {})").format(
                *_tables(model).values()
            )
        )
        rows, events = cursor.fetchone()
        return rows, events


def verify(model: type[models.Model]) -> Iterator[Finding]:
    """Yield every fault of a table's history."""
    yield from _verify_ends(model)
    if _has(model, "version"):
        yield from _verify_versions(model)


def _verify_ends(model: type[models.Model]) -> Iterator[Finding]:
    columns = _columns(model)
    statement = _ENDS.format(
        **_tables(model),
        customer=_customer(model, SQL("coalesce({0}, {1})"), "kept", "last"),
        different=SQL(", ").join(
            _DIFFERENT.format(column=Identifier(column), name=Literal(column)) for column in columns
        ),
        kept=SQL(", ").join(Identifier("kept", column) for column in columns),
        last=SQL(", ").join(Identifier("last", column) for column in columns),
    )
    for row_id, customer_id, label, has_no_event, is_gone, different in _stream(statement):
        if has_no_event:
            fault = "has no history"
        elif is_gone:
            fault = f"the history ends with {label}, but the row is not there"
        elif label == "delete":
            fault = "the history ends with its removal, but the row is there"
        else:
            fault = f"the history ends in another value of {', '.join(different)}"
        yield Finding(row_id, customer_id, fault)


def _verify_versions(model: type[models.Model]) -> Iterator[Finding]:
    statement = _GAPS.format(
        events=_tables(model)["events"],
        customer=_customer(model, SQL("{0}"), "event"),
        version=Identifier("version"),
    )
    for row_id, customer_id, former, before, label, version in _stream(statement):
        after = "nothing" if former is None else f"{former} of version {before}"
        yield Finding(row_id, customer_id, f"{label} of version {version} follows {after}")


def _stream(statement: Composed) -> Iterator[tuple[Any, ...]]:
    # A cursor of the server's lives as long as the transaction.
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def _tables(model: type[models.Model]) -> dict[str, Identifier]:
    return {
        "table": Identifier(model._meta.db_table),
        "events": Identifier(events_of(model).model._meta.db_table),
    }


def _columns(model: type[models.Model]) -> list[str]:
    """The columns that the history has too: no secrets, and nothing that the database makes."""
    kept = {field.column for field in events_of(model).model._meta.concrete_fields}
    columns: list[Any] = [field.column for field in model._meta.concrete_fields]
    return [column for column in columns if column in kept]


def _has(model: type[models.Model], column: str) -> bool:
    return any(field.column == column for field in model._meta.concrete_fields)


def _customer(model: type[models.Model], either: SQL, *sources: str) -> Composed:
    """The customer of a row: itself, the one it belongs to, or NULL."""
    if model is Customer:
        return either.format(*(Identifier(source, "id") for source in sources))
    if not _has(model, "customer_id"):
        return SQL("NULL::uuid").format()
    return either.format(*(Identifier(source, "customer_id") for source in sources))
