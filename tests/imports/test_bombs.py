"""Small files that would take much memory to read, such as ZIP bombs."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
import zipfile

import pytest

from customers.imports import read, workbook_limits
from customers.imports.errors import UnreadableFile
from customers.imports.read import records
from tests.imports.support import xlsx_bytes

SHEET = "xl/worksheets/sheet1.xml"
MILLION = 1_000_000


def workbook(name: str, before: str, bomb: bytes) -> bytes:
    """A workbook with a bomb in one of its parts, before the first `before`."""
    original, changed = zipfile.ZipFile(io.BytesIO(xlsx_bytes(["name"], ["A"]))), io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as file:
        for part in original.namelist():
            text = original.read(part)
            if part == name:
                at = text.index(before.encode())
                text = text[:at] + bomb + text[at:]
            file.writestr(part, text)
    return changed.getvalue()


def peak(content: bytes) -> int:
    """The most memory that reading a refused file takes."""
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFile):
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
def test_a_bomb_in_a_workbook_is_refused_with_little_memory(
    part: str, before: str, bomb: bytes
) -> None:
    content = workbook(part, before, bomb)

    assert len(content) < MILLION
    assert peak(content) < 40 * MILLION


def test_shared_strings_without_strings_are_refused() -> None:
    file = io.BytesIO(xlsx_bytes(["name"], ["A"]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", b"<sst>" + b"<x/>" * MILLION + b"</sst>")

    assert peak(file.getvalue()) < 40 * MILLION


def test_a_workbook_that_defines_entities_is_refused() -> None:
    content = workbook(SHEET, "<worksheet", b'<!DOCTYPE worksheet [<!ENTITY a "b">]>')

    with pytest.raises(UnreadableFile, match="too large"):
        list(records(io.BytesIO(content)))


def test_the_limits_are_for_each_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_limits, "MAX_ELEMENTS", 500)
    rows = [[f"{number}" for number in range(100)]] * 50

    assert [row[:100] for row in records(io.BytesIO(xlsx_bytes(*rows)))] == rows


def test_a_row_may_have_every_column_that_excel_has() -> None:
    found = list(records(io.BytesIO(xlsx_bytes(["name"], [*["A"] * 16_384]))))

    assert len(found) == 2


def test_a_very_long_first_line_is_refused_before_it_is_split() -> None:
    assert peak(b"," * 30 * MILLION) < 30 * MILLION


def test_the_length_of_the_first_line_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_HEADER", 10)

    assert list(records(io.BytesIO(b"name,city\nA,B\n"))) == [["name", "city"], ["A", "B"]]
    with pytest.raises(UnreadableFile, match=re.escape("near line 1")):
        list(records(io.BytesIO(b"name,a_city\nA,B\n")))


def test_the_length_of_a_record_of_several_lines_is_limited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(read, "MAX_RECORD", 10)
    assert len(list(records(io.BytesIO(b'name\n"a\nb\nc"\nd\ne\nf\ng\nh\n')))) == 7

    with pytest.raises(UnreadableFile, match="very long cell or line"):
        list(records(io.BytesIO(b'name\n"a\nb\nc\nd\ne\nf"\n')))


def test_the_limit_is_for_each_record() -> None:
    record = ["x" * read.MAX_CELL] * 3
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["a", "b", "c"], record, record])

    assert list(records(io.BytesIO(text.getvalue().encode())))[1:] == [record, record]
