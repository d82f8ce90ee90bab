"""The history's triggers: always on, cheap, and their tables quick to read by customer."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from customers.models import Customer


def query(sql: str, *params: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def names_of_triggers() -> str:
    found = query("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_%%'")
    return "{" + ",".join(str(name) for (name,) in found) + "}"


def test_a_session_cannot_turn_the_triggers_off(customer: Customer) -> None:
    """When this fails, a migration after 0002 has put django-pgtrigger's own function back."""
    query("SELECT set_config('pgtrigger.ignore', %s, true)", names_of_triggers())

    Customer.objects.filter(pk=customer.pk).update(city="Kiel")
    customer.refresh_from_db()

    assert customer.version == 2
    assert customer.events.count() == 2  # type: ignore[attr-defined]
    with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
        customer.events.all().delete()  # type: ignore[attr-defined]


def test_the_question_whether_to_run_opens_no_subtransaction(db: None) -> None:
    ((language, source),) = query(
        "SELECT lanname, prosrc FROM pg_proc JOIN pg_language ON pg_language.oid = prolang"
        " WHERE proname = '_pgtrigger_should_ignore'"
    )

    assert (language, source) == ("sql", "SELECT FALSE")


@pytest.mark.parametrize(
    "table", ["customerevent", "customeruserevent", "paymentmethodevent", "apikeyevent"]
)
def test_a_rows_history_is_read_by_an_index(db: None, table: str) -> None:
    definitions = query(
        "SELECT indexdef FROM pg_indexes WHERE tablename = %s", f"customers_{table}"
    )

    assert any("(pgh_obj_id)" in str(definition) for (definition,) in definitions)
