"""Bad bodies by hand, for every write of every contract: each is the caller's mistake, is
answered in the contract's own JSON, and stores nothing.
Around each fault the body is a good one, so that nothing but the fault can be what is refused.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests.api.contract_table import WITH_BODY
from tests.api.harness import JSON, Endpoint, send
from tests.stored import stored

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
    "two bytes": b"\xff\xfe",
    "NaN": b"NaN",
    "Python's text": b"{'name': 'a'}",
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


ENCODINGS = ["utf-16", "utf-16-le", "utf-16-be", "utf-32"]

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
    "json",
    "\xff",
    "a" * 5000,
    "text/plain; application/json",
]

each_endpoint = pytest.mark.parametrize("endpoint", WITH_BODY, ids=str)


def members(endpoint: Endpoint, **values: Any) -> bytes:
    return json.dumps(endpoint.harness.good(endpoint.route, **values))[1:-1].encode()


def with_value(endpoint: Endpoint, value: bytes) -> list[bytes]:
    """Good bodies but for this value: in a field, in an ignored member, and beside the root."""
    mark = "a value stands here"
    field = [*(endpoint.route.body or {}), *endpoint.route.fields][-1]
    return [
        b"{%s}" % members(endpoint, **{name: mark}).replace(f'"{mark}"'.encode(), value)
        for name in (field, "ignored")
    ] + [b'{%s, "x": %s}' % (members(endpoint), value)]


def padded(endpoint: Endpoint, size: int) -> bytes:
    """A good body of `size` bytes."""
    start = b'{%s, "x": "' % members(endpoint)
    return start + b"a" * (size - len(start) - 2) + b'"}'


@dataclass
class Caller:
    """Sends bodies to an endpoint, and knows what is stored before."""

    endpoint: Endpoint
    client: APIClient
    path: str
    before: list[Any]

    def send(self, body: bytes, content_type: str = JSON, **extra: Any) -> Any:
        method = self.endpoint.route.method
        return send(self.client, method, self.path, body, content_type, **extra)

    def assert_refused(
        self, body: bytes, status: int = 400, content_type: str = JSON, **extra: Any
    ) -> None:
        harness = self.endpoint.harness
        error = harness.assert_error(self.send(body, content_type, **extra), status)
        assert harness.faults(error) == set()
        assert stored() == self.before

    def assert_accepted(self, body: bytes, content_type: str = JSON) -> None:
        """And leave the database as it was before."""
        with transaction.atomic():
            response = self.send(body, content_type)
            assert response.status_code == self.endpoint.route.ok, response.content[:300]
            transaction.set_rollback(True)


@pytest.fixture
def to(
    acme: Organization, customer: Customer, debug: None, request: pytest.FixtureRequest
) -> Caller:
    endpoint: Endpoint = request.getfixturevalue("endpoint")
    client = endpoint.harness.client(acme)
    return Caller(endpoint, client, endpoint.path_of(endpoint.prepared(customer)), stored())


def test_there_are_sixty_at_least() -> None:
    assert len(VALUES) + len(BODIES) >= 60


@each_endpoint
def test_a_bad_value_is_refused_wherever_it_stands(
    to: Caller, endpoint: Endpoint, settings: Settings, subtests: pytest.Subtests
) -> None:
    for name, value in VALUES.items():
        # In development only the answer could differ, not what is read.
        for body in with_value(endpoint, value)[: 1 if settings.DEBUG else None]:
            with subtests.test(name):
                to.assert_refused(body)


@each_endpoint
def test_a_bad_body_is_refused(to: Caller, endpoint: Endpoint, subtests: pytest.Subtests) -> None:
    for name, body in BODIES.items():
        with subtests.test(name):
            to.assert_refused(body.replace(b"@", members(endpoint), 2))


@each_endpoint
def test_another_encoding_is_refused(
    to: Caller, endpoint: Endpoint, subtests: pytest.Subtests
) -> None:
    body = b'{%s, "x": 1}' % members(endpoint)
    for encoding in ENCODINGS:
        with subtests.test(encoding):
            to.assert_refused(body.decode().encode(encoding))


@each_endpoint
def test_what_is_larger_than_the_limit_is_413(to: Caller, endpoint: Endpoint) -> None:
    sizes = (endpoint.route.largest + 1, 3 * MIB, 5 * MIB)
    for body in (b"x" * sizes[0], *(padded(endpoint, size) for size in sizes)):
        to.assert_refused(body, 413)
        to.assert_refused(body, 413, HTTP_IDEMPOTENCY_KEY="one")


@each_endpoint
def test_another_content_type_is_415(
    to: Caller, endpoint: Endpoint, subtests: pytest.Subtests
) -> None:
    for content_type in {*CONTENT_TYPES} - {*endpoint.route.media_types}:
        for body in (b"{%s}" % members(endpoint), b"email=a%40example.org&country=DE"):
            with subtests.test(content_type[:50]):
                to.assert_refused(body, 415, content_type)


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


@each_endpoint
def test_a_good_body_is_accepted_however_odd(
    to: Caller, endpoint: Endpoint, subtests: pytest.Subtests
) -> None:
    for name, body in ODD.items():
        with subtests.test(name):
            to.assert_accepted(body.replace(b"@", members(endpoint), 1))


@each_endpoint
def test_a_body_as_large_as_the_limit_is_accepted(to: Caller, endpoint: Endpoint) -> None:
    to.assert_accepted(padded(endpoint, endpoint.route.largest))
    to.assert_accepted((b"{%s}" % members(endpoint)).ljust(endpoint.route.largest))


@each_endpoint
def test_json_may_be_named_with_parameters(
    to: Caller, endpoint: Endpoint, subtests: pytest.Subtests
) -> None:
    for parameters in ("; charset=utf-8", ";", " ; a=b"):
        for name in (*endpoint.route.media_types, "Application/JSON"):
            with subtests.test(name + parameters):
                to.assert_accepted(b"{%s}" % members(endpoint), name + parameters)
    to.assert_accepted(b"{%s}" % members(endpoint), "Application/JSON")
