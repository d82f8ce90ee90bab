"""Recordings of HTTP traffic: HAR, as browsers and proxies export it, and JSON Lines.

JSON Lines has one exchange on each line:
`{"request": {"method", "path", "headers", "body"}, "response": {"status", "headers", "body"}}`.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.utils.dateparse import parse_datetime

from customers.rest.traffic import Exchange

MAX_HAR_BYTES = 256 * 1024 * 1024  # it is read as a whole
MAX_LINE_BYTES = 8 * 1024 * 1024
MAX_EXCHANGES = 100_000
MAX_URL = 16_384

_BEGIN_OF_HAR = re.compile(rb'(\xef\xbb\xbf)?\s*\{\s*("log"|$)')
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Unreadable(Exception):
    """The file is no recording. It says where, and nothing of what the file says."""


class Recording:
    """The exchanges of a file, in order. It can be read more than once."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self._entries = None if _is_lines(file) else _har_entries(file)
        except OSError as error:
            raise Unreadable(f"{file}: {error.strerror}.") from None

    def __iter__(self) -> Iterator[Exchange]:
        """Raises Unreadable."""
        read = _of_line if self._entries is None else _of_har
        number = 0
        for number, (place, entry) in enumerate(self._placed(), 1):
            if number > MAX_EXCHANGES:
                raise Unreadable(f"There are more than {MAX_EXCHANGES:,} requests.")
            try:
                yield read(number, entry)
            except _Wrong as wrong:
                raise Unreadable(f"{place}: {wrong}.") from None
            except (AttributeError, LookupError, TypeError, ValueError):
                raise Unreadable(f"{place}: this is no request with its response.") from None
        if not number:
            raise Unreadable("There are no requests in the file.")

    def _placed(self) -> Iterator[tuple[str, Any]]:
        """The entries, each with what its place in the file is called."""
        if self._entries is None:
            yield from _lines(self.file)
        else:
            for number, entry in enumerate(self._entries, 1):
                yield f"Entry {number}", entry


class _Wrong(Exception):
    """What is wrong with an entry."""


def _is_lines(file: Path) -> bool:
    """Whether each line is an exchange, and not the whole one object with a `log`, as HAR is."""
    with file.open("rb") as lines:
        first = b""
        while not first.strip() and (first := lines.readline(MAX_LINE_BYTES)):
            pass
    return _BEGIN_OF_HAR.match(first) is None


def _har_entries(file: Path) -> list[Any]:
    if file.stat().st_size > MAX_HAR_BYTES:
        raise Unreadable(f"A HAR file may have {MAX_HAR_BYTES // 2**20} MiB. Use JSON Lines.")
    try:
        entries = json.loads(file.read_text("utf-8-sig"))["log"]["entries"]
    except json.JSONDecodeError as error:
        raise Unreadable(f"Line {error.lineno}: {error.msg}.") from None
    except UnicodeDecodeError:
        raise Unreadable("The file is not UTF-8.") from None
    except (LookupError, TypeError, ValueError, RecursionError):
        raise Unreadable("The file is no HAR: it has no list at log.entries.") from None
    if not isinstance(entries, list):
        raise Unreadable("The file is no HAR: it has no list at log.entries.")
    return entries


def _lines(file: Path) -> Iterator[tuple[str, Any]]:
    with file.open("rb") as lines:
        for number in count(1):
            line = lines.readline(MAX_LINE_BYTES + 1)
            if not line:
                return
            if len(line) > MAX_LINE_BYTES:
                raise Unreadable(f"Line {number} is longer than {MAX_LINE_BYTES // 2**20} MiB.")
            if not line.strip():
                continue
            try:
                yield f"Line {number}", json.loads(line.decode("utf-8-sig").rstrip())
            except json.JSONDecodeError as error:
                raise Unreadable(f"Line {number}, column {error.colno}: {error.msg}.") from None
            except (ValueError, RecursionError):
                raise Unreadable(f"Line {number} is not JSON in UTF-8.") from None


def _of_line(number: int, entry: Mapping[str, Any]) -> Exchange:
    request, response = entry["request"], entry.get("response") or {}
    answer = response.get("body")
    return Exchange(
        number=number,
        method=_method(request["method"]),
        url=_url(request["path"]),
        headers=_headers(request.get("headers", {}).items()),
        body=_sent(request.get("body")),
        status=_status(response.get("status", 0)),
        answered_headers=_headers(response.get("headers", {}).items()),
        answer=answer if answer is None or isinstance(answer, str) else json.dumps(answer),
        at=_time(entry.get("time")),
    )


def _sent(body: Any) -> bytes:
    """A body as it is sent: a text as it is, anything else as JSON."""
    if body is None:
        return b""
    return (body if isinstance(body, str) else json.dumps(body)).encode(errors="surrogatepass")


def _of_har(number: int, entry: Mapping[str, Any]) -> Exchange:
    request, response = entry["request"], entry.get("response") or {}
    return Exchange(
        number=number,
        method=_method(request["method"]),
        url=_url(request["url"]),
        headers=_headers(_pairs(request.get("headers"))),
        body=_posted(request.get("postData") or {}),
        status=_status(response.get("status", 0)),
        answered_headers=_headers(_pairs(response.get("headers"))),
        answer=_content(response.get("content") or {}),
        at=_time(entry.get("startedDateTime")),
    )


def _posted(data: Mapping[str, Any]) -> bytes:
    """The body of a request. A form may be recorded by its parameters alone."""
    if data.get("text"):
        if data.get("encoding") == "base64":
            return _decoded(data["text"])
        return _text(data["text"]).encode(errors="surrogatepass")
    return urlencode(_pairs(data.get("params"))).encode()


def _content(content: Mapping[str, Any]) -> str | None:
    """The body of a response, which HAR holds decompressed; None where it was not kept."""
    text = content.get("text")
    if text is None:
        return None if content.get("size") else ""
    if content.get("encoding") == "base64":
        return _decoded(text).decode(errors="replace")
    return _text(text)


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except NotBase64:
        raise _Wrong("the body is not base64") from None


def _pairs(listed: Any) -> list[tuple[str, str]]:
    return [(str(pair["name"]), str(pair.get("value") or "")) for pair in listed or ()]


def _headers(pairs: Any) -> dict[str, str]:
    """Headers by their names in lower case; those of HTTP/2 that begin with a colon are none."""
    return {name.lower(): str(value) for name, value in pairs if not name.startswith(":")}


def _method(text: Any) -> str:
    method = _text(text).upper()
    if method not in _METHODS:
        raise _Wrong("the method is unknown")
    return method


def _status(value: Any) -> int:
    if type(value) is not int or not (value <= 0 or 100 <= value <= 599):
        raise _Wrong("the status is no status of HTTP")
    return max(value, 0)


def _url(value: Any) -> str:
    url = _text(value)
    if len(url) > MAX_URL:
        raise _Wrong(f"the address has more than {MAX_URL:,} characters")
    try:
        urlsplit(url)
    except ValueError:
        raise _Wrong("the address is no URL") from None
    return url


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong("a text is expected where there is none")
    return value


def _time(value: Any) -> datetime | None:
    """The time of a request, if it is one with its zone."""
    try:
        time = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if time is None or time.tzinfo is None else time
