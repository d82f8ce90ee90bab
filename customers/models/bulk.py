"""Statements that write many customers, whose values the database reads from JSON."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import JSONField
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from customers.models.credential import Tenant
from customers.models.customer import Customer

CUSTOMERS = Identifier(Customer._meta.db_table)
_FIELDS: list[Any] = [field for field in Customer._meta.concrete_fields if not field.generated]

_INSERT = SQL(
    "INSERT INTO {customers} (id, created_at, {columns}) SELECT new.id, new.created_at, {values}"
    " FROM {source}"
)
_UPDATE = SQL("UPDATE {customers} SET {assignments} FROM {source} WHERE {customers}.id = {id}")
_IF_GIVEN = SQL("{column} = CASE WHEN {given} ? {name} THEN {value} ELSE {customers}.{column} END")


@dataclass(frozen=True, slots=True)
class Given:
    """Where a statement finds the values of a row: in an object in JSON, by the fields' names."""

    json: Composable
    element: int | None = None
    """Which one counts, where each value is in a list."""

    def value(self, field: Any) -> Composed:
        """The value of a field."""
        last = SQL("->" if isinstance(field, JSONField) else "->>")
        if self.element is None:
            return SQL("{} {} {}").format(self.json, last, Literal(field.name))
        within = SQL("{} -> {}").format(self.json, Literal(field.name))
        return SQL("{} {} {}").format(within, last, Literal(self.element))


def insertion(tenant: Tenant, source: Composable, given: Given) -> tuple[Composed, list[Any]]:
    """A statement that inserts customers of the tenant, and its first parameters.

    The rows of `source` have `new.id`, `new.created_at` and the values.
    """
    blank = Customer(**tenant.columns)
    fields = [field for field in _FIELDS if field.name not in ("id", "created_at")]
    statement = _INSERT.format(
        customers=CUSTOMERS,
        source=source,
        columns=SQL(", ").join(Identifier(field.column) for field in fields),
        values=SQL(", ").join(
            SQL("coalesce({}, %s)").format(given.value(field))
            if field.name in Customer.WRITABLE
            else SQL("%s")
            for field in fields
        ),
    )
    defaults = [
        field.get_db_prep_save(getattr(blank, field.attname), connection) for field in fields
    ]
    return statement, defaults


def update(names: Collection[str], source: Composable, id: Composable, given: Given) -> Composed:
    """A statement that writes of each customer those of the named fields that are given.

    `id` is the customer's in `source`.
    """
    return _UPDATE.format(
        customers=CUSTOMERS,
        source=source,
        id=id,
        assignments=SQL(", ").join(
            _IF_GIVEN.format(
                customers=CUSTOMERS,
                given=given.json,
                column=Identifier(field.column),
                name=Literal(field.name),
                value=given.value(field),
            )
            for field in _FIELDS
            if field.name in names
        ),
    )
