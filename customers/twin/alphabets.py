"""The characters that may stand for another one: of its script, its case and its commonness.

The alphabets do not overlap. So a replaced text has the shape of the original, and there are as
many texts of a shape as it takes to give each original its own.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from functools import cache

_PLANE = 0x10000
_BLOCK = 0x80
# The letters that these have are in use today. Of larger scripts, a letter is alike in all of them.
_CHARSETS = {
    "ARABIC": ("cp1256",),
    "CJK": ("shift_jis", "gb2312", "big5"),
    "CYRILLIC": ("cp1251",),
    "GREEK": ("iso8859_7",),
    "HANGUL": ("euc_kr",),
    "HEBREW": ("iso8859_8",),
}
_SPREAD = frozenset({"CJK", "HANGUL"})  # over many blocks
_FINAL_SIGMA, _SIGMA = "ςσ"


@cache
def alphabet_of(char: str, *, before: str = "") -> str:
    """The characters that may stand for `char`, in lower case, itself among them.

    The text that they are in is in form NFC. `before` has the marks that follow the character: none
    of the alphabet becomes another character with them. Of what is neither a letter nor a digit, it
    is the character alone.
    """
    if char.isdecimal():
        zero = ord(char) - unicodedata.decimal(char)
        return "".join(map(chr, range(zero, zero + 10)))
    if not unicodedata.category(char).startswith("L"):
        return char
    small = small_letter(char)
    found = _plane(ord(small) // _PLANE).get(_kind(small), small)
    if before:
        found = "".join(one for one in found if _stays_apart(one, before))
    return found if small in found else char


def in_case_of(char: str, small: str) -> str:
    """A letter of an alphabet, in the case of the character that it stands for."""
    if char == _FINAL_SIGMA and small == _SIGMA:
        return char
    return small if small_letter(char) == char or char == _FINAL_SIGMA else small.upper()


def small_letter(char: str) -> str:
    """The letter in lower case, if the two are a pair; else the character itself."""
    if char == _FINAL_SIGMA:
        return _SIGMA
    small = char.lower()
    return small if len(small) == 1 and small.upper() == char else char


def _kind(small: str) -> tuple[object, ...]:
    """What the letters of an alphabet have in common."""
    words = unicodedata.name(small, "").split("-")[0].split()
    script = words[0] if words else ""
    return (
        script,
        unicodedata.category(small),
        _is_paired(small),
        "FINAL" in words,
        "SMALL" in words,
        len(unicodedata.normalize("NFD", small)),
        len(unicodedata.normalize("NFKD", small)),
        None if script in _SPREAD else ord(small) // _BLOCK,
        *(small in _letters(charset) for charset in _CHARSETS.get(script, ())),
    )


@cache
def _plane(number: int) -> dict[tuple[object, ...], str]:
    """The alphabets of a plane of Unicode."""
    found: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for char in map(chr, range(number * _PLANE, (number + 1) * _PLANE)):
        if (
            unicodedata.category(char).startswith("L")
            and small_letter(char) == char
            and unicodedata.is_normalized("NFC", char)
            and unicodedata.is_normalized("NFC", char.upper())
        ):
            found[_kind(char)].append(char)
    return {kind: "".join(chars) for kind, chars in found.items()}


@cache
def _letters(charset: str) -> frozenset[str]:
    codes = [bytes([code]) for code in range(0x80, 0x100)]
    codes += [bytes([lead, trail]) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF)]
    return frozenset("".join(code.decode(charset, "ignore") for code in codes))


def _is_paired(small: str) -> bool:
    return len(small.upper()) == 1 and small.upper() != small and small.upper().lower() == small


@cache
def _stays_apart(small: str, marks: str) -> bool:
    texts = (small + marks, small.upper() + marks)
    return all(unicodedata.is_normalized("NFC", text) for text in texts)
