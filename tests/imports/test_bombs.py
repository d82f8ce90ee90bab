"""Small files that would take much memory or time to read, such as ZIP bombs."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
import zipfile
from collections import Counter
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet._reader import WorkSheetParser

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


STRINGS = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)


def with_shared_strings(number: int) -> bytes:
    """A workbook with so many shared strings."""
    sst = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    file = io.BytesIO(workbook("[Content_Types].xml", "</Types>", STRINGS.encode()))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", sst + b"<si><t>x</t></si>" * number + b"</sst>")
    return file.getvalue()


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts what is scanned, and what openpyxl then reads."""
    done: Counter[str] = Counter()

    def counting(owner: Any, name: str, what: str) -> None:
        original = getattr(owner, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            done[what] += 1
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, counted)

    counting(workbook_limits._PartScanner, "_count", "elements")
    counting(openpyxl, "load_workbook", "workbooks")
    counting(WorkSheetParser, "parse_row", "rows")
    counting(WorkSheetParser, "parse_cell", "cells")
    return done


EMPTY_ROW = b"<row>" + b"<c/>" * 16_384 + b"</row>"
VALUE = b'<row r="%d"><c><v>1</v></c></row>'
#: Empty rows and cells, of which each would be read: what stands before the end of the rows.
EMPTIES = [
    EMPTY_ROW * 30,
    b"<row/>" * 600_000,
    b"<row><c/></row>" * 300_000,
    b"<row><c><v/></c></row>" * 200_000,
    b'<row><c t="inlineStr"><is><t/></is></c></row>' * 150_000,
]


@pytest.mark.parametrize("empty", EMPTIES, ids=lambda empty: empty[:40].decode())
def test_a_workbook_of_too_many_elements_is_refused_unread(
    empty: bytes, work: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_limits, "MAX_ELEMENTS_IN_ALL", 100_000)
    content = workbook(SHEET, "</sheetData>", empty)

    with pytest.raises(UnreadableFile, match="too many cells"):
        list(records(io.BytesIO(content)))

    assert work == {"elements": 100_001}


def test_control_without_the_limit_all_of_them_are_read(
    work: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = workbook(SHEET, "</sheetData>", EMPTY_ROW * 30 + VALUE % 33)

    assert len(list(records(io.BytesIO(content)))) == 33
    assert work["cells"] > 30 * 16_384


def test_the_limits_allow_fifty_thousand_full_rows_of_twenty_cells() -> None:
    assert workbook_limits.MAX_ELEMENTS_IN_ALL >= 50_000 * 20 * 2


def test_elements_of_all_sheets_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_limits, "MAX_ELEMENTS_IN_ALL", 5_000)
    book = openpyxl.Workbook()
    for _ in range(20):
        sheet = book.create_sheet()
        for _ in range(100):
            sheet.append(["A"])
    file = io.BytesIO()
    book.save(file)

    with pytest.raises(UnreadableFile, match="too many cells"):
        list(records(file))


def test_empty_rows_after_the_last_value_are_not_read(work: Counter[str]) -> None:
    """Excel writes them where whole columns are formatted."""
    empty = b"<row/>" * 100_000 + b'<row r="1048576"><c s="1"/></row>'
    content = workbook(SHEET, "</sheetData>", empty)

    assert len(list(records(io.BytesIO(content)))) == 2
    assert work["rows"] < 5


@pytest.mark.parametrize("number", [read.MAX_RECORDS + 1, 1_048_576, 2**62])
def test_a_value_in_a_row_far_below_the_others_is_refused(number: int, work: Counter[str]) -> None:
    content = workbook(SHEET, "</sheetData>", VALUE % number)

    with pytest.raises(UnreadableFile, match="more than 300,000 rows, blank ones included"):
        list(records(io.BytesIO(content)))


def test_rows_that_are_left_out_are_blank_records() -> None:
    found = list(records(io.BytesIO(workbook(SHEET, "</sheetData>", VALUE % 5))))

    assert [any(record) for record in found] == [True, True, False, False, True]


def test_a_size_that_a_sheet_declares_is_no_work(work: Counter[str]) -> None:
    content = workbook(SHEET, "<sheetData>", b'<dimension ref="A1:XFD1048576"/>')

    assert len(list(records(io.BytesIO(content)))) == 2
    assert work["cells"] < 5


def test_a_merged_range_is_no_work() -> None:
    merged = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'

    assert len(list(records(io.BytesIO(workbook(SHEET, "</worksheet>", merged))))) == 2


def test_too_many_shared_strings_are_refused_unread(
    work: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_limits, "MAX_STRINGS", 10_000)
    assert len(list(records(io.BytesIO(with_shared_strings(10_000))))) == 2
    work.clear()

    with pytest.raises(UnreadableFile, match="too many cells"):
        list(records(io.BytesIO(with_shared_strings(MILLION))))

    assert work["elements"] < 25_000
    assert work["workbooks"] == 0


def test_elements_of_parts_that_are_read_as_a_whole_count_together(
    work: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_limits, "MAX_ELEMENTS_OF_OTHERS", 5_000)
    xf = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    content = workbook("xl/styles.xml", "</cellXfs>", xf * 5_000)

    with pytest.raises(UnreadableFile, match="too many cells"):
        list(records(io.BytesIO(content)))

    assert work["workbooks"] == 0


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_limits, "MAX_PARTS", 20)
    file = io.BytesIO(xlsx_bytes(["name"], ["A"]))
    with zipfile.ZipFile(file, "a") as packed:
        for number in range(20):
            packed.writestr(f"xl/worksheets/sheet{number + 2}.xml", b"<worksheet/>")

    with pytest.raises(UnreadableFile, match="too large"):
        list(records(file))


def test_a_sheet_under_another_name_is_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_limits, "MAX_ELEMENTS_IN_ALL", 5_000)
    file = io.BytesIO(xlsx_bytes(["name"], ["A"]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet2.png", b"<worksheet>" + b"<row/>" * 9_000)

    with pytest.raises(UnreadableFile, match="too many cells"):
        list(records(file))


def test_a_part_that_is_no_xml_is_no_obstacle() -> None:
    file = io.BytesIO(xlsx_bytes(["name"], ["A"]))
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr("xl/media/image1.png", b"\x89PNG\r\n\x1a\n")

    assert len(list(records(file))) == 2


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


def test_blank_lines_are_read_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_RECORDS", 1_000)
    assert len(list(records(io.BytesIO(b"name\n" + b"\n" * 999)))) == 1_000

    found: list[list[str]] = []
    reading = records(io.BytesIO(b"name\n" + b"\n" * MILLION))
    with pytest.raises(UnreadableFile, match="more than 1,000 rows, blank ones included"):
        found.extend(reading)
    assert len(found) == 1_000


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_row_of_too_many_cells_is_refused_before_it_is_split(delimiter: str) -> None:
    wide = delimiter * read.MAX_DELIMITERS
    header = f"name{delimiter}city\n"
    allowed = [*records(io.BytesIO(f"{header}{wide}\n{wide}\n".encode()))]
    assert [len(record) for record in allowed] == [2, *[read.MAX_DELIMITERS + 1] * 2]

    with pytest.raises(UnreadableFile, match="near line 2"):
        list(records(io.BytesIO(f"{header}{wide}{delimiter}\n".encode())))
    assert peak(header.encode() + delimiter.encode() * 15 * MILLION) < 35 * MILLION


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
