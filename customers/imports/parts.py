"""Looks through the parts of a workbook before openpyxl reads them, which holds much of them.

Of a sheet it holds a row at a time, of the shared strings a string, of every other part all.
"""

from __future__ import annotations

from typing import IO
from xml.parsers import expat
from zipfile import ZipFile

from django.utils.translation import gettext_lazy

from customers.imports.unreadable import Unreadable

# Of all parts unpacked. A zip file cannot hold more than it declares without failing its checksum.
MAX_UNPACKED = 512 * 1024 * 1024
_SHARED = "xl/sharedStrings.xml"  # openpyxl holds all of its texts
MAX_SHARED = 64 * 1024 * 1024
_SHEETS = "xl/worksheets/"

# Of what is held at a time. An element takes some 300 bytes, a row of all columns that Excel has
# three elements for each, and what follows the rows is a link for each of up to 65,530 cells.
MAX_HELD = 8 * 1024 * 1024
MAX_ELEMENTS = 100_000
MAX_DEPTH = 100
_BLOCK = 64 * 1024

TOO_LARGE = gettext_lazy("This workbook is too large. Save it as CSV, or import it in parts.")


def refuse_bombs(file: IO[bytes]) -> None:
    """Look through a workbook, and hold nothing of it.

    Raises:
        Unreadable: it unpacks to too much, or reading it would take too much memory.
    """
    with ZipFile(file) as parts:
        sizes = {part.filename: part.file_size for part in parts.infolist()}
        if sum(sizes.values()) > MAX_UNPACKED or sizes.get(_SHARED, 0) > MAX_SHARED:
            raise Unreadable(str(TOO_LARGE))
        for name in sizes:
            if name.endswith((".xml", ".rels")):
                with parts.open(name) as part:
                    _Look(_held_at_a_time(name)).through(part)


def _held_at_a_time(name: str) -> str | None:
    """The element that a part is read by; None for a part that is read as a whole."""
    if name == _SHARED:
        return "si"
    return "row" if name.startswith(_SHEETS) else None


class _Look:
    """Counts what a part has since the last row began."""

    def __init__(self, row: str | None) -> None:
        self._row = row
        self._depth = self._elements = self._bytes = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse  # what it defines may be any size

    def through(self, part: IO[bytes]) -> None:
        while block := part.read(_BLOCK):
            self._bytes += len(block)
            self._parser.Parse(block)
            if self._bytes > MAX_HELD:
                self._refuse()
        self._parser.Parse(b"", True)  # noqa: FBT003 (it takes no names)

    def _start(self, name: str, _attributes: object) -> None:
        self._depth += 1
        self._elements += 1
        if name.rpartition(" ")[2] == self._row:
            self._elements = self._bytes = 0
        if self._elements > MAX_ELEMENTS or self._depth > MAX_DEPTH:
            self._refuse()

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _refuse(self, *_what: object) -> None:
        raise Unreadable(str(TOO_LARGE))
