"""Bad bodies by hand: each is the caller's mistake; none is stored."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer
from tests.api.alternative_payments.support import assert_error, send, stored

JSON = "application/json"
MIB = 1024 * 1024


def nested(depth: int, start: bytes = b'{"a":', end: bytes = b"}") -> bytes:
    """An object within an object, `depth` in all."""
    return start * (depth - 1) + b"{}" + end * (depth - 1)


def padded(size: int) -> bytes:
    """A good body of `size` bytes."""
    return b'{"name": "Acme", "x": "%s"}' % (b"a" * (size - 25))


#: name: (body, status)
BODIES: dict[str, tuple[bytes, int]] = {
    # Not JSON
    "blank": (b" ", 400),
    "garbage": (b"garbage", 400),
    "an open object": (b'{"name": "a"', 400),
    "an open text": (b'{"name": "a', 400),
    "two objects": (b'{"name": "a"}{"name": "b"}', 400),
    "something after it": (b'{"name": "a"} x', 400),
    "a comma too many": (b'{"name": "a",}', 400),
    "a comment": (b'{"name": "a" /* b */}', 400),
    "single quotes": (b"{'name': 'a'}", 400),
    "a bare key": (b'{name: "a"}', 400),
    "a line break in a text": (b'{"name": "a\nb"}', 400),
    "a control character in a text": (b'{"name": "a\x01b"}', 400),
    "an unknown escape": (b'{"name": "\\x41"}', 400),
    "half an escape": (b'{"name": "\\u12"}', 400),
    "a number with a leading zero": (b'{"name": 01}', 400),
    "a hexadecimal number": (b'{"name": 0x10}', 400),
    "Python": (b'{"name": None}', 400),
    "XML": (b"<name>a</name>", 400),
    "a form": (b"name=a", 400),
    "NaN": (b'{"name": NaN}', 400),
    "Infinity": (b'{"name": Infinity}', 400),
    "-Infinity": (b'{"name": -Infinity}', 400),
    "NaN in what is ignored": (b'{"name": "a", "x": [NaN]}', 400),
    "1e999": (b'{"name": "a", "x": 1e999}', 400),
    "-1e999": (b'{"name": "a", "x": -1e999}', 400),
    "an integer of 5000 digits": (b'{"name": "a", "x": ' + b"9" * 5000 + b"}", 400),
    # Not an object
    "an empty array": (b"[]", 400),
    "an array": (b'[{"name": "a"}]', 400),
    "a text": (b'"name"', 400),
    "a number": (b"5", 400),
    "true": (b"true", 400),
    "null": (b"null", 400),
    # Ambiguous, or too much
    "a key twice": (b'{"name": "a", "name": "b"}', 400),
    "a key twice, once escaped": (b'{"name": "a", "n\\u0061me": "b"}', 400),
    "a key twice, deep within": (b'{"name": "a", "x": [{"y": 1, "y": 2}]}', 400),
    "33 levels": (nested(33), 400),
    "33 levels of arrays": (b'{"name": "a", "x":' + b"[" * 33 + b"]" * 33 + b"}", 400),
    "100000 levels": (nested(100_000), 400),
    "100000 levels of arrays": (b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    "100000 open arrays": (b"[" * 100_000, 400),
    "1 MiB and a byte": (padded(MIB + 1), 413),
    "1 MiB and a byte of garbage": (b"x" * (MIB + 1), 413),
    "3 MiB": (padded(3 * MIB), 413),
    # Not UTF-8, or not text
    "Latin-1": ('{"name": "Köln"}'.encode("latin-1"), 400),
    "a lone continuation byte": (b'{"name": "\x80"}', 400),
    "an overlong slash": (b'{"name": "\xc0\xaf"}', 400),
    "a surrogate in UTF-8": (b'{"name": "\xed\xa0\x80"}', 400),
    "a byte that UTF-8 has not": (b'{"name": "\xff"}', 400),
    "half a character": (b'{"name": "\xf0\x9f\x92', 400),
    "UTF-16": ('{"name": "a"}'.encode("utf-16"), 400),
    "UTF-16 without a mark": ('{"name": "a"}'.encode("utf-16-le"), 400),
    "UTF-32": ('{"name": "a"}'.encode("utf-32"), 400),
    "a byte order mark": (b'\xef\xbb\xbf{"name": "a"}', 400),
    "gzip": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", 400),
    "a NUL byte": (b'{"name": "a\x00b"}', 400),
    "an escaped NUL": (b'{"name": "a\\u0000b"}', 400),
    "a NUL in a key": (b'{"name": "a", "x\\u0000": 1}', 400),
    "a NUL in what is ignored": (b'{"name": "a", "x": [{"y": "\\u0000"}]}', 400),
    "a lone high surrogate": (b'{"name": "\\ud800"}', 400),
    "a lone low surrogate": (b'{"name": "\\udfff"}', 400),
    "surrogates the wrong way round": (b'{"name": "\\udd8a\\ud83e"}', 400),
    "a lone surrogate in a key": (b'{"name": "a", "\\ud83e": 1}', 400),
}

WRITES = ["POST /customers", "PATCH /customers/{id}", "POST /customers/{id}/users"]


def write(api: APIClient, customer: Customer, name: str, body: bytes, content_type: str) -> Any:
    method, path = name.split()
    return send(api, method, path.format(id=customer.pk), body, content_type)


def test_there_are_sixty_at_least() -> None:
    assert len(BODIES) >= 60


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_body_is_refused_by_every_write_and_nothing_is_stored(
    api: APIClient, customer: Customer, name: str
) -> None:
    body, status = BODIES[name]
    before = stored()
    for route in WRITES:
        told = assert_error(write(api, customer, route, body, JSON), status)
        assert told["validation_errors"] == {}
    assert stored() == before


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "text/json",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/merge-patch+json",
        "application/vnd.api+json",
        "application/jsonx",
        "application/",
        "*/*",
        "nonsense",
        "\xff",
        "a" * 5000,
        "text/plain; application/json",
    ],
)
def test_another_content_type_is_415_and_nothing_is_stored(
    api: APIClient, customer: Customer, content_type: str
) -> None:
    before = stored()
    for route in WRITES:
        assert_error(write(api, customer, route, b'{"name": "New"}', content_type), 415)
    assert stored() == before


CREATE = ["city", "country", "ein", "legal_name", "name", "postal_code", "state"]
CREATE += ["street_address", "sub_premise"]
FIELDS = {
    "POST /customers": [*CREATE, "email", "external_id"],
    "PATCH /customers/{id}": CREATE,
    "POST /customers/{id}/users": ["email", "first_name", "last_name"],
}
WRONG_TYPES = [
    "0",
    "5",
    "-1.5",
    "true",
    "false",
    "[]",
    "{}",
    '["a"]',
    '{"a": "b"}',
    "[[[]]]",
    "1e5",
]


@pytest.mark.parametrize("route", WRITES)
@pytest.mark.parametrize("value", WRONG_TYPES)
def test_what_is_no_text_is_422_in_every_field(
    api: APIClient, customer: Customer, route: str, value: str
) -> None:
    before = stored()
    for field in FIELDS[route]:
        body = f'{{"{field}": {value}}}'.encode()
        told = assert_error(write(api, customer, route, body, JSON), 422, "validation_failed")
        assert set(told["validation_errors"]) == {field}
    assert stored() == before


@pytest.mark.parametrize("route", WRITES)
def test_a_text_that_is_too_long_is_422_in_every_field(
    api: APIClient, customer: Customer, route: str
) -> None:
    before = stored()
    for field in FIELDS[route]:
        body = f'{{"{field}": "{"a" * 100_000}"}}'.encode()
        told = assert_error(write(api, customer, route, body, JSON), 422)
        assert set(told["validation_errors"]) == {field}
    assert stored() == before


# --- What must be accepted -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        padded(MIB),
        b' \r\n\t{"name": "a"}\n ',
        '{"name": "Köln 🦊", "ключ": "значение"}'.encode(),
        b'{"name": "\\ud83e\\udd8a"}',
        b'{"name": "a", "x": [1, 2.5, 1e5, true, null, {"y": []}]}',
        b'{"name": "a", "x": %s}' % nested(30),
        b'{"name": "a", "": 1, "__proto__": {}, "constructor": {}}',
        b'{"name": "a", "x": 123456789012345678901234567890}',
        b'{"name": "a", "x": {"name": 1}, "y": {"name": 2}}',
    ],
    ids=range(9),
)
def test_a_good_body_is_accepted_however_odd(api: APIClient, body: bytes) -> None:
    response: Any = send(api, "POST", "/customers", body, JSON)

    assert response.status_code == 201, response.content[:200]
