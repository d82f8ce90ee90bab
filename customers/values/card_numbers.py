"""Recognises what looks like a payment card number, so that none is ever stored or logged.

The README says what this can see and what it cannot.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from stdnum import luhn

# The known brands' prefixes (issuer identification numbers) and lengths.
_BRANDS = (
    ("visa", "4", {16, 19}),  # no 13-digit one is in use, but telephone and identity numbers are
    ("mastercard", "5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", {16}),
    ("american_express", "3[47]", {15}),
    ("diners_club", "30[0-5]|3095|36|3[89]", {14, 16}),
    ("jcb", "352[89]|35[3-8]", range(16, 20)),
    ("discover", "6011|64[4-9]|65", range(16, 20)),
    ("unionpay", "62|81", range(16, 20)),
    ("rupay", "60|508|82", {16}),
    ("mir", "220[0-4]", range(16, 20)),
    ("troy", "9792", {16}),
    ("dankort", "5019", {16}),
    ("elo", "5067|509|6363", {16}),
    ("maestro", "5018|5020|5038|5893|6304|6759|676[1-3]", range(12, 20)),
)
_PREFIX = re.compile("|".join(f"(?P<{brand}>{prefixes})" for brand, prefixes, _ in _BRANDS))
_LENGTHS = {brand: tuple(lengths) for brand, _, lengths in _BRANDS}

_SHORTEST = 12

# A text is searched as its shape, which has a character for each of the text's: a digit, a space, a
# dash, `+`, these marks, or `x` for what no card number has in it.
_INVISIBLE, _SYMBOL = "\0", "."
# Digits with no letter between them. `+` between digits is a space in a URL, and after anything
# else it begins a telephone number.
_GROUP = re.compile(r"\d(?:\0*\d)*")
_GAP = re.compile(r"\+|[\0 -]*+(?:\.[\0 -]*+){0,4}+")
_RUN = re.compile(rf"\+?{_GROUP.pattern}(?:(?:{_GAP.pattern}){_GROUP.pattern})*")


def contains_card_number(text: str) -> bool:
    """Whether `text` contains a card number: a brand's prefix and length, and Luhn's check digit.

    Digits of any form are read. A number must begin and end where a group of digits does, so a long
    digit string that merely contains one is accepted. Spaces and dashes may divide it anywhere, and
    other symbols where people would: into groups of one length but two, or of four digits and more.
    Otherwise dates, times, amounts, IP addresses and lists of telephone numbers would be found. A
    telephone number in international form is accepted: `+` and at most 13 digits, fewer than the
    card numbers in use have.
    """
    return next(card_numbers(text), None) is not None


def card_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each card number begins and ends in `text`."""
    if not _has_enough_digits(text):
        return
    shape = text.translate(_SHAPES)
    for run in _RUN.finditer(shape):
        groups = list(_GROUP.finditer(shape, *run.span()))
        texts = [group[0].replace(_INVISIBLE, "") for group in groups]
        if run[0].startswith("+") and sum(map(len, texts)) <= 13:
            continue
        after = 0
        for first, last in _found(texts):
            begins, ends = groups[first].start(), groups[last].end()
            between = shape[begins:ends]
            is_divided = _SYMBOL in between or "+" in between
            if first >= after and (not is_divided or _is_regular(texts[first : last + 1])):
                yield begins, ends
                after = last + 1


def parted_card_number(texts: Mapping[str, str | None]) -> list[str]:
    """The names of the texts over which a card number is parted, if they are read in this order."""
    given = {name: text for name, text in texts.items() if text}
    for start, end in card_numbers("\n".join(given.values())):
        names, at = [], 0
        for name, text in given.items():
            if at < end and start < at + len(text):
                names.append(name)
            at += len(text) + 1
        if len(names) > 1:
            return names
    return []


def _has_enough_digits(text: str) -> bool:
    return len(text) >= _SHORTEST and sum(map(str.isdigit, text)) >= _SHORTEST


def _found(groups: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of the groups of digits that make a card number."""
    digits = "".join(groups)
    ends = list(accumulate(map(len, groups)))
    group_ending = {end: number for number, end in enumerate(ends)}
    for number, start in enumerate((0, *ends[:-1])):
        brand = _PREFIX.match(digits, start)
        if brand is None or brand.lastgroup is None:
            continue
        for length in _LENGTHS[brand.lastgroup]:
            last = group_ending.get(start + length)
            if last is not None and luhn.is_valid(digits[start : start + length]):
                yield number, last


def _is_regular(groups: Sequence[str]) -> bool:
    """Whether all groups are long, or all are of one length, the first and last at most of it.

    Pairs of digits that symbols divide are dates and times.
    """
    first, *middle, last = map(len, groups)
    if min(first, *middle, last) >= 4:
        return True
    return len(set(middle)) == 1 and middle[0] != 2 and max(first, last) <= middle[0]


class _Shapes(dict[int, str]):
    """The shape of each character, by code point."""

    def __missing__(self, code: int) -> str:
        return _shape(chr(code))


def _shape(char: str) -> str:
    category = unicodedata.category(char)
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    if category[0] in "LNC" and category not in ("Cc", "Cf"):
        return "x"
    if char.isspace():
        return " "
    if category[0] == "M" or category == "Cf":
        return _INVISIBLE
    if category == "Pd" or char == "\N{MINUS SIGN}":
        return "-"
    return char if char == "+" else _SYMBOL


_SHAPES = _Shapes({code: _shape(chr(code)) for code in range(128)})
