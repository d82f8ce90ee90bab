"""Writes of one row by one statement, which also returns what the triggers made of it."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, lru_cache
from typing import Any
from uuid import uuid4

from django.db import connection, models
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery, UpdateQuery


def insert(row: models.Model) -> bool:
    """Insert a new row; False if it is refused by a unique constraint.

    The transaction, if there is one, can go on in both cases. An IntegrityError would need a
    savepoint for that, which costs as much as the insert.
    """
    if row.pk is None:
        row.pk = row._meta.pk.get_pk_value_on_save(row)
    sql, fields = _insertion(type(row))
    params = _params(row, fields, add=True)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        inserted: bool = cursor.rowcount == 1
    row._state.adding = False
    row._state.db = connection.alias
    return inserted


def update(row: models.Model, names: Collection[str], returning: Collection[str]) -> None:
    """Write some fields of a stored row, and read others as they are afterwards."""
    sql, fields = _update(type(row), tuple(names), tuple(returning))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_params(row, fields, add=False), row.pk])
        for name, value in zip(returning, cursor.fetchone(), strict=True):
            setattr(row, name, value)


def _params(row: models.Model, fields: list[Any], *, add: bool) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, add=add), connection) for field in fields]


@cache
def _insertion(model: type[models.Model]) -> tuple[str, list[Any]]:
    """The SQL of an insert, as the ORM compiles it, and the fields of its parameters."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    query = InsertQuery(model, on_conflict=OnConflict.IGNORE)
    query.insert_values(fields, [model()])
    ((sql, _),) = query.get_compiler(connection=connection).as_sql()
    return sql, fields


@lru_cache(maxsize=256)
def _update(
    model: type[models.Model], names: tuple[str, ...], returning: tuple[str, ...]
) -> tuple[str, list[Any]]:
    """The SQL of an update, and the fields of its parameters, which the id follows."""
    fields = [model._meta.get_field(name) for name in names]
    query: Any = model._base_manager.filter(pk=uuid4()).query.chain(UpdateQuery)
    # The ORM writes NULL into the SQL, and an expression as a parameter.
    query.add_update_fields([(field, None, models.Value("")) for field in fields])
    sql, _ = query.get_compiler(connection=connection).as_sql()
    columns = ", ".join(connection.ops.quote_name(name) for name in returning)
    return f"{sql} RETURNING {columns}", fields
