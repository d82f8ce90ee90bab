"""Strict parsers of request bodies, which refuse what is ambiguous or cannot be stored."""

from __future__ import annotations

import json
import math
from io import BytesIO
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, FormParser

from customers.rest.problems import PayloadTooLarge
from customers.values.validators import can_be_stored

MAX_BODY_BYTES = 1024 * 1024
MAX_DEPTH = 32


class StrictJSONParser(BaseParser):
    """Unambiguous JSON (RFC 8259): one object in UTF-8.

    Raises:
        ParseError: not UTF-8, not JSON, not an object, a key given twice, NaN or Infinity, a NUL or
            a lone surrogate, deeper than 32 levels.
        PayloadTooLarge: over 1 MiB.
    """

    media_type = "application/json"
    max_bytes = MAX_BODY_BYTES

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        body = read_bounded(stream, self.max_bytes)
        try:
            value = json.loads(
                body.decode("utf-8"),
                object_pairs_hook=_object,
                parse_constant=_no_constant,
                parse_float=_finite,
            )
        except UnicodeDecodeError:
            raise ParseError("The body is not UTF-8.") from None
        except RecursionError:
            raise _too_deep() from None
        except json.JSONDecodeError as error:
            raise ParseError(
                f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
            ) from None
        except ValueError:  # an integer of thousands of digits
            raise ParseError("The body has a number that is too long.") from None
        if not isinstance(value, dict):
            raise ParseError("The body must be a JSON object.")
        # Only an escape can be a NUL or a lone surrogate: neither is in JSON of UTF-8 as it is.
        _check(value, has_escapes=b"\\u" in body)
        return value


class MergePatchParser(StrictJSONParser):
    """A JSON merge patch (RFC 7396)."""

    media_type = "application/merge-patch+json"


class SmallFormParser(FormParser):
    """A form of a few short fields, for OAuth's endpoints; at most 16 KiB."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        body = BytesIO(read_bounded(stream, 16 * 1024))
        return super().parse(body, media_type, parser_context)


def read_bounded(stream: IO[bytes], limit: int) -> bytes:
    """The whole body. Raises PayloadTooLarge, without reading on, if it is over `limit` bytes."""
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise PayloadTooLarge
    return body


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ParseError("The body has an object with the same key twice.")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ParseError(f"The body is not JSON: {name} is not a JSON number.")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ParseError("The body has a number that is too large.")
    return number


def _too_deep() -> ParseError:
    return ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.")


def _check(root: Any, *, has_escapes: bool) -> None:
    """Refuse deep nesting, NULs and lone surrogates. Not recursive, because nesting may be deep."""
    containers = [root]
    for _ in range(MAX_DEPTH):
        members: list[Any] = []
        for container in containers:
            members += container.values() if isinstance(container, dict) else container
            if has_escapes and isinstance(container, dict):
                members += container.keys()
        texts = (member for member in members if isinstance(member, str)) if has_escapes else ()
        if not all(map(can_be_stored, texts)):
            raise ParseError("The body has a NUL or a lone surrogate, which cannot be stored.")
        containers = [member for member in members if isinstance(member, dict | list)]
        if not containers:
            return
    raise _too_deep()
