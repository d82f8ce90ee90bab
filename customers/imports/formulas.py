"""Cells that a spreadsheet would run as formulas, made harmless, and back again.

Such a cell gets one leading apostrophe, and so does one that looks as if it had one already: taking
exactly one away gives back whatever was there.
"""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_HARMLESS = re.compile(r"'+[=+\-@\t\r]")


def harmless(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return f"'{text}" if _FORMULA.match(text) else text


def original(cell: str) -> str:
    """The text that `harmless` made the cell of."""
    return cell[1:] if _HARMLESS.match(cell) else cell
