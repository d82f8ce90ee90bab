"""What applying and undoing an import write, which the database reads from the rows it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Func, JSONField, QuerySet, TextField
from psycopg.sql import SQL, Composed, Identifier, Literal

from customers.imports.batches import BATCH_SIZE, batched, update_rows
from customers.imports.columns import FIELDS
from customers.imports.errors import ImportConflict
from customers.models import Customer, CustomerImport, ImportRow
from customers.models.credential import Actor, Tenant
from customers.models.errors import ExternalIdTaken, refusals
from customers.models.history import acting
from customers.values.uuid7 import uuid7

_CUSTOMERS = Identifier(Customer._meta.db_table)
_ROWS = Identifier(ImportRow._meta.db_table)
_FIELDS: Sequence[Any] = Customer._meta.concrete_fields

_INSERT = SQL(
    "INSERT INTO {customers} (id, created_at, {columns}) SELECT new.id, new.created_at, {values}"
    " FROM {rows} JOIN unnest(%s::bigint[], %s::uuid[], %s::timestamptz[])"
    " AS new (row_id, id, created_at) ON {rows}.id = new.row_id ORDER BY new.id"
)
_UPDATE = SQL(
    "UPDATE {customers} SET {assignments} FROM {rows}"
    " WHERE {rows}.id = ANY(%s) AND {customers}.id = {rows}.customer_id"
)
_IF_CHANGED = SQL(
    "{column} = CASE WHEN {rows}.changes ? {name} THEN {value} ELSE {customers}.{column} END"
)


@contextmanager
def writing(
    customer_import: CustomerImport, actor: Actor, *, reason: str, if_taken: str
) -> Iterator[None]:
    """Record the import, its actor and the reason in the history of what the block writes.

    Raises:
        ImportConflict: with the message `if_taken`, for an external id that is another customer's.
    """
    with acting(actor, **{"import": str(customer_import.pk), "reason": reason}):
        try:
            with refusals():
                yield
        except ExternalIdTaken:
            raise ImportConflict(if_taken) from None


def lock_changed(rows: QuerySet[ImportRow], when: str) -> Iterator[UUID]:
    """Lock the customers of the rows until the transaction ends. Yields the ids of those that are
    not at the version `seen` by the check, or `left` by the import.

    Customers are locked in the order of their ids everywhere, so that no two imports deadlock.
    """
    expected = rows.order_by("customer_id").values_list("customer_id", f"{when}_version")
    for batch in batched(expected.iterator(BATCH_SIZE)):
        ids = [id for id, _version in batch]
        customers = Customer.objects.select_for_update().filter(pk__in=ids).order_by("pk")
        versions = dict(customers.values_list("pk", "version"))
        yield from (id for id, version in batch if versions.get(id) != version)


def create_customers(tenant: Tenant, rows: QuerySet[ImportRow]) -> Iterator[int]:
    """Create the customers of rows; yields after every batch how many it has created.

    They are a microsecond apart: lists show them in the order of the rows.
    """
    blank = Customer(**tenant.columns)
    fields = [
        field for field in _FIELDS if field.name not in ("id", "created_at") and not field.generated
    ]
    statement = _INSERT.format(
        customers=_CUSTOMERS,
        rows=_ROWS,
        columns=SQL(", ").join(Identifier(field.column) for field in fields),
        values=SQL(", ").join(
            SQL("coalesce({}, %s)").format(_value(field, ImportRow.NEW))
            if field.name in FIELDS
            else SQL("%s")
            for field in fields
        ),
    ).as_string()
    defaults = [
        field.get_db_prep_save(getattr(blank, field.attname), connection) for field in fields
    ]
    created_at = blank.created_at
    for ids in batched(rows.values_list("pk", flat=True).iterator(BATCH_SIZE)):
        times = [created_at + timedelta(microseconds=position) for position in range(len(ids))]
        created_at += timedelta(microseconds=len(ids))
        keys = [uuid7(time) for time in times]
        with connection.cursor() as cursor:
            cursor.execute(statement, [*defaults, ids, keys, times])
        created = zip(ids, keys, strict=True)
        update_rows(
            [ImportRow(pk=id, customer_id=key, left_version=blank.version) for id, key in created],
            *("customer", "left_version"),
        )
        yield len(ids)


def write_values(rows: QuerySet[ImportRow], which: int) -> Iterator[int]:
    """Write the `OLD` or the `NEW` values of rows: of each customer only the fields that change.

    Yields after every batch how many customers it has changed.
    """
    names = Func(F("changes"), function="jsonb_object_keys", output_field=TextField())
    changed = set(rows.order_by().values_list(names, flat=True).distinct())
    statement = _UPDATE.format(
        customers=_CUSTOMERS,
        rows=_ROWS,
        assignments=SQL(", ").join(
            _IF_CHANGED.format(
                customers=_CUSTOMERS,
                rows=_ROWS,
                column=Identifier(field.column),
                name=Literal(field.name),
                value=_value(field, which),
            )
            for field in _FIELDS
            if field.name in changed
        ),
    ).as_string()
    ids = rows.order_by("customer_id").values_list("pk", flat=True)
    for batch in batched(ids.iterator(BATCH_SIZE)):
        with connection.cursor() as cursor:
            cursor.execute(statement, [batch])
        yield len(batch)


def _value(field: Any, which: int) -> Composed:
    """The old or the new value of a field in the changes of a row."""
    operator = SQL("->" if isinstance(field, JSONField) else "->>")
    return SQL("{}.changes -> {} {} {}").format(
        _ROWS, Literal(field.name), operator, Literal(which)
    )
