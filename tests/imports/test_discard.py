"""Discarding an import: what the file contained goes, and who discarded it stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from customers.imports.check import set_mapping
from customers.imports.discard import discard
from customers.imports.errors import InvalidState
from customers.models import Customer, CustomerImport, ImportRow, Organization
from tests.imports.support import applied, check_again, checked, confirm, person, undone, uploaded

FILE = [["name", "Colour"], ["Hooli", "red"]]


def match_again(customer_import: CustomerImport) -> None:
    set_mapping(customer_import.pk, [None, "name"], blank_clears=False)


def discarded(customer_import: CustomerImport) -> CustomerImport:
    discard(customer_import.pk, person())
    customer_import.refresh_from_db()
    return customer_import


@pytest.mark.parametrize("ready", [uploaded, checked])
def test_what_the_file_contained_is_deleted(
    acme: Organization, ready: Callable[..., CustomerImport]
) -> None:
    found = discarded(ready(acme, FILE))

    assert (found.state, found.discarded_by_label) == ("discarded", "sara")
    assert found.discarded_at is not None
    assert (found.header, found.mapping, found.left_out) == ([], [], [])
    assert (found.file_name, found.row_count) == ("customers.csv", 1)
    assert not ImportRow.objects.exists()
    assert not Customer.objects.exists()


@pytest.mark.parametrize("step", [check_again, confirm, undone, discarded, match_again])
def test_nothing_can_be_done_with_a_discarded_import(
    acme: Organization, step: Callable[[CustomerImport], object]
) -> None:
    found = discarded(checked(acme, FILE))

    with pytest.raises(InvalidState):
        step(found)
    found.refresh_from_db()
    assert found.state == "discarded"


def test_an_applied_import_cannot_be_discarded(acme: Organization) -> None:
    found = applied(acme, FILE)

    for same in (found, undone(found)):
        with pytest.raises(InvalidState, match="already imported"):
            discard(same.pk, person())
    assert ImportRow.objects.count() == 1


def test_that_an_import_was_discarded_is_kept(acme: Organization) -> None:
    discarded(checked(acme, FILE))
    with time_machine.travel(timezone.now() + timedelta(days=100)):
        call_command("sweep")

    assert CustomerImport.objects.get().state == "discarded"
