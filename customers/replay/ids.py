"""Ids of the recording and ids of the registry: which one stands for which."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from customers.rest.traffic import NOT_JSON, Traffic, as_json

# Ids and cursors within a text, as in a link.
_WORD = re.compile(r"[\w-]{4,}", re.ASCII)


class Ids:
    """Learns ids from pairs of answers, and writes requests with those of the registry.

    An id of the recording stands for one id here, and no two stand for the same. A cursor stands
    for the last one that was answered in its place.
    """

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self._here: dict[str, str] = {}
        self._recorded: dict[str, str] = {}
        self._cursors: dict[str, str] = {}
        self._known: set[str] = set()

    def learn(self, recorded: Any, answered: Any) -> None:
        """Learn the ids and cursors that stand at the same place in two answers."""
        if isinstance(recorded, dict) and isinstance(answered, dict):
            for name in (recorded.keys() & answered.keys()) - self._traffic.own_names:
                self._learn_member(name, recorded[name], answered[name])
                self.learn(recorded[name], answered[name])
        elif isinstance(recorded, list) and isinstance(answered, list):
            for pair in self._pairs(recorded, answered):
                self.learn(*pair)

    def _learn_member(self, name: str, recorded: Any, answered: Any) -> None:
        if name in self._traffic.known_by and isinstance(recorded, str):
            self._known.add(recorded)
        if not (isinstance(recorded, str) and isinstance(answered, str)):
            return
        if name in self._traffic.ids:
            self.add(recorded, answered)
        elif name in self._traffic.cursors:
            self._cursors[recorded] = answered

    def add(self, recorded: str, here: str) -> None:
        """Let an id stand for another, unless one of them has its own meaning already."""
        if recorded not in self._here and here not in self._recorded:
            self._here[recorded], self._recorded[here] = here, recorded

    def _pairs(self, recorded: Sequence[Any], answered: Sequence[Any]) -> list[tuple[Any, Any]]:
        """The items that belong together: those of ids that are known, and the others in order."""
        by_key = {key: item for item in answered if (key := self.key(item)) is not None}
        pairs, rest = [], []
        for item in recorded:
            here = self._here.get(self.key(item) or "")
            if here is not None and here in by_key:
                pairs.append((item, by_key.pop(here)))
            elif here is None:
                rest.append(item)
        others = [item for item in answered if (key := self.key(item)) is None or key in by_key]
        return [*pairs, *zip(rest, others, strict=False)]

    def key(self, item: Any) -> str | None:
        """The id of an item of a list, if it has one."""
        if not isinstance(item, dict):
            return None
        keys = (item[name] for name in self._traffic.ids if isinstance(item.get(name), str))
        return next(keys, None)

    def here(self, recorded: str) -> str | None:
        """What an id or a cursor of the recording stands for; None for any other text."""
        return self._here.get(recorded) or self._cursors.get(recorded)

    def is_known(self, text: str) -> bool:
        """Whether a text names something that the recording has shown."""
        return self.here(text) is not None or text in self._known

    def text(self, recorded: str) -> str:
        """A text with the ids in it replaced."""
        if (here := self.here(recorded)) is not None:
            return here
        return _WORD.sub(lambda word: self.here(word[0]) or word[0], recorded)

    def path(self, recorded: str) -> str:
        """A percent-encoded path with the ids in it replaced."""
        parts = [unquote(part) for part in recorded.split("/")]
        return "/".join(
            part if (here := self.here(plain)) is None else quote(here, safe="")
            for part, plain in zip(recorded.split("/"), parts, strict=True)
        )

    def query(self, recorded: str) -> str:
        """A query string with the ids in its values replaced; otherwise as it is."""
        return self._form(recorded, self.text)

    def body(self, recorded: bytes, content_type: str) -> bytes:
        """A body with the ids in it replaced; otherwise as it is."""
        if content_type.startswith("application/x-www-form-urlencoded"):
            return self._form(recorded.decode(errors="surrogateescape"), self.text).encode(
                errors="surrogateescape"
            )
        given = as_json(recorded.decode(errors="replace"))
        if given is NOT_JSON or (changed := replaced(given, self.text)) == given:
            return recorded
        return json.dumps(changed).encode(errors="surrogatepass")

    def _form(self, form: str, change: Callable[[str], str]) -> str:
        pairs = parse_qsl(form, keep_blank_values=True, errors="surrogateescape")
        changed = [(name, change(value)) for name, value in pairs]
        return form if changed == pairs else urlencode(changed, errors="surrogateescape")


def replaced(value: Any, change: Callable[[str], str]) -> Any:
    """A value of JSON with every text in it changed, but for the names of members."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: replaced(member, change) for name, member in value.items()}
    if isinstance(value, list):
        return [replaced(item, change) for item in value]
    return value
