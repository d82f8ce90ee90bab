"""Upserts of many customers at once: two statements, however many there are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL

from customers.models.bulk import CUSTOMERS, Given, insertion, update
from customers.models.changes import Changes, Errors, find_changes
from customers.models.compiled import fetch_rows, stored_columns
from customers.models.credential import Tenant
from customers.models.customer import Customer
from customers.models.errors import refusals, waiting
from customers.models.querysets import UNSEEN_ID
from customers.models.search import field_is_one_of
from customers.values.text import is_blank
from customers.values.uuid7 import created_at, uuid7


class Outcome(models.TextChoices):
    """What an upsert does, or would do."""

    CREATED = "created", _("Created")
    UPDATED = "updated", _("Updated")
    UNCHANGED = "unchanged", _("Unchanged")
    REFUSED = "refused", _("Refused")


@dataclass(slots=True)
class BatchRow:
    """One customer of a batch, and what has become of it."""

    values: Mapping[str, object]
    """The given values of fields in `Customer.WRITABLE`."""
    errors: Errors = field(default_factory=dict)
    """Why it is refused, by field."""
    customer: Customer | None = None
    """The customer as it was before; none for a new one."""
    changes: Changes = field(default_factory=dict)
    id: UUID | None = None
    version: int | None = None

    @property
    def external_id(self) -> str:
        return str(self.values["external_id"])

    @property
    def outcome(self) -> Outcome:
        if self.errors:
            return Outcome.REFUSED
        if self.customer is None:
            return Outcome.CREATED
        return Outcome.UPDATED if self.changes else Outcome.UNCHANGED

    @property
    def new_values(self) -> dict[str, Any]:
        """The values of the fields that change."""
        return {name: new for name, (_old, new) in self.changes.items()}

    def after(self, tenant: Tenant) -> Customer:
        """The customer as it is now, if the row is not refused."""
        assert self.id is not None
        if self.customer is None:
            at = created_at(self.id)
            columns = {**tenant.columns, "id": self.id, "created_at": at, "updated_at": at}
            customer = Customer(**columns, **self.new_values)
        else:
            customer = copy(self.customer)
            for name, value in self.new_values.items():
                setattr(customer, name, value)
            customer.updated_at = timezone.now() if self.changes else customer.updated_at
        customer.version = self.version or 1
        return customer


@transaction.atomic
def upsert_many(tenant: Tenant, rows: Sequence[BatchRow], *, all_or_nothing: bool) -> None:
    """Upsert the live customers that have the rows' external ids, but for rows with errors.

    With `all_or_nothing`, nothing is written if one row is refused.
    """
    _refuse_without_id(rows)
    while True:
        open_rows = [row for row in rows if not row.errors and row.version is None]
        known = _lock(tenant, [row.external_id for row in open_rows])
        for row in open_rows:
            row.customer = known.get(row.external_id)
            row.changes, row.errors = find_changes(row.customer, Customer.writable(row.values))
        if all_or_nothing and any(row.errors for row in rows):
            transaction.set_rollback(True)  # what an earlier round has written
            return
        accepted = [row for row in open_rows if not row.errors]
        with refusals(savepoint=False):
            _update([row for row in accepted if row.customer is not None])
            _create(tenant, [row for row in accepted if row.customer is None])
        # Where another writer has created one meanwhile, that one is revised.
        if all(row.errors or row.version is not None for row in rows):
            return


def _refuse_without_id(rows: Sequence[BatchRow]) -> None:
    """Refuse rows without an external id, and with that of an earlier row."""
    seen: dict[str, int] = {}
    for number, row in enumerate(rows):
        if row.errors:
            continue
        if is_blank(str(row.values.get("external_id") or "")):
            row.errors["external_id"] = [ValidationError(UNSEEN_ID, code="blank")]
            continue
        first = seen.setdefault(row.external_id, number)
        if first != number:
            message = _("The customer at %(first)d has this external id too.")
            error = ValidationError(message, code="repeated", params={"first": first})
            row.errors["external_id"] = [error]


def _lock(tenant: Tenant, external_ids: list[str]) -> dict[str | None, Customer]:
    """The live customers with these external ids, by these, locked until the transaction ends.

    They are locked in the order of their ids, as everywhere, so that no two batches deadlock.
    """
    values = {**tenant.columns, "external_ids": external_ids}
    columns = stored_columns(Customer)
    with waiting():
        rows = fetch_rows(_known_for_update, None, values, keep_plan=False)
    customers = [Customer.from_db(connection.alias, columns, row) for row in rows]
    return {customer.external_id: customer for customer in customers}


def _known_for_update(_shape: None, values: Mapping[str, Any]) -> models.QuerySet[Any, Any]:
    tenant = Tenant(values["organization_id"], values["mode"])
    live = Customer.objects.visible_to(tenant).live()
    known = live.filter(field_is_one_of("external_id", values["external_ids"]))
    return known.order_by("pk").select_for_update().values_list(*stored_columns(Customer))


_GIVEN = Given(SQL("new.given"))
_UPDATED = SQL("json_to_recordset(%s) AS new (id uuid, given jsonb)")
_CREATED = SQL("json_to_recordset(%s) AS new (id uuid, created_at timestamptz, given jsonb)")
# All writers insert in one order, so that two of the same external ids wait, and do not deadlock.
_IF_FREE = SQL(
    " ORDER BY new.given ->> 'external_id' ON CONFLICT (organization_id, mode, external_id)"
    " WHERE archived_at IS NULL DO NOTHING RETURNING id, version"
)


def _update(rows: Sequence[BatchRow]) -> None:
    """Write the values that change, and note the versions."""
    changed = []
    for row in rows:
        assert row.customer is not None
        row.id, row.version = row.customer.pk, row.customer.version
        if row.changes:
            changed.append(row)
    if not changed:
        return
    names = {name for row in changed for name in row.changes}
    statement = update(names, _UPDATED, SQL("new.id"), _GIVEN)
    statement += SQL(" RETURNING {}.id, version").format(CUSTOMERS)
    given = [{"id": str(row.id), "given": row.new_values} for row in changed]
    versions = _write(statement.as_string(), [json.dumps(given)])
    for row in changed:
        row.version = versions[row.id]


def _create(tenant: Tenant, rows: Sequence[BatchRow]) -> None:
    """Insert the customers whose external ids are free, and note their ids and versions.

    They are a microsecond apart: lists show them in the order of the rows.
    """
    if not rows:
        return
    statement, defaults = insertion(tenant, _CREATED, _GIVEN)
    start = timezone.now()
    given, ids = [], []
    for number, row in enumerate(rows):
        at = start + timedelta(microseconds=number)
        ids.append(uuid7(at))
        given.append({"id": str(ids[-1]), "created_at": at.isoformat(), "given": row.new_values})
    versions = _write((statement + _IF_FREE).as_string(), [*defaults, json.dumps(given)])
    for row, id in zip(rows, ids, strict=True):
        if id in versions:
            row.id, row.version = id, versions[id]


def _write(sql: str, parameters: list[Any]) -> dict[UUID | None, int]:
    """Run a statement that returns ids and versions: the versions by id."""
    with waiting(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return dict(cursor.fetchall())
