"""Reads the records of a file as lists of strings: CSV here, XLSX in `workbook`.

Only one record is held in memory at a time.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Generator, Iterator
from contextlib import closing
from io import TextIOWrapper
from typing import IO

from django.utils.translation import gettext as _

from customers.imports import workbook
from customers.imports.errors import UnreadableFile

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 200_000
MAX_RECORDS = 300_000  # blank ones included, which are read and left out
MAX_COLUMNS = 100
MAX_CELL = 200_000  # characters: the largest metadata, with every character of it escaped
MAX_HEADER = 1024 * 1024
MAX_RECORD = MAX_COLUMNS * MAX_CELL
MAX_DELIMITERS = 100_000  # of a record: a cell may have some, and blank cells may follow

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",;\t"
_BLOCK = 64 * 1024

csv.field_size_limit(MAX_CELL)


def records(file: IO[bytes]) -> Generator[list[str]]:
    """Yield the records of a CSV or XLSX file, the header first. A blank line is an empty record.

    Raises:
        UnreadableFile: it is neither, or it is broken or too large.
    """
    with closing(_records(file)) as found:
        for number, record in enumerate(found, 1):
            if number > MAX_RECORDS:
                raise UnreadableFile(
                    _(
                        "The file has more than %(rows)s rows, blank ones included. Delete the "
                        "blank rows, or import it in parts."
                    )
                    % {"rows": f"{MAX_RECORDS:,}"}
                )
            yield record


def _records(file: IO[bytes]) -> Generator[list[str]]:
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start == _OLD_EXCEL:
        raise UnreadableFile(_("This is an old Excel file (.xls). Save it as .xlsx or CSV."))
    if start == _ZIP:
        return workbook.records(file, max_columns=MAX_COLUMNS + 1)
    return _csv_records(file)


def _csv_records(file: IO[bytes]) -> Generator[list[str]]:
    text = TextIOWrapper(file, encoding=_encoding(file), newline="")
    try:
        delimiter = _delimiter(text)
        text.seek(0)
        for record in _parse(text, delimiter=delimiter, strict=True):
            if any("\0" in cell for cell in record):
                raise UnreadableFile(_("This is neither a CSV file nor an XLSX file."))
            yield record
    finally:
        text.detach()  # else the caller's file would be closed with it


class _Lines:
    """Iterates over the lines of a file. Fails when a record is too long or has too many cells."""

    def __init__(self, text: TextIOWrapper, delimiter: str) -> None:
        self._text = text
        self._delimiter = delimiter
        self.begin_record(MAX_HEADER)

    def begin_record(self, characters: int) -> None:
        """Allow so many characters until the next record begins."""
        self._characters, self._delimiters = characters, MAX_DELIMITERS

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._characters + 1)
        if not line:
            raise StopIteration
        self._characters -= len(line)
        self._delimiters -= line.count(self._delimiter)
        if self._characters < 0 or self._delimiters < 0:
            raise csv.Error
        return line


def _parse(text: TextIOWrapper, *, delimiter: str, strict: bool = False) -> Iterator[list[str]]:
    lines = _Lines(text, delimiter)
    reader = csv.reader(lines, delimiter=delimiter, strict=strict)
    try:
        for record in reader:
            lines.begin_record(MAX_RECORD)
            yield record
    except csv.Error:
        raise UnreadableFile(
            _(
                "The file cannot be read as CSV near line %(line)d. Look for a quotation mark that "
                "is not closed, or a very long cell or line."
            )
            % {"line": reader.line_num + 1}
        ) from None


def _encoding(file: IO[bytes]) -> str:
    """UTF-8, UTF-16 with a byte order mark, or else Windows-1252."""
    start = file.read(2)
    for encoding in ["utf-16"] if start in _UTF16 else ["utf-8-sig", "cp1252"]:
        if _decodes(file, encoding):
            return encoding
    raise UnreadableFile(_("The characters of this file cannot be read. Save it as CSV in UTF-8."))


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
    """The character that splits the header into the most names."""
    names = {}
    for delimiter in _DELIMITERS:
        text.seek(0)
        names[delimiter] = len(next(_parse(text, delimiter=delimiter), []))
    return max(_DELIMITERS, key=lambda delimiter: names[delimiter])
