"""The rows of an import, in a table with the file's own columns."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import Customer, CustomerImport, Organization
from tests import factories
from tests.backoffice.imports.support import text, url_of
from tests.imports.support import check_again, checked, confirm


@pytest.fixture
def mixed(customer: Customer) -> CustomerImport:
    """An import with a row of every outcome, those to be refused last."""
    factories.customer(customer.organization, external_id="ext-2", name="Same")
    return checked(
        customer.organization,
        [
            ["external_id", "name", "country", "Colour"],
            ["x-1", "New one", "Germany", "red"],
            ["ext-2", "Same", "", "blue"],
            ["ext-1", "Renamed", "", ""],
            ["x-3", "Refused", "Nowhere", ""],
        ],
    )


def shown(client: Client, customer_import: CustomerImport, query: str = "") -> Any:
    """The context of the page."""
    response: Any = client.get(f"{url_of(customer_import)}?{query}")
    assert response.status_code == 200
    return response.context


def numbers(client: Client, customer_import: CustomerImport, query: str = "") -> list[int]:
    return [line.row.number for line in shown(client, customer_import, query)["lines"]]


def cells(page: str) -> dict[int, list[str]]:
    """The cells of each row as a person reads them, by the row's number."""
    found = {}
    for number, row in re.findall(r'<tr id="row-(\d+)">(.*?)</tr>', page, re.DOTALL):
        texts = [
            re.sub(r"<[^>]+>", " ", cell) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)
        ]
        found[int(number)] = [" ".join(cell.split()) for cell in texts]
    return found


def test_refused_rows_come_first_then_changed_then_new_ones(
    editor: Client, mixed: CustomerImport
) -> None:
    assert numbers(editor, mixed) == [5, 4, 2]
    assert "1 row is unchanged, and not listed" in text(editor.get(url_of(mixed)))


def test_each_column_of_the_file_says_which_field_it_fills(
    editor: Client, mixed: CustomerImport
) -> None:
    columns = shown(editor, mixed)["columns"]

    assert [(column.name, column.field) for column in columns] == [
        ("external_id", "External id"),
        ("name", "Name"),
        ("country", "Country"),
        ("Colour", ""),
    ]


def test_a_cell_shows_what_becomes_of_it(editor: Client, mixed: CustomerImport) -> None:
    page = text(editor.get(url_of(mixed)))
    found = cells(page)

    assert found[2][1:] == ["x-1", "New one", "Germany read as DE", "red"]
    assert found[4][1:] == ["ext-1", "Coleman-Blair → becomes Renamed", "—", "—"]
    assert found[5][3].startswith("Nowhere This is not a country.")
    assert "<del>Coleman-Blair</del>" in page
    assert "<ins>Renamed</ins>" in page


def test_a_cleared_value_becomes_nothing(editor: Client, customer: Customer) -> None:
    found = checked(
        customer.organization, [["external_id", "name"], ["ext-1", ""]], blank_clears=True
    )

    assert cells(text(editor.get(url_of(found))))[2][2] == "Coleman-Blair → becomes —"


def test_a_reason_of_no_cell_is_shown_with_the_row(editor: Client, acme: Organization) -> None:
    found = checked(acme, [["name", "Colour"], ["", "red"]])

    assert "No imported column has a value" in cells(text(editor.get(url_of(found))))[2][0]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [("refused", [5]), ("changed", [4]), ("new", [2]), ("unchanged", [5, 4, 2]), ("x", [5, 4, 2])],
)
def test_rows_are_filtered_by_outcome(
    editor: Client, mixed: CustomerImport, outcome: str, expected: list[int]
) -> None:
    assert numbers(editor, mixed, f"outcome={outcome}") == expected


def test_undoing_shows_the_changes_backwards(editor: Client, mixed: CustomerImport) -> None:
    confirm(mixed)

    found = cells(text(editor.get(url_of(mixed, "undo/"))))
    assert found == {4: [found[4][0], "ext-1", "Renamed → becomes Coleman-Blair", "—", "—"]}


@pytest.fixture
def long(acme: Organization) -> CustomerImport:
    """An import of 70 new rows and 50 refused ones, in turns."""
    lines = [[f"name-{n}.", "Nowhere" if n % 12 < 5 else "DE"] for n in range(120)]
    return checked(acme, [["name", "country"], *lines])


@pytest.mark.parametrize(("query", "sizes"), [("", [50, 50, 20]), ("outcome=new", [50, 20])])
def test_rows_are_paged_in_both_directions(
    editor: Client, long: CustomerImport, query: str, sizes: list[int]
) -> None:
    pages = [shown(editor, long, query)]
    while "next" in pages[-1]["links"]:
        pages.append(shown(editor, long, pages[-1]["links"]["next"]))

    found = [[line.row.number for line in page["lines"]] for page in pages]
    assert [len(page) for page in found] == sizes
    assert len({number for page in found for number in page}) == sum(sizes)
    assert "previous" not in pages[0]["links"]
    for before, page in zip(found, pages[1:], strict=False):
        assert numbers(editor, long, page["links"]["previous"]) == before


@pytest.mark.parametrize(
    "position", ["new--1", "new-x", f"new-{'1' * 30}", "new-١", "12", "unchanged-2", "-", ""]
)
def test_an_invalid_position_is_the_first_page(
    editor: Client, mixed: CustomerImport, position: str
) -> None:
    assert numbers(editor, mixed, f"after={position}&before={position}") == [5, 4, 2]


def test_a_page_of_rows_makes_as_many_queries_for_many_as_for_few(
    editor: Client, mixed: CustomerImport, long: CustomerImport
) -> None:
    asked = []
    for found in (mixed, long, long):
        shown(editor, found)  # stores the scope in the session
        with CaptureQueriesContext(connection) as queries:
            shown(editor, found)
        asked.append(len(queries))
        check_again(found)

    assert max(asked) <= 12
    assert asked[0] >= asked[1]  # of three outcomes, and of two


def test_a_page_of_rows_is_short(editor: Client, long: CustomerImport) -> None:
    assert len(cells(text(editor.get(url_of(long))))) == 50
