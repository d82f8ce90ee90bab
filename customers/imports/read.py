"""Reads the records of a file as lists of strings: CSV here, XLSX in `workbook`.

Only one record is held in memory at a time.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterator
from contextlib import closing
from io import TextIOWrapper
from typing import IO

from django.utils.translation import gettext as _

from customers.imports import workbook
from customers.imports.encodings import UTF16, encoding_of
from customers.imports.errors import UnreadableFile

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 200_000
MAX_RECORDS = 300_000  # blank ones included, which are read and left out
MAX_COLUMNS = 100
MAX_CELL = 200_000  # characters: the largest metadata, with every character of it escaped
MAX_HEADER = 1024 * 1024
MAX_RECORD = MAX_COLUMNS * MAX_CELL
MAX_DELIMITERS = 100_000  # of a record: a cell may have some, and blank cells may follow

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*"
    rb"(?:<(?:!doctype|!--|\?xml|html|head|meta|body|table|style|div)\b|<!--|MIME-Version:)",
    re.IGNORECASE,
)
#: Where a text in one of the encodings of ISO 2022, which is ASCII byte by byte, changes alphabets.
_SHIFT = re.compile(r"\x1b[$(]")
_DELIMITERS = ",;\t|"
_LINES_COMPARED = 20
_BLOCK = 64 * 1024

csv.field_size_limit(MAX_CELL)


def records(file: IO[bytes], encoding: str = "") -> Generator[list[str]]:
    """Yield the records of a CSV or XLSX file, the header first. A blank line is an empty record.

    `encoding` is for a CSV file that is not in Unicode.

    Raises:
        UnknownEncoding: it is not in Unicode, and `encoding` is not given.
        UnreadableFile: it is neither, or it is broken or too large.
    """
    with closing(_records(file, encoding)) as found:
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


def require_encoding(file: IO[bytes], encoding: str) -> None:
    """Find out whether the characters of a file can be read, without reading its records.

    Raises:
        UnknownEncoding: it is a CSV file that is not in Unicode, and `encoding` is not given.
        UnreadableFile: it is broken, or something else.
    """
    if not _is_workbook(file):
        encoding_of(file, encoding)


def _is_workbook(file: IO[bytes]) -> bool:
    file.seek(0)
    start = file.read(1024)
    file.seek(0)
    if start.startswith(_OLD_EXCEL):
        raise UnreadableFile(
            _(
                "This is an old Excel file (.xls), or a workbook with a password. Save it as .xlsx "
                "without a password, or as CSV."
            )
        )
    if start.startswith(_ZIP):
        return True
    if _WEB_PAGE.match(start.replace(b"\0", b"") if start[:2] in UTF16 else start):
        raise UnreadableFile(
            _(
                "This is a web page with the name of a workbook or CSV file, as some programs "
                "export it. Open it in a spreadsheet program and save it as .xlsx or CSV."
            )
        )
    if b"\0" in start and start[:2] not in UTF16:
        raise UnreadableFile(_("This is neither a CSV file nor an XLSX file."))
    return False


def _records(file: IO[bytes], encoding: str) -> Generator[list[str]]:
    if _is_workbook(file):
        return workbook.records(file, max_columns=MAX_COLUMNS + 1)
    return _csv_records(file, encoding)


def _csv_records(file: IO[bytes], encoding: str) -> Generator[list[str]]:
    encoding = encoding_of(file, encoding)
    file.seek(0)
    text = TextIOWrapper(file, encoding=encoding, newline="")
    try:
        separator = _separator_line(text)
        delimiter = separator or _delimiter(text)
        text.seek(0)
        if separator:
            text.readline()
        for record in _parse(text, delimiter=delimiter, lines_before=1 if separator else 0):
            if any("\0" in cell or _SHIFT.search(cell) for cell in record):
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


def _parse(text: TextIOWrapper, *, delimiter: str, lines_before: int) -> Iterator[list[str]]:
    lines = _Lines(text, delimiter)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
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
            % {"line": lines_before + reader.line_num + 1}
        ) from None


_SEPARATOR_LINE = re.compile(r'"?sep=([^\w\s"]|\t)"?\r?\n?', re.IGNORECASE)


def _separator_line(text: TextIOWrapper) -> str | None:
    """The delimiter that the first line sets, as Excel reads and writes it: `sep=;`."""
    text.seek(0)
    match = _SEPARATOR_LINE.fullmatch(text.readline(10))
    return match and match[1]


_QUOTED = re.compile(r'(^|[,;\t|])[ ]*"(?:[^"]|"")*"', re.MULTILINE)


def _delimiter(text: TextIOWrapper) -> str:
    """The character that parts the first lines alike, and the header into the most names.

    What stands between quotation marks does not count.
    """
    text.seek(0)
    sample = text.read(_BLOCK)
    lines = [line for line in _QUOTED.sub(r"\1", sample).splitlines() if line.strip()]
    lines = lines[:_LINES_COMPARED] if len(lines) > 1 else lines or [""]

    def fitness(delimiter: str) -> tuple[bool, int, int]:
        counts = [line.count(delimiter) for line in lines]
        return counts[0] > 0, counts.count(counts[0]), counts[0]

    return max(_DELIMITERS, key=fitness)
