"""Refuses workbooks that would take too much memory or time, before openpyxl reads them.

openpyxl holds one row of a sheet at a time, all shared strings, and all of every other part. A few
kilobytes may unpack to millions of elements, so work is bounded by those and not by bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile

from django.utils.translation import gettext_lazy

from customers.imports.errors import UnreadableFile

# Of all parts, unpacked. A ZIP file that holds more than it declares fails its checksum.
MAX_UNPACKED = 512 * 1024 * 1024
MAX_PARTS = 2_000
_SHARED_STRINGS = "xl/sharedStrings.xml"
MAX_SHARED_STRINGS = 64 * 1024 * 1024  # openpyxl keeps all of their texts
_SHEETS = "xl/worksheets/"

# Of the whole workbook. openpyxl reads some 400,000 elements of sheets a second, 80,000 shared
# strings, and 30,000 elements of other parts. A filled cell has two elements.
MAX_ELEMENTS_IN_ALL = 2_000_000
MAX_STRINGS = 500_000
MAX_ELEMENTS_OF_OTHERS = 200_000

# Of what openpyxl holds at a time. An element takes some 300 bytes. A row may have 16,384 cells of
# three elements each, and after the rows there may be a link for each of 65,530 cells.
MAX_BYTES = 8 * 1024 * 1024
MAX_ELEMENTS = 100_000
MAX_DEPTH = 100
_BLOCK = 64 * 1024

TOO_LARGE = gettext_lazy("This workbook is too large. Save it as CSV, or import it in parts.")
TOO_MANY_CELLS = gettext_lazy(
    "This workbook has too many cells, empty ones included. Delete the empty rows and columns, "
    "save it as CSV, or import it in parts."
)


@dataclass(slots=True)
class SheetScan:
    """What is known of a sheet before it is read."""

    #: The number of the last row that has a value.
    last_row: int = 0
    #: The first cell with a formula whose value the program that wrote it left out.
    formula_without_value: str = ""


def scan_parts(file: IO[bytes]) -> dict[str, SheetScan]:
    """Scan all parts of a workbook, with little memory.

    Raises:
        UnreadableFile: unpacking it, or reading it with openpyxl, would take too much.
    """
    with ZipFile(file) as workbook:
        sizes = {part.filename: part.file_size for part in workbook.infolist()}
        if (
            len(sizes) > MAX_PARTS
            or sum(sizes.values()) > MAX_UNPACKED
            or sizes.get(_SHARED_STRINGS, 0) > MAX_SHARED_STRINGS
        ):
            raise UnreadableFile(str(TOO_LARGE))
        left = _Budget()
        found = {}
        for name in sizes:
            scanner = _PartScanner(_element_read_at_a_time(name), left)
            with workbook.open(name) as part:
                try:
                    scanner.scan(part)
                except expat.ExpatError:
                    # A picture, or a part that openpyxl fails to read as well.
                    if name.endswith((".xml", ".rels")):
                        raise
            found[name] = scanner.found
    return found


def _element_read_at_a_time(name: str) -> str | None:
    """The element that openpyxl reads a part by; None for a part that it reads as a whole."""
    if name == _SHARED_STRINGS:
        return "si"
    return "row" if name.startswith(_SHEETS) else None


class _Budget:
    """The elements that the rest of a workbook may have."""

    def __init__(self) -> None:
        self.elements = MAX_ELEMENTS_IN_ALL
        self.strings = MAX_STRINGS
        self.others = MAX_ELEMENTS_OF_OTHERS


class _PartScanner:
    """Counts the bytes and elements of a part since the last `row` element began, and in all."""

    def __init__(self, row: str | None, left: _Budget) -> None:
        self.found = SheetScan()
        self._row = row
        self._left = left
        self._depth = self._elements = self._bytes = self._number = 0
        self._cell: dict[str, str] = {}
        self._has_formula = self._has_value = False
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

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        local = name.rpartition(" ")[2]
        if local == self._row:
            self._begin_row(attributes)
        elif local in ("v", "is"):
            self.found.last_row = max(self.found.last_row, self._number)
            if self._has_formula:
                self._parser.CharacterDataHandler = self._value
        elif local == "c":
            self._cell, self._has_formula, self._has_value = attributes, False, False
        elif local == "f":
            self._has_formula = True
        self._count()
        if self._elements > MAX_ELEMENTS or self._depth > MAX_DEPTH:
            self._refuse()

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._elements = self._bytes = 0
        number = attributes.get("r", "")
        self._number = int(number) if number.isdecimal() else self._number + 1
        if self._row == "si":
            self._left.strings -= 1

    def _count(self) -> None:
        self._left.elements -= 1
        if self._row is None:
            self._left.others -= 1
        if min(self._left.elements, self._left.strings, self._left.others) < 0:
            raise UnreadableFile(str(TOO_MANY_CELLS))

    def _value(self, _text: str) -> None:
        self._has_value = True
        self._parser.CharacterDataHandler = None

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._has_formula and name.endswith(" c"):
            self._end_formula()

    def _end_formula(self) -> None:
        # A formula of text may well have the empty text as its value.
        if not self._has_value and self._cell.get("t") != "str":
            place = self._cell.get("r", f"in row {self._number}")
            self.found.formula_without_value = self.found.formula_without_value or place
            # The row has a value that is left out.
            self.found.last_row = max(self.found.last_row, self._number)
        self._has_formula = False
        self._parser.CharacterDataHandler = None

    def _refuse(self, *_arguments: object) -> None:
        raise UnreadableFile(str(TOO_LARGE))
