"""Changes past the verbs, and the constraint that each of them breaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction


@transaction.atomic
def at_once(change: Callable[[], object]) -> None:
    """Make a change and have the deferred constraints look at it now."""
    change()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def broken(change: Callable[[], object]) -> str:
    """The name of the constraint that the change breaks, deferred ones included."""
    with pytest.raises(IntegrityError) as caught:
        at_once(change)
    diagnosis = getattr(caught.value.__cause__, "diag", None)
    assert diagnosis is not None
    return str(diagnosis.constraint_name)


def set_on(row: Any, **values: Any) -> int:
    count: int = type(row)._default_manager.filter(pk=row.pk).update(**values)
    assert count == 1
    return count


def raw(sql: str, *params: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def copy(row: Any, **values: Any) -> Any:
    """An unsaved second row like this one, with its own id and number."""
    model = type(row)
    stored = [field.attname for field in model._meta.concrete_fields if not field.generated]
    fields = {name: getattr(row, name) for name in stored}
    del fields["id"]
    fields.pop("sequential_id", None)  # it gets its own
    return model(**{**fields, **values})


def insert(row: Any, **values: Any) -> None:
    type(row)._default_manager.bulk_create([copy(row, **values)])
