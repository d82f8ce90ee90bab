"""Masks secrets and personal values in the report, so that a reader still sees their form."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cached_property
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl

from customers.replay.comparing import type_of
from customers.rest.contract import Contract
from customers.rest.traffic import Difference, Exchange, Kind
from customers.values.masking import SECRET, masked

LONGEST = 120
_PLAIN = re.compile(r"[A-Za-z][\w .:/-]{0,60}", re.ASCII)
_NAME = re.compile(r"[A-Za-z_][\w-]{0,39}(\[\])?", re.ASCII)
_SECRET_NAME = re.compile(r"(?i)secret|token|password|authorization|api_?key|credential")


def form_only(text: str) -> str:
    """The text with each character replaced by one of its class, and the same length."""
    return "".join(map(_class, text))


def _class(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Lu":
        return "X"
    if category[0] in "LM":
        return "x"
    if category[0] == "N":
        return "9"
    if category[0] == "C" or category in ("Zl", "Zp"):
        return "?"
    return char


class Mask:
    """Masks what a report says of requests of a contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract, self._traffic = contract, contract.traffic

    def path(self, exchange: Exchange) -> str:
        """The path: words of the contract's routes as they are, and `{id}` for all else.

        Of the query only names are shown.
        """
        parts = exchange.path.split("/")
        shown = "/".join(part if part in self._words else "{id}" for part in parts)
        names = [name for name, _ in parse_qsl(exchange.query, keep_blank_values=True)]
        return shown + ("?" + "&".join(map(_name, names)) if names else "")

    @cached_property
    def _words(self) -> frozenset[str]:
        """The parts of paths that are the same for everyone."""
        routes = [str(each.pattern) for each in import_module(self._contract.urlconf).urlpatterns]
        paths = [*routes, *self._contract.bases, *self._traffic.words]
        return frozenset(part for path in paths for part in path.split("/") if "(" not in part)

    def pointer(self, difference: Difference) -> str:
        """The place, with the names of members that callers choose by their form."""
        if difference.kind is Kind.HEADER:
            return difference.pointer
        parts, own = [], False
        for part in difference.pointer.split("/"):
            parts.append(_text(part) if own and not _is_place(part) else _name(part))
            own = part in self._traffic.own_names
        return "/".join(parts)

    def values(self, difference: Difference) -> tuple[str, str]:
        """The recorded and the answered value."""
        kind, pointer = difference.kind, difference.pointer
        return (
            "" if kind is Kind.ADDED else self._value(kind, pointer, difference.recorded),
            "" if kind is Kind.MISSING else self._value(kind, pointer, difference.answered),
        )

    def _value(self, kind: Kind, pointer: str, value: Any) -> str:
        if kind is Kind.STATUS:
            return str(value)
        if kind is Kind.HEADER:
            return _header(pointer, value)
        names = [part for part in pointer.split("/") if not _is_place(part)]
        return self._member(names, value)

    def _member(self, names: list[str], value: Any) -> str:
        """The value of a member; `names` are those that it stands below, and its own."""
        if value is None or isinstance(value, bool):
            return json.dumps(value)
        if isinstance(value, (dict, list)):
            return f"{type_of(value)} of {len(value)}"
        if any(map(_SECRET_NAME.search, names)):
            return SECRET
        is_plain = {*names} & self._traffic.plain and not {*names} & self._traffic.own_names
        if is_plain and _is_plain(value):
            return json.dumps(value)
        shown = _text(str(value))
        return json.dumps(shown, ensure_ascii=False) if isinstance(value, str) else shown


def _is_plain(value: Any) -> bool:
    """Whether a value of a member that is never personal is indeed a word or a number."""
    if isinstance(value, str):
        return _PLAIN.fullmatch(value) is not None and masked(value) == value
    return len(str(value)) <= 6


def _text(text: str) -> str:
    """A text by its form, or that it is a secret."""
    if masked(text) != text:
        return SECRET
    return form_only(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


def _name(name: str) -> str:
    """The name of a member or a parameter, if it is one."""
    return name if not name or _is_place(name) or _NAME.fullmatch(name) else _text(name)


def _is_place(part: str) -> bool:
    """Whether a part of a pointer is a place in a list: a longer number may be anything."""
    return part.isascii() and part.isdigit() and len(part) < 4


def _header(name: str, value: str | None) -> str:
    if value is None:
        return "none"
    if name == "content-type":
        media_type = value.partition(";")[0].strip()
        return media_type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", media_type) else _text(value)
    return _text(value)
