"""Texts in the one form in which they are compared: whatever their case and normal form."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from customers.values.text import IGNORABLE

_IGNORED = re.compile(f"[{IGNORABLE}]")


def fold(text: str) -> str:
    """The text without its case, its normal form (NFKD of all) and characters no one sees."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFKD", _IGNORED.sub("", folded))


def normalized(text: str) -> str:
    """The text without its case and its canonical form, as the store compares values."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


@dataclass(frozen=True, slots=True)
class Folded:
    """A text, folded character by character, and which character each of it comes from."""

    text: str
    places: list[int]

    @classmethod
    def of(cls, chars: list[str]) -> Folded:
        folded = [fold(char) for char in chars]
        places = [place for place, part in enumerate(folded) for _ in part]
        return cls("".join(folded), places)
