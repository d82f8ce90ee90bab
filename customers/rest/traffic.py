"""What a contract says of recorded traffic of its vendor, so that it can be replayed here.

`customers.replay` sends the requests of a recording and compares the answers. Which members are
ids, which times the server sets, and which differences are meant, only the contract knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal
from urllib.parse import parse_qs

from rest_framework.serializers import Serializer

#: What a recorded text is that is no JSON.
NOT_JSON = object()
MAX_DEPTH = 100


class Kind(StrEnum):
    """The kinds of differences."""

    STATUS = "status"
    HEADER = "header"
    MISSING = "missing"
    ADDED = "added"
    TYPE = "type"
    FORMAT = "format"
    ORDER = "order"
    VALUE = "value"


@dataclass(frozen=True)
class Exchange:
    """A recorded request and the answer to it. Names of headers are in lower case."""

    number: int
    """Its place in the recording, from 1."""
    method: str
    url: str
    """As recorded: an absolute URL, or a path with its query."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    status: int = 0
    """The recorded status; 0 where there was no answer."""
    answered_headers: Mapping[str, str] = field(default_factory=dict)
    answer: str | None = None
    """The recorded body; None where the recording has none."""
    at: datetime | None = None
    path: str = ""
    """From the contract's base on, percent-encoded."""
    query: str = ""

    @cached_property
    def shown(self) -> Any:
        """The recorded body as JSON, or NOT_JSON."""
        return as_json(self.answer)

    def parameter(self, name: str) -> str | None:
        """The first value of a query parameter."""
        return parse_qs(self.query).get(name, [None])[0]


def as_json(text: str | None) -> Any:
    """A text as JSON, or NOT_JSON; what is nested more deeply than any answer is not read."""
    try:
        value = json.loads(text or "")
    except (ValueError, RecursionError):
        return NOT_JSON
    return value if _is_within(value, MAX_DEPTH) else NOT_JSON


def _is_within(value: Any, depth: int) -> bool:
    """Whether a value of JSON is nested at most so deeply."""
    members = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        return True
    return depth > 0 and all(_is_within(member, depth - 1) for member in members)


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the registry answers otherwise than the vendor did."""

    kind: Kind
    pointer: str
    """A JSON pointer into the body; the name of a header; empty for a status."""
    recorded: Any = None
    answered: Any = None


@dataclass(frozen=True, slots=True)
class Explained:
    """A difference that is meant, and the sentence that says why."""

    sentence: str
    kinds: tuple[Kind, ...]
    pointers: tuple[str, ...] = ("",)
    """JSON pointers, where `*` stands for one part and `**` at the end for any further ones."""
    at: str = ".*"
    """A regular expression for method and path: `POST /customers`."""
    values: Callable[[Any, Any], bool] | None = None
    """Whether it is about a recorded and an answered value; about any if it is None."""
    when: Callable[[Exchange], bool] | None = None
    """Whether it is about a request."""

    def explains(self, difference: Difference, exchange: Exchange) -> bool:
        """Whether it is about this difference."""
        return (
            difference.kind in self.kinds
            and any(_fits(pointer, difference.pointer) for pointer in self.pointers)
            and re.fullmatch(self.at, f"{exchange.method} {exchange.path}") is not None
            and (self.values is None or self.values(difference.recorded, difference.answered))
            and (self.when is None or self.when(exchange))
        )


def _fits(pattern: str, pointer: str) -> bool:
    wanted, found = pattern.split("/"), pointer.split("/")
    if wanted[-1] == "**":
        wanted = wanted[:-1]
        found = found[: len(wanted)] if len(found) >= len(wanted) else []
    return len(wanted) == len(found) and all(
        want in ("*", part) for want, part in zip(wanted, found, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Resource:
    """What the answers at a path show. It is stored beforehand if it was not created meanwhile."""

    model: Literal["customer", "user", "payment_method"]
    path: re.Pattern[str]
    """The whole path. Its group `id` is absent where many are shown, or one is created. `customer`
    is the id of the customer that it belongs to."""
    values: Callable[[Mapping[str, Any]], dict[str, Any]]
    """The store's values of what is shown."""
    id: str = "id"
    """The member with its id."""
    created: str = "created_at"
    """The member with the time of its creation."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """How the traffic of a contract is replayed."""

    resources: tuple[Resource, ...]
    ids: frozenset[str] = frozenset({"id"})
    """The members that are ids which the server makes."""
    known_by: frozenset[str] = frozenset()
    """The members by which callers name customers in paths, beside the ids."""
    cursors: frozenset[str] = frozenset()
    """The members that are cursors."""
    times: frozenset[str] = frozenset({"created_at", "updated_at"})
    """The members that are times which the server sets: their form is compared."""
    counters: frozenset[str] = frozenset()
    """The members that the server counts or makes up: their type is compared."""
    newest_first: bool = True
    """The order of its lists."""
    own_names: frozenset[str] = frozenset({"metadata"})
    """The members in which callers choose the names."""
    plain: frozenset[str] = frozenset({"status", "error", "code", "type", "success", "count"})
    """The members whose values are never personal, and are shown as they are."""
    words: frozenset[str] = frozenset()
    """The parts of the vendor's paths that are the same for everyone, beside those served here."""
    refusals: frozenset[int] = frozenset({401})
    """The statuses by which a credential is refused."""
    token_paths: frozenset[str] = frozenset()
    """The paths at which an OAuth client shows its id and secret."""
    explained: tuple[Explained, ...] = field(default=(), hash=False)
    """The differences that are meant."""


def accepted_by(serializer: type[Serializer[Any]]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Reads what is shown as if it were sent to be created; members that are refused are absent."""

    def values(shown: Mapping[str, Any]) -> dict[str, Any]:
        read = serializer(data=dict(shown))
        if not read.is_valid():
            wrong = {name.partition(".")[0] for name in read.errors}
            read = serializer(data={name: shown[name] for name in shown if name not in wrong})
        return dict(read.validated_data) if read.is_valid() else {}

    return values
