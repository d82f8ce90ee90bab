"""Writes of one row by one statement, which also returns what the triggers made of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection, models
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery, UpdateQuery


def insert(row: models.Model) -> bool:
    """Insert a new row; False if it is refused by a unique constraint.

    The transaction can go on in both cases. An IntegrityError would need a savepoint for that,
    which costs as much as the insert.
    """
    if row.pk is None:
        row.pk = row._meta.pk.get_pk_value_on_save(row)  # type: ignore[union-attr]
    query = InsertQuery(type(row), on_conflict=OnConflict.IGNORE)
    query.insert_values(_columns(type(row)), [row])
    ((sql, params),) = query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        inserted: bool = cursor.rowcount == 1
    row._state.adding = False
    row._state.db = connection.alias
    return inserted


def update(row: models.Model, names: Collection[str], returning: Collection[str]) -> None:
    """Write some fields of a stored row, and read others as they are afterwards."""
    model = type(row)
    query: Any = model._base_manager.filter(pk=row.pk).query.chain(UpdateQuery)
    fields = [model._meta.get_field(name) for name in names]
    query.add_update_fields([(field, None, field.pre_save(row, add=False)) for field in fields])
    sql, params = query.get_compiler(connection=connection).as_sql()
    columns = ", ".join(connection.ops.quote_name(name) for name in returning)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {columns}", params)
        for name, value in zip(returning, cursor.fetchone(), strict=True):
            setattr(row, name, value)


def _columns(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.generated]
