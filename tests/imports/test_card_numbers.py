"""A card number in a file is stored nowhere."""

from __future__ import annotations

import re

import pytest

from customers.imports.check import set_mapping
from customers.models import Customer, Organization
from tests.imports.support import (
    check_again,
    checked,
    outcomes,
    problems,
    rows,
    uploaded,
    xlsx_bytes,
)
from tests.stored import everything_stored

DIGITS = "4111111111111111"
CARD = "4111 1111-1111 1111"


def is_stored() -> bool:
    return DIGITS in re.sub(r"[ -]|\\+u003", "", everything_stored())


def test_is_stored_finds_a_card_number(acme: Organization) -> None:
    assert not is_stored()

    Customer.objects.bulk_create([Customer(organization=acme, mode="live", name=CARD)])

    assert is_stored()


@pytest.mark.parametrize("column", ["name", "metadata", "id", "Colour"])
@pytest.mark.parametrize("cell", [DIGITS, CARD, f"'{CARD}", f'{{"a": "{CARD}"}}', f"={DIGITS}"])
def test_a_row_with_a_card_number_is_refused_and_the_number_not_stored(
    acme: Organization, column: str, cell: str
) -> None:
    found = checked(acme, [[column, "city"], [cell, "Berlin"]])

    assert outcomes(found) == ["refused"]
    assert "payment card number" in problems(found)[column]
    assert rows(found)[0].cells == [None, "Berlin"]
    assert not is_stored()


def test_a_card_number_in_a_workbook_is_not_stored(acme: Organization) -> None:
    found = checked(acme, xlsx_bytes(["name", "city"], [int(DIGITS), "Berlin"]))

    assert outcomes(found) == ["refused"]
    assert not is_stored()


def test_a_card_number_with_json_escapes_is_found_by_the_check(acme: Organization) -> None:
    hidden = DIGITS.replace("4", "\\u0034")

    found = checked(acme, [["metadata", "city"], [f'{{"a": "{hidden}"}}', "Berlin"]])

    assert "payment card number" in problems(found)["metadata"]
    assert rows(found)[0].cells == [None, "Berlin"]
    assert not is_stored()


def test_a_card_number_parted_over_cells_is_refused(acme: Organization) -> None:
    found = checked(acme, [["name", "city"], ["4242 4242", "4242 4242"], ["4242", "4242"]])

    assert outcomes(found) == ["refused", "new"]
    assert "payment card number" in rows(found)[0].problems["city"]


@pytest.mark.parametrize("column", ["external_id", "Processor reference", "Phone", "legal_number"])
def test_long_numbers_are_accepted(acme: Organization, column: str) -> None:
    assert outcomes(checked(acme, [[column], [DIGITS]])) == ["new"]


def test_a_column_of_long_ids_is_checked_when_it_is_matched_to_a_text(
    acme: Organization,
) -> None:
    found = uploaded(acme, [["external_id", "city"], [CARD, "Berlin"]])

    set_mapping(found.pk, ["name", "city"], blank_clears=False)
    check_again(found)

    assert outcomes(found) == ["refused"]
    assert rows(found)[0].cells == [None, "Berlin"]
    assert not is_stored()
