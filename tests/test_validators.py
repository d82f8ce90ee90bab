"""The store's rules for single values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from customers.values import validators

CARD = "4242 4242 4242 4242"


def refusal(validator: Callable[[Any], None], value: object) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        validator(value)
    return caught.value


@pytest.mark.parametrize("text", ["", "Plain", "Zoë 🦆", "tab\tand\nnewline", "\x01", "\uffff"])
def test_text_that_postgresql_holds_is_storable(text: str) -> None:
    validators.validate_storable(text)


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "a\udfff", "\ud83e\udd86"])
def test_nul_and_lone_surrogates_are_not_storable(text: str) -> None:
    assert refusal(validators.validate_storable, text).code == "characters"


def test_a_card_number_is_refused() -> None:
    assert refusal(validators.validate_no_card_number, f"card {CARD}").code == "card_number"


def test_other_numbers_are_let_through() -> None:
    validators.validate_no_card_number("1-171-883-3711 x245")


@pytest.mark.parametrize("code", ["DE", "US", "GB"])
def test_an_iso_code_is_a_country(code: str) -> None:
    validators.validate_country(code)


@pytest.mark.parametrize("code", ["de", "DEU", "UK", "XX", "", "Germany"])
def test_other_text_is_no_country(code: str) -> None:
    assert refusal(validators.validate_country, code).code == "country"


@pytest.mark.parametrize("number", ["12-3456789", "123456789", "91-1144442"])
def test_nine_digits_with_a_known_prefix_are_an_ein(number: str) -> None:
    validators.validate_ein(number)


@pytest.mark.parametrize(
    "number", ["", "1234", "12-345678", "12-34567890", "07-1144442", "AB-CDEFGHI", "1-23456789-0"]
)
def test_other_text_is_no_ein(number: str) -> None:
    assert refusal(validators.validate_ein, number).code == "ein"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org:8080/a/b?c=d#e",
        "HTTPS://EXAMPLE.ORG/",
        "https://münchen.example/straße",
        "http://192.0.2.1/logo.png",
        "http://[2001:db8::1]/",
        "https://example.org/@handle",
        "https://example.org/?mail=a@b.example",
    ],
)
def test_http_and_https_urls_are_web_addresses(url: str) -> None:
    validators.validate_web_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "//example.org",
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "data:text/html,hello",
        "ftp://example.org",
        "file:///etc/passwd",
        "mailto:ada@example.org",
        "http://",
        "http:///path",
        "https://user@example.org",
        "https://user:secret@example.org",
        "https://:secret@example.org",
        "https://@example.org",
        "https://example.org/\nX-Header: 1",
        "https://exa mple.org",
        "https://example.org\\@evil.example",
        "http://[::1",
        "http://[example.org]/",
        " https://example.org",
    ],
)
def test_other_text_is_no_web_address(url: str) -> None:
    assert refusal(validators.validate_web_url, url).code == "url"


@pytest.mark.parametrize("value", [{}, {"plan": "pro"}, {"": ""}, {"a": "1", "ß": "🦆"}])
def test_an_object_of_strings_is_metadata(value: object) -> None:
    validators.validate_metadata(value)


@pytest.mark.parametrize(
    "value",
    [None, [], "text", 1, {"a": 1}, {"a": None}, {"a": True}, {"a": {}}, {"a": ["b"]}],
    ids=repr,
)
def test_anything_else_is_no_metadata(value: object) -> None:
    assert refusal(validators.validate_metadata, value).code == "metadata"


@pytest.mark.parametrize("value", [{"card": CARD}, {CARD: "card"}, {"a": "b", "c": f"pay {CARD}"}])
def test_metadata_has_no_card_number_in_key_or_value(value: object) -> None:
    assert refusal(validators.validate_metadata, value).code == "card_number"


@pytest.mark.parametrize("value", [{"a": "\0"}, {"\0": "a"}, {"a": "\ud800"}, {"\udfff": "a"}])
def test_metadata_is_storable_in_key_and_value(value: object) -> None:
    assert refusal(validators.validate_metadata, value).code == "characters"


@pytest.mark.parametrize(
    ("validator", "value", "secret"),
    [
        (validators.validate_storable, "hunter2\0", "hunter2"),
        (validators.validate_no_card_number, CARD, "4242"),
        (validators.validate_country, "hunter2", "hunter2"),
        (validators.validate_ein, "hunter2", "hunter2"),
        (validators.validate_web_url, "https://ada:hunter2@example.org", "hunter2"),
        (validators.validate_metadata, {"hunter2": CARD}, "hunter2"),
        (validators.validate_metadata, {"a": 4242424242424242}, "4242"),
    ],
)
def test_no_message_repeats_the_value(
    validator: Callable[[Any], None], value: object, secret: str
) -> None:
    error = refusal(validator, value)

    assert error.messages
    assert secret not in " ".join(error.messages)
    assert secret not in repr(error)
