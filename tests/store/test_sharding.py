"""What a distribution by organization would find: docs/sharding.md is read and compared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

PAGE = Path(settings.BASE_DIR) / "docs" / "sharding.md"

PLACES = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|$", PAGE.read_text("utf-8"), re.MULTILINE))
EXCEPTIONS = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
DISTRIBUTED = sorted(table for table, place in PLACES.items() if place == "distributed")


def rows(sql: str, *parameters: Any) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_the_page_has_a_place_for_every_table_of_the_app() -> None:
    tables = {
        name
        for name in connection.introspection.table_names()
        if name.startswith(("customers_", "webhooks_"))
    }

    assert PLACES.keys() == tables
    assert set(PLACES.values()) == {"distributed", "reference", "local"}


@pytest.mark.django_db
def test_the_page_names_what_is_not_led_by_the_organization() -> None:
    """Unique indexes that do not begin with it, and foreign keys without it.

    A key that refers to the organization itself, or to a copied table, has it already.
    """
    unique = rows(
        """
        SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text
        FROM pg_index i
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indisunique AND i.indrelid::regclass::text = ANY(%s)
        AND a.attname IS DISTINCT FROM 'organization_id'
        """,
        DISTRIBUTED,
    )
    foreign = rows(
        """
        SELECT c.conrelid::regclass::text, c.conname
        FROM pg_constraint c
        WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY(%s)
        AND NOT EXISTS (
            SELECT FROM pg_attribute a
            WHERE a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            AND a.attname = 'organization_id'
        )
        """,
        DISTRIBUTED,
    )

    assert sorted(unique + foreign) == sorted(EXCEPTIONS)


@pytest.mark.django_db
def test_rows_of_customers_refer_to_each_other_within_their_organization() -> None:
    """Every foreign key between distributed tables begins with it on both sides."""
    between = rows(
        """
        SELECT c.conname FROM pg_constraint c
        JOIN pg_attribute there ON there.attrelid = c.confrelid AND there.attnum = c.confkey[1]
        WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY(%s)
        AND c.confrelid::regclass::text = ANY(%s) AND there.attname <> 'organization_id'
        """,
        DISTRIBUTED,
        DISTRIBUTED,
    )

    named = {name for _table, name in EXCEPTIONS}
    assert {name for (name,) in between} <= named
