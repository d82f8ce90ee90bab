"""Telephone numbers as people type them."""

import re

# E.164: country codes have one digit (1, 7), two or three.
_COUNTRY_CODE = r"(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d\d)"
_TRUNK = r"(?:\(0\)|0)?"  # the prefix of calls within a country
_NUMBER = re.compile(r"[+(]?[\d\s()./-]{5,}", re.ASCII)
_PREFIX = re.compile(rf"(?:\+|00)\s*{_COUNTRY_CODE}[\s./-]*{_TRUNK}|0", re.ASCII)


def national_digits(typed: str) -> str | None:
    """The digits of a telephone number without its country code or leading zero.

    None if the text does not look like a telephone number with one of them.
    """
    typed = typed.strip()
    prefix = _PREFIX.match(typed.lstrip("("))
    if not _NUMBER.fullmatch(typed) or not prefix:
        return None
    digits = re.sub(r"\D", "", typed.lstrip("(")[prefix.end() :])
    return digits if len(digits) >= 4 else None
