"""Reads the first sheet of an XLSX workbook, row by row."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import date, datetime, time
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _

from customers.imports.parts import TOO_LARGE, refuse_bombs
from customers.imports.unreadable import Unreadable

MAX_NUMBER = 1_048_576  # of a row: Excel's own limit; openpyxl fills every gap between two numbers


def records(file: IO[bytes], *, max_columns: int) -> Generator[list[str]]:
    """The rows of the first sheet as texts, up to `max_columns` of each.

    Raises:
        Unreadable: it is no workbook, has no sheet, or unpacks to too much.
    """
    try:
        refuse_bombs(file)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            yield from _rows(book, max_columns)
        finally:
            book.close()
    except Unreadable:
        raise
    except Exception as error:  # a broken workbook fails openpyxl in any of a dozen ways
        raise Unreadable(
            _("This workbook cannot be read. Open it, save it anew as .xlsx or CSV, and try again.")
        ) from error


def _rows(book: Any, max_columns: int) -> Iterator[list[str]]:
    if not book.worksheets:
        raise Unreadable(_("This workbook has no sheet."))
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what a file says of its size need not be so
    for number, row in enumerate(sheet.iter_rows(max_col=max_columns, values_only=True), 1):
        if number > MAX_NUMBER:
            raise Unreadable(str(TOO_LARGE))
        yield [_text(value) for value in row]


def _text(value: Any) -> str:
    """A cell as the person who filled it wrote it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat() if isinstance(value, date | time) else str(value)
