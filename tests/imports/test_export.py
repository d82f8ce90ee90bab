"""The export, which always imports as unchanged."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.imports.columns import FIELDS
from customers.imports.export import csv_file, export, template
from customers.imports.formulas import escape, unescape
from customers.imports.read import records
from customers.models import Customer, Organization
from customers.values import countries
from customers.values.card_numbers import contains_card_number
from customers.values.uuid7 import uuid7
from tests import factories
from tests.imports.support import checked, xlsx_bytes

NASTY = [
    '"', '""', "'", "''", ",", ";", "\t", "\r", "\n", "\r\n", "=1+1", "'=1+1", "''=1", "+49 30 1",
    "-", "@SUM(1)", "\tx", "\rx", "\u202eright to left", "مرحبا", "👩‍👩‍👧", "\ufeffmark", "\u2028",
    "|", "'", '"=', ";=1+1", "\uff1d1+1", "\uff0b", "\uff0d", "\uff20A1", "\u200b", "\xa0", "@",
    " x ", "null", "NULL", "'", "1e5", "007", "\x01", "\x7f", "DE", "#N/A", "\\", "\\n",
]  # fmt: skip

texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10),
    st.lists(st.sampled_from(NASTY), max_size=4).map("".join),
)


def stored(field: str) -> Any:
    """Values that a column may have, those written by raw SQL included."""
    if field == "country":
        return st.sampled_from([None, *countries.ALPHA2])
    if field == "metadata":
        return st.dictionaries(plain, plain, max_size=3)
    if field == "ein":
        return st.none() | plain.map(lambda text: text[:10])
    if field in Customer.LONG_NUMBERS:
        return st.none() | texts | st.just("4111111111111111")
    return st.none() | plain


plain = texts.filter(lambda text: not contains_card_number(text))
customers = st.lists(
    st.fixed_dictionaries({field: stored(field) for field in FIELDS})
    .map(Customer.writable)
    .filter(lambda values: any(values.values())),
    min_size=1,
    max_size=3,
    unique_by=lambda values: values["external_id"] or object(),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(customers=customers, archive=st.booleans(), blank_clears=st.booleans())
def test_every_export_imports_as_unchanged(
    acme: Organization,
    customers: list[dict[str, Any]],
    archive: bool,  # noqa: FBT001
    blank_clears: bool,  # noqa: FBT001
) -> None:
    with transaction.atomic():
        rows = [Customer(organization=acme, mode="live", **values) for values in customers]
        Customer.objects.bulk_create(rows)
        if archive:
            rows[0].archive()
        file = "".join(export(Customer.objects.all())).encode()

        found = checked(acme, file, blank_clears=blank_clears)

        assert found.counts == {"unchanged": len(rows)}, [row.problems for row in found.rows.all()]
        transaction.set_rollback(True)


@given(texts)
def test_no_cell_is_a_formula_and_every_text_is_restored(text: str) -> None:
    cell = escape(text)

    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert unescape(cell) == text


FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    "'=1+1",
    "=HYPERLINK(A1)",
]
BEFORE = [
    "",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\xa0",
    ";",
    "a;",
    "a; ",
    "a|",
    "a\tb\t",
    'a;"',
    'a\n"',
    "a\n \t",
    ";;",
]


def cells_in_any_spreadsheet(file: str) -> Iterator[str]:
    """What may be a cell: of any delimiter, with quotation marks and without knowing them."""
    for delimiter in ",;\t|":
        yield from itertools.chain(*csv.reader(io.StringIO(file, newline=""), delimiter=delimiter))
        if delimiter != ",":  # a cell with a comma is quoted, in a file that commas divide
            for line in file.splitlines():
                yield from line.split(delimiter)


def formulas(file: str) -> list[str]:
    """The cells that a spreadsheet may run."""
    found = cells_in_any_spreadsheet(file)
    return [
        cell for cell in found if cell.strip(' \t\r\n\xa0"\ufeff').startswith(tuple("=+-@＝＋－＠"))
    ]


@pytest.mark.parametrize("before", BEFORE)
def test_no_part_of_a_file_is_a_formula_whatever_divides_its_cells(before: str) -> None:
    texts = [before + formula for formula in FORMULAS]
    file = "".join(csv_file(["name", "note"], [["A", text] for text in texts]))
    read = list(records(io.BytesIO(file.encode())))

    assert formulas(file) == []
    assert [unescape(record[1]) for record in read[1:]] == texts


@pytest.mark.parametrize("before", BEFORE)
def test_control_unescaped_they_are(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("customers.imports.export.escape", str)

    assert formulas("".join(csv_file(["name", "note"], [["A", f"{before}=1+1"]])))


@pytest.mark.parametrize("text", ["A - B", "Tom & Co; Berlin", "a+b@example.org", "5 = 5", "O'-x"])
def test_other_text_is_as_it_was(text: str) -> None:
    assert escape(text) == text


def test_a_changed_cell_of_an_export_is_a_change(customer: Customer) -> None:
    file = "".join(export(Customer.objects.all())).replace("Coleman-Blair", "Hooli")

    found = checked(customer.organization, file.encode())

    assert found.counts == {"changed": 1}
    assert found.rows.get().changes == {"name": ["Coleman-Blair", "Hooli"]}


def test_the_columns_are_the_id_the_writable_and_the_read_only_fields(
    customer: Customer,
) -> None:
    header = next(export(Customer.objects.all())).splitlines()[0]

    assert header.removeprefix("\ufeff").split(",") == [
        "id",
        *FIELDS,
        *("created_at", "updated_at", "archived_at", "version"),
    ]


def test_an_export_saved_as_a_workbook_imports_as_unchanged(acme: Organization) -> None:
    customer = factories.customer(acme, name="=1", phone="+49 30 1", postal_code="01234")
    cells = [[escape(value) for value in ("id", "name", "phone", "postal_code")]]
    cells.append([escape(value) for value in (str(customer.pk), "=1", "+49 30 1", "01234")])

    assert checked(acme, xlsx_bytes(*cells)).counts == {"unchanged": 1}


def test_the_template_has_every_column_that_is_imported_and_no_row() -> None:
    (only,) = template()

    assert only.removeprefix("\ufeff").strip().split(",") == ["id", *FIELDS]


def test_an_id_that_looks_like_a_card_number_is_accepted(acme: Organization) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    looks_like = next(
        id
        for digits in range(100)
        if contains_card_number(str(id := uuid7(at, random=int(f"5018{digits:08}", 16))))
    )
    Customer.objects.bulk_create(
        [Customer(pk=looks_like, organization=acme, mode="live", created_at=at, city="Kyiv")]
    )

    found = checked(acme, "".join(export(Customer.objects.all())).encode())

    assert found.counts == {"unchanged": 1}


@pytest.mark.parametrize("rows", [0, 1000, 1001])
def test_every_row_is_exported_across_batches(acme: Organization, rows: int) -> None:
    Customer.objects.bulk_create(
        Customer(organization=acme, mode="live", city="Kyiv") for _ in range(rows)
    )

    lines = "".join(export(Customer.objects.all())).splitlines()

    assert len(lines) == rows + 1
