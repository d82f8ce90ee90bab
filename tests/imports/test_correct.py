"""Correcting a row: it is checked at once, with the rows that it has to do with."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from customers.imports.correct import correct
from customers.imports.discard import discard
from customers.imports.errors import CorrectedMeanwhile, InvalidState
from customers.models import Customer, CustomerImport, ImportCorrection, ImportRow, Organization
from customers.models.customer_import import ROWS_KEPT_FOR
from tests import factories
from tests.imports.support import (
    applied,
    check_again,
    checked,
    confirm,
    outcomes,
    person,
    rows,
    undone,
    uploaded,
)

CustomerEvent: Any = Customer._meta.get_field("events").related_model
FILE = [
    ["external_id", "name", "country"],
    ["x-1", "Hooli", "Nowhere"],
    ["x-2", "Raviga", "DE"],
]


def corrected(
    customer_import: CustomerImport, number: int, cells: dict[int, str], seen: int = 0
) -> ImportRow:
    row = correct(customer_import.pk, number, cells, seen=seen, person=person())
    customer_import.refresh_from_db()
    return row


def test_a_corrected_row_has_its_new_outcome_and_is_applied(acme: Organization) -> None:
    found = checked(acme, FILE)
    seen = found.revision

    row = corrected(found, 2, {2: "Germany"})

    assert (row.outcome, row.problems) == ("new", {})
    assert (found.counts, found.revision) == ({"new": 2}, seen + 1)
    confirm(found)
    customer = Customer.objects.get(external_id="x-1")
    assert (customer.name, customer.country) == ("Hooli", "DE")
    assert CustomerEvent.objects.get(pgh_obj_id=customer.pk).country == "DE"


def test_the_cells_of_the_file_and_who_corrected_them_are_kept(acme: Organization) -> None:
    found = checked(acme, FILE)
    corrected(found, 2, {2: "Nowhere at all"})
    row = corrected(found, 2, {1: "Hooli XYZ", 2: "US"}, seen=1)

    assert row.cells == ["x-1", "Hooli XYZ", "US"]
    first, second = found.corrections.order_by("number")
    assert (first.row, first.corrected_by_label) == (2, "sara")
    assert first.before == ["x-1", "Hooli", "Nowhere"]
    assert second.before == ["x-1", "Hooli", "Nowhere at all"]
    assert check_again(found).counts == {"new": 2}


def test_a_row_that_is_still_refused_keeps_what_was_corrected(acme: Organization) -> None:
    found = checked(acme, [["email", "country"], ["nobody", "Nowhere"]])

    row = corrected(found, 2, {1: "DE"})

    assert (row.outcome, list(row.problems), row.cells) == ("refused", ["email"], ["nobody", "DE"])


def test_the_same_cells_are_no_correction(acme: Organization) -> None:
    found = checked(acme, FILE)

    corrected(found, 2, {0: "x-1", 1: "Hooli"})

    assert not found.corrections.exists()


def test_a_second_correction_from_the_same_page_is_refused(acme: Organization) -> None:
    found = checked(acme, FILE)
    corrected(found, 2, {2: "DE"})

    with pytest.raises(CorrectedMeanwhile):
        corrected(found, 2, {2: "FR"})
    assert rows(found)[0].cells[2] == "DE"
    assert corrected(found, 2, {2: "FR"}, seen=1).changes["country"] == [None, "FR"]


def test_a_card_number_is_not_stored(acme: Organization) -> None:
    found = checked(acme, FILE)

    row = corrected(found, 2, {1: "4111 1111 1111 1111", 2: "DE"})

    assert (row.outcome, row.cells) == ("refused", ["x-1", None, "DE"])
    assert "payment card number" in row.problems["name"]
    assert corrected(found, 2, {1: "Hooli"}, seen=1).outcome == "new"
    assert "4111" not in str(list(found.corrections.values()))


def test_a_long_id_is_no_card_number(acme: Organization) -> None:
    found = checked(acme, FILE)

    row = corrected(found, 2, {0: "4111111111111111", 2: "DE"})

    assert (row.outcome, row.claims) == ("new", "4111111111111111")


def test_a_row_that_was_refused_because_of_the_corrected_one_is_accepted(
    acme: Organization,
) -> None:
    found = checked(acme, [["external_id", "name"], ["x", "A"], ["x", "B"], ["x", "C"]])
    assert outcomes(found) == ["new", "refused", "refused"]

    corrected(found, 2, {0: "y"})

    assert outcomes(found) == ["new", "new", "refused"]
    assert rows(found)[2].problems == {"external_id": "This external id is already in row 3."}


def test_a_row_is_refused_because_of_the_corrected_one(customer: Customer) -> None:
    found = checked(
        customer.organization,
        [["external_id", "country"], ["ext-2", "Nowhere"], ["ext-1", "DE"]],
    )
    assert outcomes(found) == ["refused", "changed"]

    corrected(found, 2, {0: "ext-1", 1: "FR"})

    assert outcomes(found) == ["changed", "refused"]
    assert rows(found)[1].problems == {"external_id": "This customer is already in row 2."}
    confirm(found)
    customer.refresh_from_db()
    assert (customer.country, customer.version) == ("FR", 2)


@pytest.mark.parametrize("seed", range(4))
def test_every_row_is_as_if_the_whole_file_were_checked(acme: Organization, seed: int) -> None:
    chance = random.Random(seed)
    ids = [
        str(factories.customer(acme, external_id=f"x-{number}", country="FR").pk)
        for number in range(3)
    ]

    def line() -> list[str]:
        return [
            chance.choice(["", "", *ids]),
            f"x-{chance.randrange(6)}",
            chance.choice(["DE", "FR", "Nowhere"]),
        ]

    found = checked(acme, [["id", "external_id", "country"], *(line() for _row in range(9))])
    seen = dict.fromkeys(range(2, 11), 0)
    for _correction in range(12):
        number = chance.randrange(2, 11)
        corrected(found, number, dict(enumerate(line())), seen=seen[number])
        seen[number] = found.corrections.filter(row=number).count()
        shown = findings(found), found.counts
        check_again(found)
        assert shown == (findings(found), found.counts)


def findings(customer_import: CustomerImport) -> list[Any]:
    return [
        (row.number, row.outcome, row.changes, row.problems, row.claims, row.customer_id)
        for row in rows(customer_import)
    ]


def test_only_a_checked_import_can_be_corrected(acme: Organization) -> None:
    discarded = checked(acme, FILE)
    discard(discarded.pk, person())

    for found in (uploaded(acme, FILE), applied(acme, FILE), discarded):
        with pytest.raises(InvalidState):
            corrected(found, 2, {2: "DE"})


def test_an_import_with_corrected_rows_is_undone(customer: Customer) -> None:
    found = checked(customer.organization, [["external_id", "country"], ["ext-1", "Nowhere"]])
    corrected(found, 2, {1: "FR"})

    undone(confirm(found))

    customer.refresh_from_db()
    assert (customer.country, customer.version) == (None, 3)


def test_corrections_are_deleted_with_the_rows(acme: Organization) -> None:
    old, discarded = checked(acme, FILE), checked(acme, FILE)
    for found in (old, discarded):
        corrected(found, 2, {2: "DE"})
    discard(discarded.pk, person())
    assert set(ImportCorrection.objects.values_list("customer_import", flat=True)) == {old.pk}

    confirm(old)
    CustomerImport.objects.filter(pk=old.pk).update(applied_at=timezone.now() - 2 * ROWS_KEPT_FOR)
    call_command("sweep")
    assert not ImportCorrection.objects.exists()
