"""Escapes text that a spreadsheet would run as a formula.

A spreadsheet of another language may split a line at semicolons, and then does not know the
quotation marks of a file with commas. So a formula may begin not only where a cell does, but also
after each character at which a line may be split. An apostrophe is put before it, and before what
looks escaped already: removing one apostrophe from each place therefore restores the text.
"""

import re

# Also as full-width and small forms, which some spreadsheets take for the plain ones.
_FORMULA = r"'*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"
# Where a cell may begin, with what spreadsheets ignore there.
_BEGINNING = r"(?:\A|[;|\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029])[\s\"\0-\x1f\u200b\ufeff]*"

_RUN = re.compile(f"({_BEGINNING})({_FORMULA})")
_RUN_ESCAPED = re.compile(f"({_BEGINNING})'({_FORMULA})")
# Some spreadsheets drop these at the beginning of a cell, others end the cell.
_BLANK = re.compile(r"\A('*[\t\r\n])")
_BLANK_ESCAPED = re.compile(r"\A'('*[\t\r\n])")


def escape(text: str) -> str:
    """The text as a cell of which no spreadsheet runs any part as a formula."""
    return _BLANK.sub(r"'\1", _RUN.sub(r"\1'\2", text))


def unescape(cell: str) -> str:
    """The text of a cell; the inverse of `escape`."""
    if "'" not in cell:
        return cell
    return _RUN_ESCAPED.sub(r"\1\2", _BLANK_ESCAPED.sub(r"\1", cell))
