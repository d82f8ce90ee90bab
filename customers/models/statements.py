"""Writes of one row by one statement, which also returns what the triggers made of it."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, lru_cache
from typing import Any, TypeVar
from uuid import uuid4

from django.db import connection, models
from django.db.models.sql import InsertQuery, UpdateQuery

_Row = TypeVar("_Row", bound=models.Model)


def insert(row: models.Model) -> bool:
    """Insert a new row; False if it is refused by a unique constraint.

    The transaction, if there is one, can go on in both cases. An IntegrityError would need a
    savepoint for that, which costs as much as the insert.
    """
    if row.pk is None:
        row.pk = row._meta.pk.get_pk_value_on_save(row)
    sql, fields = _insertion(type(row))
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ON CONFLICT DO NOTHING", _params(row, fields, add=True))
        inserted: bool = cursor.rowcount == 1
    row._state.adding = False
    row._state.db = connection.alias
    return inserted


def upsert(row: _Row, names: Collection[str], *, key: Collection[str], among: str) -> _Row | None:
    """Insert a new row, or write some of its fields into the row that has its key.

    `among` is the condition of the unique index on the key. Returns the row as it is stored; None
    if a row has the key and these values already.
    """
    model = type(row)
    row.pk = row._meta.pk.get_pk_value_on_save(row)
    sql, fields = _upsert(model, tuple(names), tuple(key), among)
    with connection.cursor() as cursor:
        cursor.execute(sql, _params(row, fields, add=True))
        stored = cursor.fetchone()
    if stored is None:
        return None
    values = [
        field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value
        for field, value in zip(fields, stored, strict=True)
    ]
    return model.from_db(connection.alias, [field.attname for field in fields], values)


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
    query = InsertQuery(model)
    query.insert_values(fields, [model()])
    ((sql, _),) = query.get_compiler(connection=connection).as_sql()
    return sql, fields


@lru_cache(maxsize=256)
def _upsert(
    model: type[models.Model], names: tuple[str, ...], key: tuple[str, ...], among: str
) -> tuple[str, list[Any]]:
    """The SQL of an upsert, and the fields of its parameters and of what it returns."""
    sql, fields = _insertion(model)
    table = _quoted(model._meta.db_table)
    written = [_quoted(_column(model, name)) for name in names]
    changes = ", ".join(f"{column} = EXCLUDED.{column}" for column in written)
    stored, given = (
        ", ".join(f"{row}.{column}" for column in written) for row in (table, "EXCLUDED")
    )
    unique = ", ".join(_quoted(_column(model, name)) for name in key)
    returned = ", ".join(f"{table}.{_quoted(field.column)}" for field in fields)
    return (
        f"{sql} ON CONFLICT ({unique}) WHERE {among} DO UPDATE SET {changes}"
        f" WHERE ROW({stored}) IS DISTINCT FROM ROW({given}) RETURNING {returned}"
    ), fields


def _column(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return str(field.column)


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


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
    columns = ", ".join(_quoted(name) for name in returning)
    return f"{sql} RETURNING {columns}", fields
