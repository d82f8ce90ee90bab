"""What applying and undoing an import write, which the database reads from the rows it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F, Func, QuerySet, TextField
from django.utils import timezone
from psycopg.sql import SQL, Identifier

from customers.imports.batches import BATCH_SIZE, batched, update_rows
from customers.imports.errors import ImportConflict
from customers.models import Customer, CustomerImport, ImportRow
from customers.models.bulk import Given, insertion, update
from customers.models.credential import Actor, Tenant
from customers.models.errors import ExternalIdTaken, refusals
from customers.models.history import acting
from customers.values.uuid7 import uuid7

_ROWS = Identifier(ImportRow._meta.db_table)

_NEW_ROWS = SQL(
    "{rows} JOIN unnest(%s::bigint[], %s::uuid[], %s::timestamptz[])"
    " AS new (row_id, id, created_at) ON {rows}.id = new.row_id"
).format(rows=_ROWS)


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
    statement, defaults = insertion(tenant, _NEW_ROWS, _given(ImportRow.NEW))
    sql = (statement + SQL(" ORDER BY new.id")).as_string()
    created_at = timezone.now()
    for ids in batched(rows.values_list("pk", flat=True).iterator(BATCH_SIZE)):
        times = [created_at + timedelta(microseconds=position) for position in range(len(ids))]
        created_at += timedelta(microseconds=len(ids))
        keys = [uuid7(time) for time in times]
        with connection.cursor() as cursor:
            cursor.execute(sql, [*defaults, ids, keys, times])
        created = zip(ids, keys, strict=True)
        update_rows(
            [ImportRow(pk=id, customer_id=key, left_version=1) for id, key in created],
            *("customer", "left_version"),
        )
        yield len(ids)


def write_values(rows: QuerySet[ImportRow], which: int) -> Iterator[int]:
    """Write the `OLD` or the `NEW` values of rows: of each customer only the fields that change.

    Yields after every batch how many customers it has changed.
    """
    names = Func(F("changes"), function="jsonb_object_keys", output_field=TextField())
    changed = set(rows.order_by().values_list(names, flat=True).distinct())
    id = SQL("{}.customer_id").format(_ROWS)
    statement = update(changed, _ROWS, id, _given(which))
    sql = (statement + SQL(" AND {}.id = ANY(%s)").format(_ROWS)).as_string()
    ids = rows.order_by("customer_id").values_list("pk", flat=True)
    for batch in batched(ids.iterator(BATCH_SIZE)):
        with connection.cursor() as cursor:
            cursor.execute(sql, [batch])
        yield len(batch)


def _given(which: int) -> Given:
    """The `OLD` or the `NEW` values in the changes of a row."""
    return Given(SQL("{}.changes").format(_ROWS), element=which)
