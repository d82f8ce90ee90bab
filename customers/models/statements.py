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
    given = [field for field in fields if field.db_returning]
    returning = ", ".join(["1", *(_quoted(field.column) for field in given)])
    with connection.cursor() as cursor:
        cursor.execute(
            f"{sql} ON CONFLICT DO NOTHING RETURNING {returning}", _params(row, fields, add=True)
        )
        inserted = cursor.fetchone()
    if inserted is None:
        return False
    for field, value in zip(given, inserted[1:], strict=True):
        setattr(row, field.attname, value)
    row._state.adding = False
    row._state.db = connection.alias
    return True


def upsert(row: _Row, names: Collection[str], *, key: Collection[str], among: str) -> _Row | None:
    """Insert a new row, or write some of its fields into the row that has its key.

    `among` is the condition of the unique index on the key. Returns the row as it is stored; None
    if a row has the key and these values already.
    """
    model = type(row)
    row.pk = row._meta.pk.get_pk_value_on_save(row)
    sql, fields, places = _upsert(model, tuple(names), tuple(key), among)
    params = _params(row, fields, add=True)
    with connection.cursor() as cursor:
        cursor.execute(sql, [params[place] for place in places])
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


# An insert runs its triggers before it finds that the row is there, and one of them may count. So a
# row that is there is updated by itself, and the insert meets it only if it has come meanwhile.
_UPSERT = """
WITH known AS (
    UPDATE {table} SET {assignments}
    WHERE {is_known} AND ROW({written}) IS DISTINCT FROM ROW({values})
    RETURNING {returned}
), new AS (
    {insert} SELECT {all_values} WHERE NOT EXISTS (SELECT FROM {table} WHERE {is_known})
    ON CONFLICT ({unique}) WHERE {among} DO UPDATE SET {excluded}
    WHERE ROW({stored}) IS DISTINCT FROM ROW({given})
    RETURNING {returned}
)
SELECT * FROM known UNION ALL SELECT * FROM new
"""


@lru_cache(maxsize=256)
def _upsert(
    model: type[models.Model], names: tuple[str, ...], key: tuple[str, ...], among: str
) -> tuple[str, list[Any], list[int]]:
    """The SQL of an upsert, the fields of what it returns, and which of them its parameters are."""
    sql, fields = _insertion(model)
    insert, _, values = sql.partition(" VALUES ")
    table = _quoted(model._meta.db_table)
    columns = [_quoted(field.column) for field in fields]
    by_name = {field.name: place for place, field in enumerate(fields)}
    written, unique = [by_name[name] for name in names], [by_name[name] for name in key]

    def listed(places: Collection[int], form: str, between: str = ", ") -> str:
        return between.join(form.format(column=columns[place], table=table) for place in places)

    statement = _UPSERT.format(
        table=table,
        among=among,
        insert=insert,
        all_values=values[1:-1],
        assignments=listed(written, "{column} = %s"),
        is_known=f"{listed(unique, '{table}.{column} = %s', ' AND ')} AND {among}",
        written=listed(written, "{table}.{column}"),
        values=listed(written, "%s"),
        unique=listed(unique, "{column}"),
        excluded=listed(written, "{column} = EXCLUDED.{column}"),
        stored=listed(written, "{table}.{column}"),
        given=listed(written, "EXCLUDED.{column}"),
        returned=listed(range(len(fields)), "{table}.{column}"),
    )
    return statement, fields, [*written, *unique, *written, *range(len(fields)), *unique]


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
