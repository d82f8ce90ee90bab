"""Small files that would take much memory to read."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
import zipfile

import pytest

from customers.imports import parts, reading
from customers.imports.reading import records
from customers.imports.unreadable import Unreadable
from tests.imports.support import xlsx_bytes

SHEET = "xl/worksheets/sheet1.xml"
MILLION = 1_000_000


def packed(name: str, before: str, bomb: bytes) -> bytes:
    """A workbook with a bomb in one of its parts, before the first `before`."""
    found, made = zipfile.ZipFile(io.BytesIO(xlsx_bytes(["name"], ["A"]))), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for part in found.namelist():
            text = found.read(part)
            if part == name:
                at = text.index(before.encode())
                text = text[:at] + bomb + text[at:]
            file.writestr(part, text)
    return made.getvalue()


def peak(content: bytes) -> int:
    """The most memory that reading takes; it must be refused."""
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable):
            list(records(io.BytesIO(content)))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "before", "bomb"),
    [
        (SHEET, "</row>", b"<c/>" * MILLION),
        (SHEET, "<sheetData>", b"<x/>" * MILLION),
        (SHEET, "</sheetData>", b"<x/>" * MILLION),
        (SHEET, "</worksheet>", b"<x/>" * MILLION),
        (SHEET, "</row>", b"<c>" * 200 + b"</c>" * 200),
        (SHEET, "</row>", b"<c><v>" + b"1" * 30 * MILLION + b"</v></c>"),
        (SHEET, "</row>", b'<c r="' + b"1" * 30 * MILLION + b'"/>'),
        ("xl/styles.xml", "</styleSheet>", b"<row/>" * MILLION),
        ("xl/styles.xml", "</styleSheet>", b"<!--" + b" " * 30 * MILLION + b"-->"),
        ("xl/workbook.xml", "</workbook>", b"<row/>" * MILLION),
    ],
)
def test_a_bomb_in_a_workbook_is_refused_without_being_held(
    part: str, before: str, bomb: bytes
) -> None:
    content = packed(part, before, bomb)

    assert len(content) < MILLION
    assert peak(content) < 40 * MILLION


def test_shared_strings_that_are_none_are_refused() -> None:
    file = io.BytesIO(xlsx_bytes(["name"], ["A"]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", b"<sst>" + b"<x/>" * MILLION + b"</sst>")

    assert peak(file.getvalue()) < 40 * MILLION


def test_a_workbook_that_defines_texts_is_refused() -> None:
    content = packed(SHEET, "<worksheet", b'<!DOCTYPE worksheet [<!ENTITY a "b">]>')

    with pytest.raises(Unreadable, match="too large"):
        list(records(io.BytesIO(content)))


def test_rows_are_counted_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MAX_ELEMENTS", 500)
    rows = [[f"{number}" for number in range(100)]] * 50

    assert [row[:100] for row in records(io.BytesIO(xlsx_bytes(*rows)))] == rows


def test_a_row_may_have_every_column_that_excel_has() -> None:
    found = list(records(io.BytesIO(xlsx_bytes(["name"], [*["A"] * 16_384]))))

    assert len(found) == 2


def test_a_first_line_of_commas_is_refused_before_it_is_cut() -> None:
    assert peak(b"," * 30 * MILLION) < 30 * MILLION


def test_a_first_line_may_be_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_HEADER", 10)

    assert list(records(io.BytesIO(b"name,city\nA,B\n"))) == [["name", "city"], ["A", "B"]]
    with pytest.raises(Unreadable, match=re.escape("near line 1")):
        list(records(io.BytesIO(b"name,a_city\nA,B\n")))


def test_a_record_of_several_lines_may_not_be_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_RECORD", 10)
    assert len(list(records(io.BytesIO(b'name\n"a\nb\nc"\nd\ne\nf\ng\nh\n')))) == 7

    with pytest.raises(Unreadable, match="very long cell or line"):
        list(records(io.BytesIO(b'name\n"a\nb\nc\nd\ne\nf"\n')))


def test_every_record_may_be_as_long_as_its_cells() -> None:
    record = ["x" * reading.MAX_CELL] * 3
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["a", "b", "c"], record, record])

    assert list(records(io.BytesIO(text.getvalue().encode())))[1:] == [record, record]
