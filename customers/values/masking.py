"""Masks card numbers and secrets in text that is kept or logged for those who run the service.

The text is searched as it is and as it would be decoded, so that a number or key is also found
where it is percent-encoded, as in a path, or escaped by Python or JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from customers.values.card_numbers import card_numbers

CARD_NUMBER, SECRET = "(card number)", "(secret)"

# Keys of APIs, ours and payment processors', and of webhooks: live_…, sk_test_…, whsec_…
_KEY = r"(?:[a-z]{1,8}_)?(?:live|test)_[0-9A-Za-z]{16,}|whsec_[0-9A-Za-z+/=_-]{16,}"
# An OAuth token or client secret is a long word.
_LONG_WORD = r"(?<![\w-])[0-9A-Za-z_-]{30,}"
# What stands after these words.
_NAMED = (
    r"\b(?:bearer|basic)[ +](?=\S*[\d=])(?P<shown>[^\s\"',;)}\]]{8,})"
    r"|(?:api[_-]?key|access_token|client_secret|password|secret|token)"
    r"[\"']?[=:] ?[\"']?(?P<given>[^\s\"',;&)}\]]{8,})"
)
_SECRET = re.compile(rf"(?P<key>{_KEY})|(?i:{_NAMED})|(?P<word>{_LONG_WORD})")

_ENCODED = re.compile(
    r"(?:%[0-9A-Fa-f]{2})+|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\U000[0-9A-Fa-f]{5}"
)
_TIMES_ENCODED = 3


def masked(text: str) -> str:
    """`text` with "(card number)" and "(secret)" in the places of those."""
    view = _View(text, range(len(text)), range(1, len(text) + 1))
    found: list[tuple[int, int, str]] = []
    for _ in range(_TIMES_ENCODED):
        found += [
            (view.begins[start], view.ends[end - 1], mask)
            for start, end, mask in _places(view.text)
        ]
        if not _ENCODED.search(view.text):
            break
        view = view.decoded()
    parts, done = [], 0
    for start, end, mask in sorted(found):
        if start >= done:
            parts += [text[done:start], mask]
        done = max(done, end)
    return "".join([*parts, text[done:]])


def _places(text: str) -> Iterator[tuple[int, int, str]]:
    for start, end in card_numbers(text):
        yield start, end, CARD_NUMBER
    for match in _SECRET.finditer(text):
        kind = match.lastgroup or ""
        if kind != "word" or _is_random(match[0]):
            yield *match.span(kind), SECRET


def _is_random(word: str) -> bool:
    """Whether a long word is no name: it has digits and both cases, or many letters of each."""
    small, capital = len(re.findall("[a-z]", word)), len(re.findall("[A-Z]", word))
    if re.search("[0-9]", word):
        return min(small, capital) > 0
    return 4 * min(small, capital) >= len(word)


@dataclass(frozen=True, slots=True)
class _View:
    """A text, and where each of its characters begins and ends in the text it was decoded from."""

    text: str
    begins: range | list[int]
    ends: range | list[int]

    def decoded(self) -> _View:
        text, begins, ends, done = "", [], [], 0
        for match in _ENCODED.finditer(self.text):
            start, end = match.span()
            characters = _decode(match[0])
            text += self.text[done:start] + characters
            begins += [*self.begins[done:start], *[self.begins[start]] * len(characters)]
            ends += [*self.ends[done:start], *[self.ends[end - 1]] * len(characters)]
            done = end
        begins += self.begins[done:]
        ends += self.ends[done:]
        return _View(text + self.text[done:], begins, ends)


def _decode(escape: str) -> str:
    if escape[0] == "%":
        return bytes.fromhex(escape.replace("%", "")).decode(errors="replace")
    return escape.encode().decode("unicode_escape")
