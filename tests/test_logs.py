"""Log lines without the values of a row."""

from __future__ import annotations

import logging
import sys

import pytest
from django.db import DatabaseError, connection

from billing.logs import WithoutRowValues
from customers.models import Organization


def formatted(message: str, *args: object, error: bool = False) -> str:
    record = logging.LogRecord(
        "test", logging.ERROR, __file__, 1, message, args, sys.exc_info() if error else None
    )
    return WithoutRowValues("{levelname} {message}", style="{").format(record)


def logged_error(sql: str, params: list[str]) -> str:
    """The log lines of a statement that fails."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
    except DatabaseError:
        return formatted("failed", error=True)
    raise AssertionError("the statement has not failed")


def test_a_plain_line_is_as_it_was() -> None:
    assert formatted("%s changed", "customer") == "ERROR customer changed"


def test_the_other_words_of_an_error_stay() -> None:
    chained = "\n\nThe above exception was the direct cause of the following exception:\n\nmore"
    text = f'duplicate key value violates "x"\nDETAIL:  Key (email)=(a\nb) exists.{chained}'

    assert formatted(text) == (
        f'ERROR duplicate key value violates "x"\nDETAIL: (left out){chained}'
    )


@pytest.mark.parametrize("heading", ["DETAIL", "CONTEXT", "HINT", "LINE 1", "LINE 27"])
def test_a_line_that_quotes_values_is_left_out(heading: str) -> None:
    text = formatted("failed\n%s:  ada@example.org", heading)

    assert "ada" not in text
    assert f"{heading}: (left out)" in text


def test_a_word_within_a_line_is_no_heading() -> None:
    assert formatted("see DETAIL: below") == "ERROR see DETAIL: below"


def test_a_real_error_is_logged_without_the_row(acme: Organization) -> None:
    text = logged_error(
        "INSERT INTO customers_organization (id, created_at, updated_at, version, slug, name)"
        " SELECT gen_random_uuid(), now(), now(), 1, slug, %s FROM customers_organization",
        ["hunter2"],
    )

    assert "organization_id_tells_created_at" in text
    assert "hunter2" not in text


def test_a_value_of_several_lines_is_left_out_whole(acme: Organization) -> None:
    text = logged_error(
        "INSERT INTO customers_organization (id, created_at, updated_at, version, slug, name)"
        " SELECT gen_random_uuid(), now(), now(), 1, slug, %s FROM customers_organization",
        ["first line\nhunter2\nthird line"],
    )

    assert "hunter2" not in text
    assert "third line" not in text


def test_a_quoted_statement_is_left_out(db: None) -> None:
    text = logged_error("SELECT 'hunter2' FROM nowhere", [])

    assert "nowhere" in text
    assert "hunter2" not in text
