"""Reads the first visible sheet of an XLSX workbook, row by row."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from datetime import date, datetime, time
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell.read_only import EMPTY_CELL

from customers.imports.errors import UnreadableFile
from customers.imports.number_formats import as_shown
from customers.imports.workbook_limits import SheetScan, scan_parts


def records(file: IO[bytes], *, max_columns: int) -> Generator[list[str]]:
    """Yield the rows of the first visible sheet as strings, up to `max_columns` of each.

    Raises:
        UnreadableFile: it is not a workbook, has no visible sheet, a formula
            without its value, or takes too much memory or time.
    """
    try:
        sheets = scan_parts(file)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            yield from _rows(book, max_columns, sheets)
        finally:
            book.close()
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl raises many kinds of errors
        raise UnreadableFile(
            _("This workbook cannot be read. Save it again as .xlsx or CSV, and try again.")
        ) from error


def _rows(book: Any, max_columns: int, sheets: Mapping[str, SheetScan]) -> Iterator[list[str]]:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise UnreadableFile(_("This workbook has no sheet that is shown."))
    sheet = visible[0]
    sheet.reset_dimensions()  # the size that a file declares may be wrong
    scan = sheets[sheet._worksheet_path]
    if scan.formula_without_value:
        raise UnreadableFile(
            _(
                "Cell %(cell)s has a formula without its value. Open the workbook in a spreadsheet "
                "program and save it, then upload it again."
            )
            % {"cell": scan.formula_without_value}
        )
    # Formatted rows without a value may follow, a million of them.
    if not scan.last_row:
        return
    # openpyxl also yields a row for every number that is left out.
    for row in sheet.iter_rows(max_col=max_columns, max_row=scan.last_row):
        # Most blank rows have no cells: that is seen at once.
        is_blank = set(map(id, row)) == {id(EMPTY_CELL)} or all(cell.value is None for cell in row)
        yield [] if is_blank else [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    """A cell as it is shown, but dates as ISO 8601."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return as_shown(value, cell.number_format)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat() if isinstance(value, date | time) else _unescaped(str(value))


def _unescaped(text: str) -> str:
    """Text without Excel's escapes, such as `_x000D_` for a carriage return, and with plain ends
    of lines.
    """
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
