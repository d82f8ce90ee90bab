"""Reading files: encodings, delimiters, workbooks, and files that are refused."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest

from customers.imports import read, upload, workbook_limits
from customers.imports.errors import UnreadableFile
from customers.models import CustomerImport, ImportRow, Organization
from tests.imports.support import csv_bytes, rows, uploaded, xlsx_bytes

GREEK = [["name", "city"], ["Ωmega", "Zürich"]]


def cells(found: CustomerImport) -> list[list[str | None]]:
    return [row.cells for row in rows(found)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_and_without_a_byte_order_mark(
    acme: Organization, encoding: str
) -> None:
    found = uploaded(acme, csv_bytes(*GREEK, encoding=encoding))

    assert found.header == ["name", "city"]
    assert cells(found) == [["Ωmega", "Zürich"]]


def test_other_text_is_read_as_windows_1252(acme: Organization) -> None:
    found = uploaded(acme, csv_bytes(["name"], ["Zürich 5 €"], encoding="cp1252"))

    assert cells(found) == [["Zürich 5 €"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_of_the_header(acme: Organization, delimiter: str) -> None:
    rows = [["name", "city", "email"], ["a, b; c\td", "x", ""]]

    found = uploaded(acme, csv_bytes(*rows, delimiter=delimiter))

    assert found.header == ["name", "city", "email"]
    assert cells(found) == [["a, b; c\td", "x", ""]]


def test_a_file_of_one_column_is_read(acme: Organization) -> None:
    assert cells(uploaded(acme, b"name\nHooli\n")) == [["Hooli"]]


def test_a_cell_may_have_several_lines(acme: Organization) -> None:
    found = uploaded(acme, b'name,city\r\n"two\r\nlines\rand ""more""",x\r\n')

    assert cells(found) == [['two\r\nlines\rand "more"', "x"]]


def test_rows_are_numbered_as_in_a_spreadsheet_and_blank_ones_skipped(
    acme: Organization,
) -> None:
    found = uploaded(acme, b'name,city\nA,x\n\n"B\nB",y\n , \nC\n')

    assert [(row.number, row.cells) for row in rows(found)] == [
        (2, ["A", "x"]),
        (4, ["B\nB", "y"]),
        (6, ["C", ""]),
    ]
    assert found.row_count == 3


def test_blank_columns_at_the_end_are_ignored(acme: Organization) -> None:
    found = uploaded(acme, b"name,city,,\nA,x,,\n")

    assert (found.header, cells(found)) == (["name", "city"], [["A", "x"]])


def test_a_column_without_a_name_is_named_by_its_number(acme: Organization) -> None:
    assert uploaded(acme, b"name,,city\nA,b,c\n").header == ["name", "Column 2", "city"]


def test_one_apostrophe_is_removed_from_an_escaped_formula(acme: Organization) -> None:
    found = uploaded(acme, [["a", "b", "c", "d"], ["'=1", "''=1", "'tis", "=1"]])

    assert cells(found) == [["=1", "'=1", "'tis", "=1"]]


def test_the_cells_of_a_workbook_are_read_as_text(acme: Organization) -> None:
    at = datetime(2026, 1, 2, 3, 4)  # noqa: DTZ001 (workbooks have no time zones)
    found = uploaded(
        acme,
        xlsx_bytes(
            ["name", "a", "b", "c", "d", "e", "f"],
            ["Zürich", 12.0, 0.5, 12, date(2026, 1, 2), at, True],
            [None, None, None, None, None, None, None],
            [" x ", None, None, None, None, None, None],
        ),
    )

    assert [(row.number, row.cells) for row in rows(found)] == [
        (2, ["Zürich", "12", "0.5", "12", "2026-01-02", "2026-01-02T03:04:00", "TRUE"]),
        (4, [" x ", *[""] * 6]),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\n\n", "must name the columns"),
        (b"name,city\n", "no rows below"),
        (b"name,city\n\n,\n", "no rows below"),
        (b"name,NAME \nA,B\n", "Two columns are named “NAME”"),
        (b"name,city\nA,B,C\n", "Row 2 has 3 cells, but the first line names 2 columns"),
        (b'name,city\n"A,B\n', "near line"),
        (b'name,city\n"A"B,C\n', "near line"),
        (b"name\n\x81\x8d\n", "save it as “CSV UTF-8”"),
        (b"\xff\xfen\x00a\x00m\x00e\x00\n", "Save it as CSV in UTF-8"),
        (b"%PDF-1.7\n\x00\x00", "neither a CSV file nor an XLSX"),
        (b"name\nA\x00B\n", "neither a CSV file nor an XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"PK\x03\x04 but no zip file", "workbook cannot be read"),
        (b"Bob,4111111111111111\nAda,5500005555555559\n", "must name the columns"),
        (b"x" * 300 + b"\nA\n", "at most 255 characters"),
        (",".join(f"c{n}" for n in range(101)).encode() + b"\nA\n", "more than 100 columns"),
    ],
)
def test_an_unreadable_file_is_refused_with_a_message(
    acme: Organization, content: bytes, message: str
) -> None:
    with pytest.raises(UnreadableFile, match=r".*") as caught:
        uploaded(acme, content)

    assert message in str(caught.value)
    assert "4111" not in str(caught.value)
    assert not CustomerImport.objects.exists()
    assert not ImportRow.objects.exists()


def test_the_size_of_a_file_is_limited(acme: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MAX_BYTES", 1024**2)
    uploaded(acme, b"name\n" + b"a\n" * 100)

    with pytest.raises(UnreadableFile, match="larger than 1 MiB"):
        uploaded(acme, b"name\n" + b"a\n" * 1024**2)


def test_the_number_of_rows_is_limited(acme: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MAX_ROWS", 3)
    uploaded(acme, b"name\na\na\na\n")

    with pytest.raises(UnreadableFile, match="more than 3 rows"):
        uploaded(acme, b"name\na\na\na\na\n")


def test_the_length_of_a_cell_is_limited(acme: Organization) -> None:
    with pytest.raises(UnreadableFile, match="very long cell"):
        uploaded(acme, b"name\n" + b"a" * (read.MAX_CELL + 1) + b"\n")


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_limits, "MAX_UNPACKED", 1024**2)
    file = io.BytesIO(xlsx_bytes(["name"], ["A"]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/bomb.xml", b"0" * 2 * 1024**2)

    with pytest.raises(UnreadableFile, match="too large"):
        uploaded(acme, file.getvalue())


def test_a_workbook_of_too_many_rows_is_refused(
    acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "MAX_RECORDS", 3)
    uploaded(acme, xlsx_bytes(["name"], ["A"], ["B"]))

    with pytest.raises(UnreadableFile, match="more than 3 rows, blank ones included"):
        uploaded(acme, xlsx_bytes(["name"], ["A"], [None], ["B"]))


def test_a_card_number_in_a_file_name_is_not_stored(acme: Organization) -> None:
    found = uploaded(acme, b"name\nA\n", name="4111111111111111.csv")

    assert "4111" not in found.file_name
