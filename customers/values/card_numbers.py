"""Recognises what looks like a payment card number, so that none is ever stored."""

import re
import unicodedata
from itertools import accumulate

from stdnum import luhn

# The known brands' prefixes (issuer identification numbers) and lengths.
_BRANDS = (
    ("visa", "4", {13, 16, 19}),
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
_RUN = re.compile(r"\+?\d[\d -]*")  # digits with nothing but separators between them
_GROUP = re.compile(r"\d+")


def contains_card_number(text: str) -> bool:
    """Whether `text` contains a card number: a brand's prefix and length, and Luhn's check digit.

    Spaces and dashes of any alphabet are ignored, and digits of any alphabet are read. A number
    must begin and end where a group of digits does, so a long digit string that merely contains one
    is accepted. So is a telephone number in international form: `+` and at most 13 digits, fewer
    than the card numbers in use have.
    """
    if not _has_enough_digits(text):
        return False
    return any(_has_card_number(run) for run in _RUN.findall(_plain(text)))


def without_card_numbers(text: str) -> str:
    """`text` with each card number replaced by "(card number)", for logs."""
    if not _has_enough_digits(text):
        return text
    return _RUN.sub(lambda run: "(card number)" if _has_card_number(run[0]) else run[0], text)


def _has_enough_digits(text: str) -> bool:
    return len(text) >= _SHORTEST and sum(map(str.isdecimal, text)) >= _SHORTEST


def _has_card_number(run: str) -> bool:
    groups = _GROUP.findall(run)
    digits = "".join(groups)
    if run.startswith("+") and len(digits) <= 13:
        return False
    ends = list(accumulate(map(len, groups)))
    boundaries = set(ends)
    for start in (0, *ends[:-1]):
        brand = _PREFIX.match(digits, start)
        if brand is None or brand.lastgroup is None:
            continue
        for length in _LENGTHS[brand.lastgroup]:
            if start + length in boundaries and luhn.is_valid(digits[start : start + length]):
                return True
    return False


def _plain(text: str) -> str:
    """The text with all digits, spaces and dashes as ASCII, and without invisible characters."""
    return "".join(_plain_char(char) for char in text)


def _plain_char(char: str) -> str:
    if char.isspace():
        return " "
    if char.isascii():
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    category = unicodedata.category(char)
    if category == "Cf" or "\N{VARIATION SELECTOR-1}" <= char <= "\N{VARIATION SELECTOR-16}":
        return ""
    if category == "Pd" or char == "\N{MINUS SIGN}":
        return "-"
    return char
