"""Reads the records of a file, one after the other: CSV here, XLSX in `workbook`.

What comes out is the cells as texts, as people wrote them. Only one record is held at a time.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Generator, Iterator
from io import TextIOWrapper
from typing import IO

from django.utils.translation import gettext as _

from customers.imports import workbook
from customers.imports.unreadable import Unreadable

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 100
MAX_CELL = 200_000  # characters: metadata as large as the store takes, every sign of it escaped
MAX_HEADER = 1024 * 1024
MAX_RECORD = MAX_COLUMNS * MAX_CELL

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",;\t"
_BLOCK = 64 * 1024

csv.field_size_limit(MAX_CELL)


def records(file: IO[bytes]) -> Generator[list[str]]:
    """The records of a CSV or XLSX file, the header first; a blank line is an empty record.

    Raises:
        Unreadable: it is neither, or broken.
    """
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start == _OLD_EXCEL:
        raise Unreadable(_("This is a file of an old Excel. Save it as .xlsx or as CSV."))
    if start == _ZIP:
        return workbook.records(file, max_columns=MAX_COLUMNS + 1)
    return _csv_records(file)


def _csv_records(file: IO[bytes]) -> Generator[list[str]]:
    text = TextIOWrapper(file, encoding=_encoding(file), newline="")
    try:
        delimiter = _delimiter(text)
        text.seek(0)
        for record in _parsed(text, delimiter=delimiter, strict=True):
            if any("\0" in cell for cell in record):
                raise Unreadable(_("This is neither a CSV file nor an XLSX file."))
            yield record
    finally:
        text.detach()  # the file is its owner's to close


class _Lines:
    """The lines of a file, as long as the record that they make up is not endless."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self.left = MAX_HEADER

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self.left + 1)
        if not line:
            raise StopIteration
        self.left -= len(line)
        if self.left < 0:
            raise csv.Error
        return line


def _parsed(text: TextIOWrapper, *, delimiter: str, strict: bool = False) -> Iterator[list[str]]:
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=strict)
    try:
        for record in reader:
            lines.left = MAX_RECORD
            yield record
    except csv.Error:
        raise Unreadable(
            _(
                "The file cannot be read as CSV near line %(line)d. Look for a quotation mark that "
                "is opened and not closed, or a very long cell or line."
            )
            % {"line": reader.line_num + 1}
        ) from None


def _encoding(file: IO[bytes]) -> str:
    """UTF-8, UTF-16 with its mark, or else Windows' Western European."""
    start = file.read(2)
    for encoding in ["utf-16"] if start in _UTF16 else ["utf-8-sig", "cp1252"]:
        if _decodes(file, encoding):
            return encoding
    raise Unreadable(_("The characters of this file cannot be read. Save it as CSV in UTF-8."))


def _decodes(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _delimiter(text: TextIOWrapper) -> str:
    """The sign that cuts the header into the most names."""
    found = {}
    for delimiter in _DELIMITERS:
        text.seek(0)
        found[delimiter] = len(next(_parsed(text, delimiter=delimiter), []))
    return max(_DELIMITERS, key=lambda delimiter: found[delimiter])
