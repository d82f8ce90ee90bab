"""Tables made ready for COPY of many rows, as `pg_restore` does it: what must hold afterwards is
taken from the database, and put back after the rows.

It all happens in one transaction: an error, or the end of the connection, leaves tables as they
were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from pghistory.trigger import Event as HistoryTrigger

# Memory and workers for building indexes; the time of each statement is not limited.
_SETTINGS = """
SET LOCAL maintenance_work_mem = '256MB';
SET LOCAL max_parallel_maintenance_workers = 2;
SET LOCAL statement_timeout = 0;
"""
# An index that a constraint stands on stays.
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), ARRAY(
    SELECT format('ALTER INDEX %%s ALTER COLUMN %%s SET STATISTICS %%s',
                  indexrelid::regclass, attnum, attstattarget)
    FROM pg_attribute WHERE attrelid = indexrelid AND attstattarget >= 0
)
FROM pg_index
WHERE indrelid = ANY(%s::regclass[])
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
ORDER BY indexrelid
"""
_FOREIGN_KEYS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s',
              conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f'
ORDER BY oid
"""


@contextmanager
def ready_for_copy(tracked: Sequence[type[models.Model]]) -> Iterator[None]:
    """Without the triggers that write the history: who copies rows also copies their events.

    Empty tables are without foreign keys and without most indexes meanwhile: each is checked or
    built once, over all rows, instead of row by row.
    """
    tables = [table._meta.db_table for model in tracked for table in (model, events_of(model))]
    connection.check_constraints()  # a table with checks to come cannot be altered
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        for model in tracked:
            _switch(cursor, "DISABLE", model)
        rebuild = _take_down(cursor, tables) if _are_empty(cursor, tables) else []
        yield
        for statement in rebuild:
            cursor.execute(statement)
        connection.check_constraints()
        for model in tracked:
            _switch(cursor, "ENABLE", model)


def events_of(model: type[models.Model]) -> type[models.Model]:
    """The model of the row's history."""
    related: Any = model._meta.get_field("events").related_model
    return related  # type: ignore[no-any-return]


def _switch(cursor: CursorWrapper, verb: str, model: Any) -> None:
    """Only the table's owner can do this, and until the transaction ends no one else writes."""
    for trigger in model._meta.triggers:
        if isinstance(trigger, HistoryTrigger):
            name = trigger.get_pgid(model)
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" {verb} TRIGGER {name}')


def _are_empty(cursor: CursorWrapper, tables: list[str]) -> bool:
    filled = " OR ".join(f'EXISTS (SELECT FROM "{table}")' for table in tables)
    cursor.execute(f"SELECT NOT ({filled})")
    return bool(cursor.fetchone()[0])


def _take_down(cursor: CursorWrapper, tables: list[str]) -> list[str]:
    """Drop foreign keys and indexes. Returns the statements that put them back."""
    cursor.execute(_FOREIGN_KEYS, [tables])
    foreign_keys = cursor.fetchall()
    cursor.execute(_INDEXES, [tables])
    indexes = cursor.fetchall()
    for drop, _ in foreign_keys:
        cursor.execute(drop)
    rebuild = []
    for name, definition, statistics in indexes:
        cursor.execute(f"DROP INDEX {name}")
        rebuild += [definition, *statistics]
    return [*rebuild, *(add for _, add in foreign_keys)]
