"""Reads the first sheet of an XLSX workbook, row by row."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from datetime import date, datetime, time
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _

from customers.imports.errors import UnreadableFile
from customers.imports.workbook_limits import last_rows


def records(file: IO[bytes], *, max_columns: int) -> Generator[list[str]]:
    """Yield the rows of the first sheet as strings, up to `max_columns` of each.

    Raises:
        UnreadableFile: it is not a workbook, has no sheet, or takes too much memory or time.
    """
    try:
        ends = last_rows(file)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            yield from _rows(book, max_columns, ends)
        finally:
            book.close()
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl raises many kinds of errors
        raise UnreadableFile(
            _("This workbook cannot be read. Save it again as .xlsx or CSV, and try again.")
        ) from error


def _rows(book: Any, max_columns: int, ends: Mapping[str, int]) -> Iterator[list[str]]:
    if not book.worksheets:
        raise UnreadableFile(_("This workbook has no sheet."))
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # the size that a file declares may be wrong
    # Formatted rows without a value may follow, a million of them.
    end = ends[sheet._worksheet_path]
    if not end:
        return
    # openpyxl also yields a row for every number that is left out.
    for row in sheet.iter_rows(max_col=max_columns, max_row=end, values_only=True):
        is_blank = row.count(None) == len(row)
        yield [] if is_blank else [_text(value) for value in row]


def _text(value: Any) -> str:
    """A cell as people write it: whole numbers without a decimal point, dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat() if isinstance(value, date | time) else str(value)
