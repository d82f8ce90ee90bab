"""Log lines without the values of a row."""

from __future__ import annotations

import logging
import sys
from urllib.parse import quote, unquote

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from oauth2_provider.generators import generate_client_secret
from oauthlib.common import generate_token

from billing.logs import WithoutRowValues
from customers.models import Organization
from customers.values.api_keys import complete
from customers.values.demo_credentials import API_KEYS


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


KEYS = [
    API_KEYS["live"],
    complete("test", "aB3dE6gH" * 4),
    "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
]
NUMBERS = [
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111.1111.1111.1111",
    "\uff14\uff12" * 8,
    "④②" * 8,
]


def in_all_encodings(text: str) -> list[str]:
    """A text in a path, as clients and Django's log write it."""
    quoted = quote(text)
    every = "".join(f"%{byte:02X}" for byte in text.encode())
    return [
        *(text, quoted, quoted.lower(), every, quote(quoted), quote(every)),
        *(text.encode("unicode_escape").decode(), text.replace(" ", "+"), ascii(text)),
    ]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_card_number_is_masked_however_it_is_encoded(number: str) -> None:
    for encoded in in_all_encodings(number):
        text = formatted("Not Found: /customers/%s/x", encoded)

        assert text in (
            "ERROR Not Found: /customers/(card number)/x",
            "ERROR Not Found: /customers/'(card number)'/x",
        )


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_masked_however_it_is_encoded(key: str) -> None:
    for encoded in in_all_encodings(key):
        text = formatted("Not Found: /customers/%s/x?%s", encoded, encoded)

        assert key[12:30] not in unquote(unquote(text))
        assert text.count("(secret)") == 2
        assert "Not Found: /customers/" in text


@pytest.mark.parametrize(
    "line",
    [
        "Authorization: Bearer %s",
        "Authorization: Basic %s",
        "POST /oauth/token grant_type=client_credentials&client_secret=%s&scope=x",
        "GET /customers?access_token=%s",
        '{"client_secret": "%s", "x": 1}',
        "token %s is unknown",
    ],
)
def test_a_token_or_secret_is_masked(line: str) -> None:
    for secret in (generate_client_secret(), *(generate_token() for _ in range(100))):
        assert formatted(line, secret) == f"ERROR {line.replace('%s', '(secret)')}"


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-25 19:30:00,123 INFO 019ab3c4-5d6e-7f80-9123-456789abcdef Not Found: /x",
        "Customer cus_2nW4bXqVfYkR8sT1uZ9aBc changed",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "test_a_long_name_of_a_test_that_says_what_it_states in tests/test_logs.py",
        "AXES: New login failure by {username: 'ada', ip_address: '192.168.100.200'}",
        "Broken token: the password of ada is wrong; basic authentication fails",
        "50% of 100%zz \\xzz \\u12",
    ],
)
def test_other_lines_are_as_they_were(line: str) -> None:
    assert formatted("%s", line) == f"ERROR {line}"


def test_a_request_is_logged_without_what_is_secret_in_its_path(
    client: Client, db: None, capfd: pytest.CaptureFixture[str]
) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(WithoutRowValues("{levelname} {message}", style="{"))
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        for unwanted in (*NUMBERS, *KEYS):
            for path in (f"/customers/{quote(unwanted)}", f"/nowhere/{quote(unwanted)}"):
                assert client.get(path).status_code in (401, 404)
    finally:
        logger.removeHandler(handler)
    logged = capfd.readouterr().err

    assert logged.count("(card number)") >= len(NUMBERS)
    assert logged.count("(secret)") >= len(KEYS)
    assert not any(unwanted in logged for unwanted in (*NUMBERS, *KEYS))
    assert "1111" not in logged


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
