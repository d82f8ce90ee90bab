"""Compares a recorded answer with the registry's: every difference, by kind and place."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from customers.replay.forms import TEXT, form_of, is_same_time
from customers.replay.headers import header_differences
from customers.replay.ids import Ids, replaced
from customers.replay.selection import path_of
from customers.replay.sending import Answer
from customers.rest.contract import Contract
from customers.rest.traffic import NOT_JSON, Difference, Exchange, Kind, as_json

#: The member by which the entries of metadata are told apart.
_KEY = "key"
_Key = tuple[bool, str]


class Comparison:
    """Compares answers of a contract. It learns ids from each pair before it compares it."""

    def __init__(self, contract: Contract, ids: Ids) -> None:
        self._contract, self._traffic, self._ids = contract, contract.traffic, ids

    def differences(self, exchange: Exchange, answer: Answer) -> list[Difference]:
        """What differs. Where the status does, the rest is of another kind and is not compared."""
        if exchange.status != answer.status:
            return [Difference(Kind.STATUS, "", exchange.status, answer.status)]
        recorded, answered = exchange.shown, as_json(answer.text)
        self._ids.learn(recorded, answered)
        found = list(header_differences(exchange, answer.headers, self.same_url))
        if exchange.answer is None or exchange.method == "HEAD":
            return found
        if recorded is NOT_JSON or answered is NOT_JSON:
            return [*found, *_texts_differ(exchange.answer, answer.text)]
        return [*found, *self._values(recorded, answered, "", "")]

    def _values(self, recorded: Any, answered: Any, at: str, name: str) -> Iterator[Difference]:
        """The differences of two values of JSON; `name` is the member that they are, or are in."""
        if (was := type_of(recorded)) != (now := type_of(answered)):
            yield Difference(Kind.TYPE, at, recorded, answered)
        elif was == "object":
            yield from self._objects(recorded, answered, at, name)
        elif was == "array":
            yield from self._lists(recorded, answered, at, name)
        elif was == now == "string":
            yield from self._texts(recorded, answered, at, name)
        elif recorded != answered and name not in self._traffic.counters:
            yield Difference(Kind.VALUE, at, recorded, answered)

    def _objects(
        self, recorded: Mapping[str, Any], answered: Mapping[str, Any], at: str, within: str
    ) -> Iterator[Difference]:
        is_own = within in self._traffic.own_names  # an `id` there is whatever a caller calls so
        for name, value in recorded.items():
            place = f"{at}/{_escaped(name)}"
            if name in answered:
                yield from self._values(value, answered[name], place, "" if is_own else name)
            else:
                yield Difference(Kind.MISSING, place, recorded=value)
        for name, value in answered.items():
            if name not in recorded:
                yield Difference(Kind.ADDED, f"{at}/{_escaped(name)}", answered=value)

    def _lists(
        self, recorded: Sequence[Any], answered: Sequence[Any], at: str, name: str
    ) -> Iterator[Difference]:
        """The differences of two lists. Items are compared by their ids, or by their places."""
        wanted = [self._key(item, is_recorded=True) for item in recorded]
        found = [self._key(item, is_recorded=False) for item in answered]
        if wanted != found and Counter(wanted) == Counter(found):
            yield Difference(Kind.ORDER, at, list(recorded), list(answered))
        pairs = _paired(wanted, found)
        for place, item in enumerate(recorded):
            if place in pairs:
                yield from self._values(item, answered[pairs[place]], f"{at}/{place}", name)
            else:
                yield Difference(Kind.MISSING, f"{at}/{place}", recorded=item)
        for place in sorted({*range(len(answered))} - {*pairs.values()}):
            yield Difference(Kind.ADDED, f"{at}/{place}", answered=answered[place])

    def _key(self, item: Any, *, is_recorded: bool) -> tuple[bool, str]:
        """What an item is told apart by: its id or key, or else (False) the whole of it."""
        if isinstance(item, dict) and isinstance(item.get(_KEY), str):
            return True, item[_KEY]
        if (key := self._ids.key(item)) is not None:
            return True, (self._ids.here(key) or key) if is_recorded else key
        whole = replaced(item, self._ids.text) if is_recorded else item
        return False, json.dumps(whole, sort_keys=True)

    def _texts(self, recorded: str, answered: str, at: str, name: str) -> Iterator[Difference]:
        kind = self._kind_of_text(recorded, answered, name)
        if kind is not None:
            yield Difference(kind, at, recorded, answered)

    def _kind_of_text(self, recorded: str, answered: str, name: str) -> Kind | None:
        """How two texts differ; None if they do not, for what they are."""
        was, now = form_of(recorded), form_of(answered)
        if name in self._traffic.counters or name in self._traffic.cursors:
            return None
        if name in self._traffic.times:
            return None if was == now else Kind.FORMAT
        if name in self._traffic.ids:
            if self._ids.here(recorded) != answered:
                return Kind.VALUE
            return None if was in (now, TEXT) else Kind.FORMAT
        if self._ids.text(recorded) == answered or self.same_url(recorded, answered):
            return None
        is_written_otherwise = was != now and (TEXT not in (was, now))
        if is_same_time(recorded, answered) or is_written_otherwise:
            return Kind.FORMAT
        return Kind.VALUE

    def same_url(self, recorded: str, answered: str) -> bool:
        """Whether two addresses are the same below the contract's base, whatever their hosts."""
        try:
            was, now = urlsplit(recorded), urlsplit(answered)
        except ValueError:
            return False
        if (bool(was.netloc), was.fragment) != (bool(now.netloc), now.fragment):
            return False
        path, here = path_of(was.path, self._contract), path_of(now.path, self._contract)
        if path is None or here is None or "/" not in recorded:
            return False
        return unquote(self._ids.path(path)) == unquote(here) and sorted(
            parse_qsl(self._ids.query(was.query), keep_blank_values=True)
        ) == sorted(parse_qsl(now.query, keep_blank_values=True))


def _paired(wanted: Sequence[_Key], found: Sequence[_Key]) -> dict[int, int]:
    """The places of items that belong together: equal keys, and what has none in order."""
    pairs: dict[int, int] = {}
    places: dict[_Key, list[int]] = {}
    for place, key in enumerate(found):
        places.setdefault(key, []).append(place)
    for place, key in enumerate(wanted):
        if places.get(key):
            pairs[place] = places[key].pop(0)
    taken = {*pairs.values()}
    free = (place for place, key in enumerate(found) if place not in taken and not key[0])
    rest = (place for place, key in enumerate(wanted) if place not in pairs and not key[0])
    return {**pairs, **dict(zip(rest, free, strict=False))}


def type_of(value: Any) -> str:
    """The type of a value of JSON. Whole numbers are told from others, as typed clients do."""
    if value is None:
        return "null"
    types = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return types.get(type(value), "object")


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _texts_differ(recorded: str, answered: str) -> Iterator[Difference]:
    """The difference of two bodies of which one, at least, is no JSON."""
    if recorded == answered:
        return
    if not answered:
        yield Difference(Kind.MISSING, "", recorded=recorded)
    elif not recorded:
        yield Difference(Kind.ADDED, "", answered=answered)
    else:
        yield Difference(Kind.VALUE, "", recorded, answered)
