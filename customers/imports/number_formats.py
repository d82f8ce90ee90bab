"""Numbers of a workbook as their number formats show them: 2138 with `00000` is 02138.

The formats are those of ECMA-376, 18.8.31. Two things are not as on the screen: no digit is lost
to an exponent or to the width of a column, since identifiers are long, and separators are those of
English.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

# Parts of a format: a text in quotation marks, an escaped character, a blank as wide as another
# character, a repeated one, a colour, condition or currency, a digit, point, comma or percent sign.
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_(.)|\*(.)|\[([^\]]*)\]|([0#?.,%])|(.)', re.DOTALL)
_SECTION = re.compile(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])+|(?<=;)(?=;|$)', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_PLAIN = re.compile(r"general|@|.*e[+-].*|.*\?/.*|.*#/.*", re.IGNORECASE | re.DOTALL)
_DIGITS = "0#?"
_COMPARE = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
}


def as_shown(value: float, number_format: str | None) -> str:
    """The number as the format shows it; plain for one that is unknown."""
    number = _decimal(value)
    sections = _sections(number_format or "General")
    chosen, is_unsigned = _choose(number, sections)
    if not chosen:
        return _plain(number)
    return _format(abs(number) if is_unsigned else number, chosen)


def _decimal(value: float) -> Decimal:
    # Excel keeps 15 digits.
    return Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g"))


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_Parts = list[tuple[str, bool]]
_Section = tuple[tuple[str, Decimal] | None, _Parts | None]


@lru_cache(maxsize=256)
def _sections(number_format: str) -> list[_Section]:
    """For each section its condition, and its characters with whether each is literal."""
    return [_section(text) for text in _SECTION.findall(number_format)[:3]] or [(None, None)]


def _section(text: str) -> _Section:
    condition, parts = None, []
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.', "", text)
    for quoted, escaped, _wide, _repeated, bracketed, digit, other in _TOKEN.findall(text):
        if bracketed:
            if match := _CONDITION.fullmatch(bracketed):
                condition = (match[1], Decimal(match[2]))
            elif bracketed.startswith("$"):
                parts += [(char, True) for char in bracketed[1:].partition("-")[0]]
        elif digit:
            parts.append((digit, False))
        else:
            parts += [(char, True) for char in quoted or escaped or other]
    return condition, None if _PLAIN.fullmatch(re.sub(r"\[[^\]]*\]", "", bare)) else parts


def _choose(number: Decimal, sections: list[_Section]) -> tuple[_Parts | None, bool]:
    """The parts of the section for the number, and whether the section itself shows the sign."""
    if any(condition for condition, _parts in sections):
        for condition, parts in sections:
            if condition is None or _COMPARE[condition[0]](number, condition[1]):
                return parts, False
        return None, False
    if number < 0 and len(sections) > 1:
        return sections[1][1], True
    if number == 0 and len(sections) > 2:
        return sections[2][1], True
    return sections[0][1], False


def _format(number: Decimal, parts: _Parts) -> str:
    point = next((at for at, part in enumerate(parts) if part == (".", False)), len(parts))
    before, after = parts[:point], parts[point + 1 :]
    shape, rest = (_codes(half).replace("%", "") for half in (before, after))
    thousands = sum(len(half) - len(half.rstrip(",")) for half in (shape, rest))
    number = number * 100 ** parts.count(("%", False)) / 1000**thousands
    places = len(rest.replace(",", ""))
    rounded = abs(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    digits, _, decimals = f"{rounded:f}".partition(".")
    sign = "-" if number < 0 and rounded else ""
    is_grouped = "," in shape.rstrip(",")
    shape = shape.replace(",", "")
    least = len(shape) - shape.index("0") if "0" in shape else 0
    digits = ("" if digits == "0" else digits).rjust(least, "0")
    shown = _whole(digits, before, is_grouped=is_grouped)
    if point < len(parts):
        shown += "." + _fraction(decimals, after)
    return (sign + shown).strip()


def _codes(parts: _Parts) -> str:
    return "".join(char for char, is_literal in parts if not is_literal)


def _whole(digits: str, parts: _Parts, *, is_grouped: bool) -> str:
    """Put the digits in their places from the right; the first place has all that are left."""
    shown: list[str] = []
    left, done = list(digits), 0
    places = sum(char in _DIGITS for char in _codes(parts))
    for char, is_literal in reversed(parts):
        if is_literal or char == "%":
            shown.append(char)
        elif char in _DIGITS:
            places -= 1
            for _digit in range(min(len(left), 1 if places else len(left))):
                if is_grouped and done and done % 3 == 0:
                    shown.append(",")
                shown.append(left.pop())
                done += 1
    return "".join(reversed(shown))


def _fraction(decimals: str, parts: _Parts) -> str:
    """Put the decimals in their places. Zeros at the end are not shown where they need not be."""
    codes = [char for char in _codes(parts) if char in _DIGITS]
    needed = max((at for at, code in enumerate(codes, 1) if code == "0"), default=0)
    left = list(decimals[: max(needed, len(decimals.rstrip("0")))])
    shown: list[str] = []
    for char, is_literal in parts:
        if is_literal or char == "%":
            shown.append(char)
        elif char in _DIGITS and left:
            shown.append(left.pop(0))
    return "".join(shown)
