"""Undoing an import, as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from customers.imports.locking import NotPossible
from customers.imports.undoing import in_the_way
from customers.models import (
    Customer,
    CustomerImport,
    CustomerUser,
    ImportRow,
    Organization,
    PaymentMethod,
)
from tests import factories
from tests.imports.support import applied, checked, rows, take_back, uploaded

CustomerEvent: Any = Customer._meta.get_field("events").related_model
FILE = [
    ["id", "external_id", "name", "metadata"],
    ["", "x-1", "New one", ""],
    ["{id}", "x-2", "Renamed", '{"a": "c"}'],
]


@pytest.fixture
def imported(customer: Customer) -> CustomerImport:
    customer.revise({"metadata": {"a": "b"}})
    file = [[cell.replace("{id}", str(customer.pk)) for cell in row] for row in FILE]
    return applied(customer.organization, file)


def test_what_was_made_is_archived_and_what_was_changed_is_as_before(
    imported: CustomerImport, customer: Customer
) -> None:
    found = take_back(imported)

    assert (found.state, found.undone_at is not None) == ("undone", True)
    assert Customer.objects.get(external_id="x-1").archived_at is not None
    customer.refresh_from_db()
    assert (customer.name, customer.external_id) == ("Coleman-Blair", "ext-1")
    assert (customer.metadata, customer.version) == ({"a": "b"}, 4)


def test_the_history_shows_who_undid_it(imported: CustomerImport) -> None:
    take_back(imported)

    reasons = CustomerEvent.objects.filter(pgh_context__import=str(imported.pk))
    assert [event.pgh_context["reason"] for event in reasons.order_by("pgh_id")] == [
        *["Import of customers.csv"] * 2,
        *["Undoing the import of customers.csv"] * 2,
    ]


@pytest.mark.parametrize("which", ["x-1", "x-2"])
def test_a_later_change_stands_in_the_way_of_all(imported: CustomerImport, which: str) -> None:
    changed = Customer.objects.get(external_id=which)
    changed.revise({"phone": "1"})

    assert [row.customer for row in in_the_way(imported)] == [changed]
    with pytest.raises(NotPossible, match="changed since the import"):
        take_back(imported)

    assert not Customer.objects.archived().exists()
    assert Customer.objects.get(external_id="x-2").name == "Renamed"
    imported.refresh_from_db()
    assert imported.state == "applied"


@pytest.mark.parametrize("add", [factories.user, factories.payment_method])
def test_what_a_new_customer_was_given_stands_in_the_way(
    imported: CustomerImport, add: Callable[[Customer], object]
) -> None:
    new = Customer.objects.get(external_id="x-1")
    add(new)

    assert [row.customer for row in in_the_way(imported)] == [new]
    with pytest.raises(NotPossible, match="users or payment methods"):
        take_back(imported)
    assert not Customer.objects.archived().exists()

    CustomerUser.objects.all().delete()
    PaymentMethod.objects.all().delete()
    assert take_back(imported).state == "undone"


def test_what_a_changed_customer_was_given_does_not(
    imported: CustomerImport, customer: Customer
) -> None:
    factories.user(customer)

    assert not in_the_way(imported).exists()
    assert take_back(imported).state == "undone"


def test_an_external_id_that_is_anothers_now_stands_in_the_way(imported: CustomerImport) -> None:
    other = factories.customer(imported.organization, external_id="ext-1")

    with pytest.raises(NotPossible, match="another customer's now"):
        take_back(imported)
    assert not Customer.objects.archived().exists()

    other.archive()
    assert take_back(imported).state == "undone"


def test_undoing_twice_is_undoing_once(imported: CustomerImport, customer: Customer) -> None:
    take_back(take_back(imported))

    customer.refresh_from_db()
    assert customer.version == 4


def test_what_is_not_imported_is_not_undone(acme: Organization) -> None:
    for found in (uploaded(acme, FILE), checked(acme, FILE)):
        with pytest.raises(NotPossible, match="cannot be undone"):
            take_back(found)


def test_an_import_of_long_ago_is_not_undone_and_its_rows_are_swept(
    imported: CustomerImport,
) -> None:
    young = timezone.now() - timedelta(days=89)
    CustomerImport.objects.filter(pk=imported.pk).update(applied_at=young)
    call_command("sweep")
    assert len(rows(imported)) == 2

    CustomerImport.objects.filter(pk=imported.pk).update(applied_at=young - timedelta(days=2))
    call_command("sweep")

    imported.refresh_from_db()
    assert rows(imported) == []
    assert not imported.can_be_undone
    with pytest.raises(NotPossible, match="too old"):
        take_back(imported)


def test_what_no_one_confirms_is_swept_after_a_week(imported: CustomerImport) -> None:
    acme, now = imported.organization, timezone.now()
    young, old = (
        CustomerImport.objects.create(
            organization=acme, mode="live", state="checked", created_at=now - timedelta(days=days)
        )
        for days in (6, 8)
    )
    for found in (young, old):
        ImportRow.objects.create(customer_import=found, number=2, cells=[])

    call_command("sweep")

    assert set(CustomerImport.objects.all()) == {young, imported}
    assert set(ImportRow.objects.values_list("customer_import", flat=True)) == {
        young.pk,
        imported.pk,
    }
