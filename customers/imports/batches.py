"""Rows are read and written in batches, so that memory does not grow with the file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import connection
from psycopg.sql import SQL, Identifier

from customers.models import ImportRow

BATCH_SIZE = 1000

_Item = TypeVar("_Item")

_UPDATE = SQL(
    "UPDATE {table} SET {assignments} FROM json_to_recordset(%s) AS given ({columns})"
    " WHERE {table}.id = given.id"
)


def batched(items: Iterable[_Item], size: int = BATCH_SIZE) -> Iterator[list[_Item]]:
    """The items in lists of `size`. Python 3.11 has no `itertools.batched`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def update_rows(rows: Sequence[ImportRow], *names: str) -> None:
    """Write these fields of the rows, in one statement that takes the values as one JSON text.

    `bulk_update` takes many times as long: it makes an expression of every value.
    """
    pk = ImportRow._meta.pk
    fields: list[Any] = [ImportRow._meta.get_field(name) for name in names]
    statement = _UPDATE.format(
        table=Identifier(ImportRow._meta.db_table),
        assignments=SQL(", ").join(
            SQL("{0} = given.{0}").format(Identifier(field.column)) for field in fields
        ),
        columns=SQL(", ").join(
            SQL("{} {}").format(Identifier(field.column), SQL(field.cast_db_type(connection)))
            for field in (pk, *fields)
        ),
    )
    given = [{field.column: getattr(row, field.attname) for field in (pk, *fields)} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(), [json.dumps(given, default=str)])
