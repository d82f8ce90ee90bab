"""Bad bodies by hand, for every write of every contract: each is the caller's mistake, is told in
the contract's own JSON, and stores nothing.

Around each fault the body is a good one, so that nothing but the fault can be what is refused.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests.api.alternative_payments.support import stored
from tests.api.contract_table import JSON, WRITES, Route, Spoken, name_of, send

MIB = 1024 * 1024


def nested(depth: int, start: bytes = b'{"a":', end: bytes = b"}") -> bytes:
    """An object within an object, `depth` in all."""
    return start * (depth - 1) + b"{}" + end * (depth - 1)


#: What is no JSON value, or none that can be kept: in a field, and in a member that is ignored.
VALUES: dict[str, bytes] = {
    "an open text": b'"a',
    "a line break in a text": b'"a\nb"',
    "a control character in a text": b'"a\x01b"',
    "an unknown escape": b'"\\x41"',
    "half an escape": b'"\\u12"',
    "a text in single quotes": b"'a'",
    "a number with a leading zero": b"01",
    "a hexadecimal number": b"0x10",
    "a number with a plus": b"+1",
    "Python's None": b"None",
    "undefined": b"undefined",
    "NaN": b"NaN",
    "NaN within": b"[NaN]",
    "Infinity": b"Infinity",
    "-Infinity": b"-Infinity",
    "1e999": b"1e999",
    "-1e999": b"-1e999",
    "an integer of 5000 digits": b"9" * 5000,
    "a key twice, deep within": b'[{"y": 1, "y": 2}]',
    "33 levels": nested(33),
    "33 levels of arrays": b"[" * 33 + b"]" * 33,
    "100000 levels": nested(100_000),
    "100000 levels of arrays": b"[" * 100_000 + b"]" * 100_000,
    "100000 open arrays": b"[" * 100_000,
    "Latin-1": '"Köln"'.encode("latin-1"),
    "a lone continuation byte": b'"\x80"',
    "an overlong slash": b'"\xc0\xaf"',
    "an overlong NUL": b'"\xc0\x80"',
    "a surrogate in UTF-8": b'"\xed\xa0\x80"',
    "a byte that UTF-8 has not": b'"\xff"',
    "half a character": b'"\xf0\x9f\x92"',
    "a NUL byte": b'"a\x00b"',
    "an escaped NUL": b'"a\\u0000b"',
    "a NUL deep within": b'[{"y": "\\u0000"}]',
    "a NUL in a key": b'{"x\\u0000": 1}',
    "a lone high surrogate": b'"\\ud800"',
    "a lone low surrogate": b'"\\udfff"',
    "surrogates the wrong way round": b'"\\udd8a\\ud83e"',
    "a lone surrogate in a key": b'{"\\ud83e": 1}',
}

#: Whole bodies; an @ stands for a good one's members.
BODIES: dict[str, bytes] = {
    "blank": b" ",
    "garbage": b"garbage",
    "nothing but a brace": b"{",
    "an open object": b"{@",
    "an open object after a comma": b"{@,",
    "two objects": b"{@}{@}",
    "something after it": b"{@} x",
    "a comma too many": b"{@,}",
    "a comma too early": b"{,@}",
    "a comment": b"{@ /* b */}",
    "a bare key": b"{@, x: 1}",
    "a key that is a number": b"{@, 1: 1}",
    "XML": b"<name>a</name>",
    "a form": b"name=a&email=new%40example.org",
    "an empty array": b"[]",
    "an array": b"[{@}]",
    "a text": b'"name"',
    "a number": b"5",
    "true": b"true",
    "null": b"null",
    "a key twice": b'{"x": "a", @, "x": "b"}',
    "a key twice, once escaped": b'{@, "x": 1, "\\u0078": 2}',
    "a good body twice": b"{@, @}",
    "a byte order mark": b"\xef\xbb\xbf{@}",
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "a NUL before": b"\x00{@}",
    "a NUL after": b"{@}\x00",
}


def members(spoken: Spoken, route: Route, **values: Any) -> bytes:
    return json.dumps(spoken.good(route, **values))[1:-1].encode()


def with_value(spoken: Spoken, route: Route, value: bytes) -> list[bytes]:
    """Good bodies but for this value: in a field, in an ignored member, and beside the root."""
    mark = "a value stands here"
    field = route.fields[-1]
    return [
        b"{%s}" % members(spoken, route, **{name: mark}).replace(f'"{mark}"'.encode(), value)
        for name in (field, "ignored")
    ] + [b'{%s, "x": %s}' % (members(spoken, route), value)]


def padded(spoken: Spoken, route: Route, size: int) -> bytes:
    """A good body of `size` bytes."""
    start = b'{%s, "x": "' % members(spoken, route)
    return start + b"a" * (size - len(start) - 2) + b'"}'


@pytest.fixture
def before(customer: Customer) -> list[Any]:
    return stored()


def assert_refused(
    acme: Organization, customer: Customer, pair: tuple[Spoken, Route], body: bytes, **asked: Any
) -> None:
    spoken, route = pair
    statuses = asked.pop("statuses", (400,))
    told = spoken.assert_error(
        send(spoken.client(acme), route, body, id=customer.pk, **asked), *statuses
    )
    assert spoken.faults(told) == set()


def test_there_are_sixty_at_least() -> None:
    assert len(VALUES) + len(BODIES) >= 60


@pytest.mark.parametrize("pair", WRITES, ids=name_of)
@pytest.mark.parametrize("name", VALUES)
def test_a_bad_value_is_refused_wherever_it_stands(
    acme: Organization, customer: Customer, before: list[Any], pair: Any, name: str
) -> None:
    for body in with_value(pair[0], pair[1], VALUES[name]):
        assert_refused(acme, customer, pair, body)
    assert stored() == before


@pytest.mark.parametrize("pair", WRITES, ids=name_of)
@pytest.mark.parametrize("name", BODIES)
def test_a_bad_body_is_refused(
    acme: Organization, customer: Customer, before: list[Any], pair: Any, name: str
) -> None:
    assert_refused(acme, customer, pair, BODIES[name].replace(b"@", members(*pair), 2))
    assert stored() == before


@pytest.mark.parametrize("pair", WRITES, ids=name_of)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_another_encoding_is_refused(
    acme: Organization, customer: Customer, before: list[Any], pair: Any, encoding: str
) -> None:
    body = b'{%s, "x": 1}' % members(*pair)
    assert_refused(acme, customer, pair, body.decode().encode(encoding))
    assert stored() == before


@pytest.mark.parametrize("pair", WRITES, ids=name_of)
def test_what_is_larger_than_a_mebibyte_is_413(
    acme: Organization, customer: Customer, before: list[Any], pair: Any
) -> None:
    for body in (
        padded(pair[0], pair[1], MIB + 1),
        b"x" * (MIB + 1),
        padded(pair[0], pair[1], 3 * MIB),
    ):
        assert_refused(acme, customer, pair, body, statuses=(413,))
    assert stored() == before


CONTENT_TYPES = [
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
]


@pytest.mark.parametrize("pair", WRITES, ids=name_of)
@pytest.mark.parametrize("content_type", CONTENT_TYPES, ids=range(len(CONTENT_TYPES)))
def test_another_content_type_is_415(
    acme: Organization, customer: Customer, before: list[Any], pair: Any, content_type: str
) -> None:
    body = b"{%s}" % members(*pair)
    assert_refused(acme, customer, pair, body, statuses=(415,), content_type=content_type)
    assert stored() == before


# --- What must be accepted -----------------------------------------------------------------------

ODD: dict[str, bytes] = {
    "white space around": b" \r\n\t{@}\n ",
    "Unicode in what is ignored": '{@, "ключ": "значение 🦊"}'.encode(),
    "an escaped pair of surrogates": b'{@, "x": "\\ud83e\\udd8a"}',
    "every kind of value": b'{@, "x": [1, 2.5, 1e5, true, null, {"y": []}]}',
    "30 levels": b'{@, "x": %s}' % nested(30),
    "names that mean something elsewhere": b'{@, "": 1, "__proto__": {}, "constructor": {}}',
    "a long integer": b'{@, "x": 123456789012345678901234567890}',
    "the same key in two objects": b'{@, "x": {"name": 1}, "y": {"name": 2}}',
}


def accepted(acme: Organization, customer: Customer, pair: Any, body: bytes, type: str) -> Any:
    spoken, route = pair
    client: APIClient = spoken.client(acme)
    response = send(client, route, body, type, id=str(customer.pk))
    assert response.status_code == route.ok, response.content[:300]
    return response


@pytest.mark.parametrize("pair", WRITES, ids=name_of)
@pytest.mark.parametrize("name", ODD)
def test_a_good_body_is_accepted_however_odd(
    acme: Organization, customer: Customer, pair: Any, name: str
) -> None:
    accepted(acme, customer, pair, ODD[name].replace(b"@", members(*pair), 1), JSON)


@pytest.mark.parametrize("pair", WRITES, ids=name_of)
def test_a_body_of_exactly_a_mebibyte_is_accepted(
    acme: Organization, customer: Customer, pair: Any
) -> None:
    accepted(acme, customer, pair, padded(pair[0], pair[1], MIB), JSON)


@pytest.mark.parametrize("pair", WRITES, ids=name_of)
@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "Application/JSON", "application/json;", JSON + " ; a=b"],
)
def test_json_may_be_named_with_parameters(
    acme: Organization, customer: Customer, pair: Any, content_type: str
) -> None:
    accepted(acme, customer, pair, b"{%s}" % members(*pair), content_type)
