"""Escapes cells that a spreadsheet would run as formulas.

Such a cell gets one leading apostrophe, and so does one that looks escaped already. Removing one
apostrophe therefore always restores the text.
"""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def escape(text: str) -> str:
    """The text as a cell that no spreadsheet runs as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescape(cell: str) -> str:
    """The text of a cell; the inverse of `escape`."""
    return cell[1:] if _ESCAPED.match(cell) else cell
