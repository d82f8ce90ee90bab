"""The values that must not be in a twin, and where one of them is in a text."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from urllib.parse import unquote
from uuid import UUID

from customers.models.querysets import read_id
from customers.twin.folding import fold
from customers.twin.kept import without_kept
from customers.values.cus_ids import encode

#: A shorter text says too little, and is in others by chance.
SHORTEST = 4  # characters
#: Of an id, so many characters come before the random ones.
RANDOM_PART = 18
#: Letters, numbers, and symbols that are no signs of mathematics: emoji and money.
_TELLING = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "So", "Sc", "Co"})


class Originals:
    """Finds values, and the words of values, in folded texts."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._ids: set[str] = set()
        self._by_beginning: dict[str, list[str]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._known)

    def add(self, value: str) -> None:
        """Add a value with its words, also as they read without percent-encoding."""
        if id := as_id(value):
            self.add_id(id)
            return
        for text in _readings(value):
            self._add(fold(text))
            for word in _words(fold(without_kept(text))):
                self._add(word)

    def add_id(self, id: UUID) -> None:
        """Add an id as it is written, whole: the beginnings of ids are times."""
        self._ids.add(str(id))
        for text in (str(id), id.hex, encode(id)):
            self._add(text)

    def has_id(self, text: str) -> bool:
        """Whether a text is an original's id, or has an original in the part that is no time."""
        return text in self._ids or self.find(fold(text[RANDOM_PART:])) is not None

    def find(self, folded: str) -> tuple[int, int] | None:
        """Where the first original is in a folded text; None if there is none."""
        for start in range(len(folded) - SHORTEST + 1):
            for original in self._by_beginning.get(folded[start : start + SHORTEST], ()):
                if folded.startswith(original, start):
                    return start, start + len(original)
        return None

    def survive_in(self, text: str) -> bool:
        """Whether an original is in the text, in any spelling, beside what is kept by name."""
        if id := as_id(text):
            return self.has_id(str(id))
        return any(self.find(fold(without_kept(reading))) for reading in _readings(text))

    def _add(self, folded: str) -> None:
        # A letter with its accents is one character.
        length = len(unicodedata.normalize("NFC", folded))
        if length < SHORTEST or folded in self._known or not says_something(folded):
            return
        self._known.add(folded)
        self._by_beginning[folded[:SHORTEST]].append(folded)


def as_id(text: str) -> UUID | None:
    """The id in a text that is one of the store's, which has its time in it; else None."""
    id = read_id(text)
    if id is None or id.version != 7:
        return None
    return id if text.lower() in (str(id), id.hex, encode(id)) else None


def says_something(text: str) -> bool:
    """Whether there is more in a text than punctuation, spaces and marks."""
    return any(unicodedata.category(char) in _TELLING for char in text)


def _readings(text: str) -> Iterator[str]:
    yield text
    if "%" in text and (decoded := unquote(text)) != text:
        yield decoded


def _words(folded: str) -> Iterator[str]:
    """The longest parts of letters, digits and marks."""
    for is_word, chars in groupby(folded, _is_of_a_word):
        if is_word:
            yield "".join(chars)


def _is_of_a_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char).startswith("M")
