"""Bodies, read strictly."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from rest_framework.exceptions import ParseError

from customers.rest.parsers import (
    MAX_BODY_BYTES,
    MAX_DEPTH,
    SmallFormParser,
    StrictJSONParser,
    read_bounded,
)
from customers.rest.problems import PayloadTooLarge


def parse(body: bytes) -> Any:
    return StrictJSONParser().parse(BytesIO(body))


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": None, "b": True, "c": 1, "d": 1.5, "e": "é🦊", "f": [], "g": {}},
        {"": ""},
        {"a": -0.0, "b": 1e308, "c": 5e-324, "d": 10**4000},
        {"a": "\ud83e\udd8a".encode("utf-16", "surrogatepass").decode("utf-16")},
        {"a": "\t\n\x7f\u2028\ufeff\uffff"},
    ],
)
def test_an_object_is_read_as_it_was_written(value: dict[str, Any]) -> None:
    assert parse(json.dumps(value).encode()) == value
    assert parse(json.dumps(value, ensure_ascii=False).encode()) == value


def nested(depth: int, innermost: str = "{}") -> bytes:
    return ('{"a":' * (depth - 1) + innermost + "}" * (depth - 1)).encode()


@pytest.mark.parametrize("innermost", ["{}", "[]", '{"a": 1}', "[1]"])
def test_as_many_levels_are_read_as_are_allowed(innermost: str) -> None:
    assert parse(nested(MAX_DEPTH, innermost))["a"]


@pytest.mark.parametrize("innermost", ["{}", "[]", '{"a": 1}', "[1]"])
def test_one_level_more_is_refused(innermost: str) -> None:
    with pytest.raises(ParseError, match="deeper than 32"):
        parse(nested(MAX_DEPTH + 1, innermost))


@pytest.mark.parametrize(
    "body", [b"[" * 200_000, b'{"a":' * 200_000, b"[" * 99_999 + b"]" * 99_999]
)
def test_any_depth_is_refused_without_a_crash(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(body)


def test_wide_is_not_deep() -> None:
    value = {str(number): [number] for number in range(10_000)}

    assert parse(json.dumps(value).encode()) == value


def test_the_largest_body_is_read_and_one_byte_more_is_not() -> None:
    body = b'{"a": "%s"}' % (b"x" * (MAX_BODY_BYTES - 9))

    assert len(body) == MAX_BODY_BYTES
    assert len(parse(body)["a"]) == MAX_BODY_BYTES - 9
    with pytest.raises(PayloadTooLarge):
        parse(body + b" ")


class Endless:
    """A body that never ends; counts what is read of it."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0
        self.taken += size
        return b"x" * size


def test_no_more_is_read_than_shows_that_it_is_too_much() -> None:
    stream = Endless()

    with pytest.raises(PayloadTooLarge):
        read_bounded(stream, 100)  # type: ignore[arg-type]
    assert stream.taken == 101


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'{"a": NaN}', "NaN is not a JSON number"),
        (b'{"a": -Infinity}', "-Infinity is not a JSON number"),
        (b'{"a": 1e400}', "number that is too large"),
        (b'{"a": ' + b"1" * 5000 + b"}", "number that is too long"),
        (b'{"a": 1, "a": 1}', "same key twice"),
        (b'{"a": {"b": 1, "\\u0062": 1}}', "same key twice"),
        (b"[]", "must be a JSON object"),
        (b'"a"', "must be a JSON object"),
        (b'{"a": "\\u0000"}', "NUL or a lone surrogate"),
        (b'{"\\u0000": 1}', "NUL or a lone surrogate"),
        (b'{"a": [["\\ud800"]]}', "NUL or a lone surrogate"),
        (b'{"a": 1', "line 1, column"),
    ],
)
def test_what_is_refused_shows_why(body: bytes, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        parse(body)


@pytest.mark.parametrize("secret", ["4242424242424242", "ada@example.org"])
def test_no_message_quotes_the_body(secret: str) -> None:
    for body in (
        f'{{"{secret}": 1, "{secret}": 2}}',
        f'{{"a": {secret}',
        f'{{"a": "{secret}\\u0000"}}',
        f'"{secret}"',
    ):
        with pytest.raises(ParseError) as raised:
            parse(body.encode())
        assert secret not in str(raised.value.detail)


def test_a_form_is_read_up_to_16_kib() -> None:
    body = b"a=" + b"x" * (16 * 1024 - 2)

    assert len(SmallFormParser().parse(BytesIO(body), parser_context={})["a"]) == 16 * 1024 - 2
    with pytest.raises(PayloadTooLarge):
        SmallFormParser().parse(BytesIO(body + b"x"), parser_context={})
