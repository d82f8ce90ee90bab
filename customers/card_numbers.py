"""Recognises what looks like a payment card number, so that none is ever stored."""

import re
import unicodedata

from stdnum import luhn

# (prefix range, lengths) of the known brands' numbers, by their issuer identification numbers.
_BRANDS = (
    ("4", "4", {13, 16, 19}),  # Visa
    ("51", "55", {16}),  # Mastercard
    ("2221", "2720", {16}),  # Mastercard
    ("34", "34", {15}),  # American Express
    ("37", "37", {15}),  # American Express
    ("300", "305", {14, 16}),  # Diners Club
    ("3095", "3095", {14, 16}),  # Diners Club
    ("36", "36", {14, 16}),  # Diners Club
    ("38", "39", {14, 16}),  # Diners Club
    ("3528", "3589", {16, 17, 18, 19}),  # JCB
    ("6011", "6011", {16, 17, 18, 19}),  # Discover
    ("644", "649", {16, 17, 18, 19}),  # Discover
    ("65", "65", {16, 17, 18, 19}),  # Discover, RuPay
    ("60", "60", {16}),  # RuPay
    ("81", "82", {16, 17, 18, 19}),  # RuPay, UnionPay
    ("62", "62", {16, 17, 18, 19}),  # UnionPay
    ("2200", "2204", {16, 17, 18, 19}),  # Mir
    ("9792", "9792", {16}),  # Troy
    ("5018", "5018", set(range(12, 20))),  # Maestro
    ("5020", "5020", set(range(12, 20))),  # Maestro
    ("5038", "5038", set(range(12, 20))),  # Maestro
    ("5893", "5893", set(range(12, 20))),  # Maestro
    ("6304", "6304", set(range(12, 20))),  # Maestro
    ("6759", "6759", set(range(12, 20))),  # Maestro
    ("6761", "6763", set(range(12, 20))),  # Maestro
)

_SHORTEST, _LONGEST = 12, 19
_RUN = re.compile(r"\+?\d[\d -]*")  # digits with nothing but separators between them


def contains_card_number(text: str) -> bool:
    """Whether a card number stands in `text`: a brand's prefix and length, and Luhn's check digit.

    Spaces and dashes of any alphabet are ignored, and digits of any alphabet are read. A number
    must begin and end where a group of digits does, so a long digit string that merely has a card
    number within it is let through, and so is a telephone number in international form (`+` and at
    most 13 digits, the length at which only a long retired form of Visa number would be meant).
    """
    if sum(char.isdecimal() for char in text) < _SHORTEST:
        return False
    for run in _RUN.findall(_plain(text)):
        groups = re.findall(r"\d+", run)
        if run.startswith("+") and sum(map(len, groups)) <= 13:
            continue
        for start in range(len(groups)):
            number = ""
            for group in groups[start:]:
                number += group
                if len(number) > _LONGEST:
                    break
                if len(number) >= _SHORTEST and _is_card_number(number):
                    return True
    return False


def _is_card_number(number: str) -> bool:
    return any(
        len(number) in lengths and low <= number[: len(low)] <= high
        for low, high, lengths in _BRANDS
    ) and luhn.is_valid(number)


def _plain(text: str) -> str:
    """ASCII digits, every space and dash as one character, nothing invisible."""
    return "".join(_plain_char(char) for char in text)


def _plain_char(char: str) -> str:
    if char.isascii():
        return " " if char.isspace() else char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category in ("Zs", "Zl", "Zp"):
        return " "
    if category == "Pd" or char == "\N{MINUS SIGN}":
        return "-"
    return char
