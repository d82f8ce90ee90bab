"""Queries that the ORM compiles once, for the reads that every API request makes.

Building and compiling a queryset takes longer than PostgreSQL takes to answer it. Here the SQL of
each shape of a query is kept, and only the values of its parameters change.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Self
from uuid import UUID, uuid4

import psycopg
from django.conf import settings
from django.db import connection, connections, models
from django.utils import timezone

from customers.models.replicas import alias

#: Makes the queryset of a shape. It may use the values only as parameters of the query.
Build = Callable[[Any, Mapping[str, Any]], models.QuerySet[Any, Any]]

# Values that take the place of the real ones while a shape is compiled. They are recognised in the
# parameters by identity, so each must be an object of its own.
_STAND_INS: dict[type, Callable[[], object]] = {
    UUID: uuid4,
    str: secrets.token_hex,
    datetime: timezone.now,
    list: lambda: [secrets.token_hex()],
}


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL, and for each of its parameters the name of a value, or None and a constant."""

    sql: str
    parameters: tuple[tuple[str | None, Any], ...]

    def with_values(self, values: Mapping[str, Any]) -> list[Any]:
        return [constant if name is None else values[name] for name, constant in self.parameters]


def fetch_rows(
    build: Build, shape: Hashable, values: Mapping[str, Any], *, keep_plan: bool = True
) -> list[tuple[Any, ...]]:
    """The rows of `build(shape, values)`, a queryset of `values_list`.

    `keep_plan` lets PostgreSQL keep the plan. It must be False where the best plan depends on the
    values, as in searches: a plan for any pattern is 1,000 times slower for most of them.
    """
    kinds = tuple((name, type(value)) for name, value in values.items())
    statement = _compile(build, shape, kinds)
    # A lock is taken where the transaction is, whatever else this thread may read elsewhere.
    database: Any = connection if connection.in_atomic_block else connections[alias()]
    # As Django does before it makes a cursor: the server may have ended an idle connection.
    database.close_if_health_check_failed()
    database.ensure_connection()
    is_logged = database.queries_logged
    wrap: Any = database.make_debug_cursor if is_logged else database.make_cursor
    # psycopg does not say what a prepared statement was, and the log needs to know.
    keep_plan = keep_plan and settings.DATABASE_PREPARED_STATEMENTS and not is_logged
    with wrap(_Cursor(database.connection, keep_plan=keep_plan)) as cursor:
        cursor.execute(statement.sql, statement.with_values(values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def stored_columns(model: type[models.Model]) -> list[str]:
    """The names of a model's attributes that are columns, but for those that the database makes."""
    return [field.attname for field in model._meta.concrete_fields if not field.generated]


class _Cursor(psycopg.Cursor[tuple[Any, ...]]):
    """Sends the values apart from the SQL, so that a plan can be kept, and reads binary columns.

    Django's own cursors write the values into the SQL.
    """

    def __init__(self, connection: Any, *, keep_plan: bool) -> None:
        super().__init__(connection)
        self._keep_plan = keep_plan

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        # Only for this statement: psycopg would count those of all cursors, and to do so keep their
        # SQL, with the values in it.
        self.connection.prepare_threshold = 0 if self._keep_plan else None
        try:
            return super().execute(query, params, prepare=self._keep_plan, binary=True)
        finally:
            self.connection.prepare_threshold = None


@lru_cache(maxsize=1024)
def _compile(build: Build, shape: Hashable, kinds: tuple[tuple[str, type], ...]) -> _Statement:
    stand_ins = {name: _STAND_INS[kind]() for name, kind in kinds}
    names = {id(value): name for name, value in stand_ins.items()}
    sql, params = build(shape, stand_ins).query.sql_with_params()
    if unused := stand_ins.keys() - {names.get(id(value)) for value in params}:
        raise TypeError(f"not parameters of the query: {', '.join(sorted(unused))}")
    parameters = tuple(
        (names.get(id(value)), None if id(value) in names else value) for value in params
    )
    return _Statement(sql, parameters)


def forget_statements() -> None:
    """Compile every shape again when it is next read."""
    _compile.cache_clear()
