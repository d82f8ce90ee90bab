"""Refuses workbooks that would take too much memory, before openpyxl reads them.

openpyxl holds one row of a sheet at a time, one of the shared strings, and all of every other part.
"""

from __future__ import annotations

from typing import IO
from xml.parsers import expat
from zipfile import ZipFile

from django.utils.translation import gettext_lazy

from customers.imports.errors import UnreadableFile

# Of all parts, unpacked. A ZIP file that holds more than it declares fails its checksum.
MAX_UNPACKED = 512 * 1024 * 1024
_SHARED_STRINGS = "xl/sharedStrings.xml"
MAX_SHARED_STRINGS = 64 * 1024 * 1024  # openpyxl keeps all of their texts
_SHEETS = "xl/worksheets/"

# Of what openpyxl holds at a time. An element takes some 300 bytes. A row may have 16,384 cells of
# three elements each, and after the rows there may be a link for each of 65,530 cells.
MAX_BYTES = 8 * 1024 * 1024
MAX_ELEMENTS = 100_000
MAX_DEPTH = 100
_BLOCK = 64 * 1024

TOO_LARGE = gettext_lazy("This workbook is too large. Save it as CSV, or import it in parts.")


def refuse_zip_bombs(file: IO[bytes]) -> None:
    """Scan all parts of a workbook, with little memory.

    Raises:
        UnreadableFile: unpacking it, or reading it with openpyxl, would take too much memory.
    """
    with ZipFile(file) as workbook:
        sizes = {part.filename: part.file_size for part in workbook.infolist()}
        shared_strings = sizes.get(_SHARED_STRINGS, 0)
        if sum(sizes.values()) > MAX_UNPACKED or shared_strings > MAX_SHARED_STRINGS:
            raise UnreadableFile(str(TOO_LARGE))
        for name in sizes:
            if name.endswith((".xml", ".rels")):
                with workbook.open(name) as part:
                    _PartScanner(_element_read_at_a_time(name)).scan(part)


def _element_read_at_a_time(name: str) -> str | None:
    """The element that openpyxl reads a part by; None for a part that it reads as a whole."""
    if name == _SHARED_STRINGS:
        return "si"
    return "row" if name.startswith(_SHEETS) else None


class _PartScanner:
    """Counts the bytes and elements of a part since the last `row` element began."""

    def __init__(self, row: str | None) -> None:
        self._row = row
        self._depth = self._elements = self._bytes = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse  # entities expand to any size

    def scan(self, part: IO[bytes]) -> None:
        while block := part.read(_BLOCK):
            self._bytes += len(block)
            self._parser.Parse(block)
            if self._bytes > MAX_BYTES:
                self._refuse()
        self._parser.Parse(b"", True)  # noqa: FBT003 (expat takes no keyword arguments)

    def _start(self, name: str, _attributes: object) -> None:
        self._depth += 1
        self._elements += 1
        if name.rpartition(" ")[2] == self._row:
            self._elements = self._bytes = 0
        if self._elements > MAX_ELEMENTS or self._depth > MAX_DEPTH:
            self._refuse()

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _refuse(self, *_arguments: object) -> None:
        raise UnreadableFile(str(TOO_LARGE))
