"""Undoing an import, except for the customers that were changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from customers.imports import undo as undo_module
from customers.imports.errors import ImportConflict, InvalidState
from customers.imports.undo import conflicts
from customers.models import (
    Customer,
    CustomerImport,
    ImportRow,
    Organization,
)
from tests import factories
from tests.imports.support import applied, checked, rows, undone, uploaded

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


def reasons(customer_import: CustomerImport) -> list[tuple[object, ...]]:
    """The conflicts: their customers, why they stay as they are, and who holds an external id."""
    found: Any = conflicts(customer_import)
    return [(row.customer_id, row.why, row.holder) for row in found]


def test_new_customers_are_archived_and_changed_ones_restored(
    imported: CustomerImport, customer: Customer
) -> None:
    found = undone(imported)

    assert (found.state, found.undone_at is not None) == ("undone", True)
    assert Customer.objects.get(external_id="x-1").archived_at is not None
    customer.refresh_from_db()
    assert (customer.name, customer.external_id) == ("Coleman-Blair", "ext-1")
    assert (customer.metadata, customer.version) == ({"a": "b"}, 4)


def test_the_history_has_the_import_and_its_undoing(imported: CustomerImport) -> None:
    undone(imported)

    reasons = CustomerEvent.objects.filter(pgh_context__import=str(imported.pk))
    assert [event.pgh_context["reason"] for event in reasons.order_by("pgh_id")] == [
        *["Import of customers.csv"] * 2,
        *["Undoing the import of customers.csv"] * 2,
    ]


def test_a_changed_customer_stays_as_it_is_when_the_others_are_undone(
    imported: CustomerImport, customer: Customer
) -> None:
    later = Customer.objects.get(external_id="x-1")
    later.revise({"phone": "1"})
    assert [row.customer for row in conflicts(imported)] == [later]

    found = undone(imported)

    later.refresh_from_db()
    customer.refresh_from_db()
    assert (later.archived_at, later.version) == (None, 2)
    assert (customer.name, customer.version) == ("Coleman-Blair", 4)
    assert found.state == "undone"
    assert [row.customer for row in conflicts(found)] == [later]


def test_a_later_change_of_a_changed_customer_is_kept(
    imported: CustomerImport, customer: Customer
) -> None:
    Customer.objects.get(external_id="x-2").revise({"phone": "1"})

    found = undone(imported)

    customer.refresh_from_db()
    assert (customer.name, customer.phone, customer.version) == ("Renamed", "1", 4)
    assert Customer.objects.get(external_id="x-1").archived_at is not None
    assert [row.customer for row in conflicts(found)] == [customer]


@pytest.mark.parametrize("add", [factories.user, factories.payment_method])
def test_a_new_customer_with_users_or_payment_methods_is_not_archived(
    imported: CustomerImport, customer: Customer, add: Callable[[Customer], object]
) -> None:
    new = Customer.objects.get(external_id="x-1")
    add(new)
    assert [row.customer for row in conflicts(imported)] == [new]

    found = undone(imported)

    assert not Customer.objects.archived().exists()
    customer.refresh_from_db()
    assert customer.name == "Coleman-Blair"
    assert [row.customer for row in conflicts(found)] == [new]


def test_nothing_is_undone_when_all_customers_were_changed(imported: CustomerImport) -> None:
    for changed in Customer.objects.all():
        changed.revise({"phone": "1"})

    with pytest.raises(ImportConflict, match="No customer can get its previous values"):
        undone(imported)
    imported.refresh_from_db()
    assert imported.state == "applied"


def test_an_undone_import_without_later_changes_has_no_conflicts(imported: CustomerImport) -> None:
    assert not conflicts(undone(imported)).exists()


def test_a_changed_customer_may_have_users(imported: CustomerImport, customer: Customer) -> None:
    factories.user(customer)

    assert not conflicts(imported).exists()
    assert undone(imported).state == "undone"


def test_a_customer_whose_previous_external_id_is_taken_stays_when_the_others_are_undone(
    imported: CustomerImport, customer: Customer
) -> None:
    other = factories.customer(imported.organization, external_id="ext-1")
    assert reasons(imported) == [(customer.pk, "taken", other.pk)]

    found = undone(imported)

    customer.refresh_from_db()
    assert (found.state, customer.external_id, customer.name) == ("undone", "x-2", "Renamed")
    assert Customer.objects.get(external_id="x-1").archived_at is not None
    assert reasons(found) == [(customer.pk, "taken", other.pk)]


@pytest.mark.parametrize("elsewhere", ["archived", "test", "globex"])
def test_an_external_id_is_taken_only_among_the_live_customers_of_the_same_data(
    imported: CustomerImport, customer: Customer, globex: Organization, elsewhere: str
) -> None:
    mode = "test" if elsewhere == "test" else "live"
    organization = globex if elsewhere == "globex" else imported.organization
    other = factories.customer(organization, mode, external_id="ext-1")
    if elsewhere == "archived":
        other.archive()

    undone(imported)

    customer.refresh_from_db()
    assert customer.external_id == "ext-1"


def test_an_archived_customer_gets_back_an_external_id_that_another_has(
    customer: Customer,
) -> None:
    customer.archive()
    file = [["id", "external_id"], [str(customer.pk), "x-2"]]
    found = applied(customer.organization, file)
    factories.customer(customer.organization, external_id="ext-1")

    undone(found)

    customer.refresh_from_db()
    assert customer.external_id == "ext-1"


def test_a_conflict_says_why(imported: CustomerImport, customer: Customer) -> None:
    factories.user(Customer.objects.get(external_id="x-1"))
    Customer.objects.get(pk=customer.pk).revise({"phone": "1"})

    assert [why for _customer, why, _holder in reasons(imported)] == ["in use", "changed"]


def test_nothing_is_undone_when_an_external_id_is_taken_at_that_moment(
    imported: CustomerImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.customer(imported.organization, external_id="ext-1")
    monkeypatch.setattr(undo_module, "undoable", lambda found: found.rows.all())

    with pytest.raises(ImportConflict, match="another customer just now"):
        undone(imported)
    assert not Customer.objects.archived().exists()


def test_undoing_twice_undoes_once(imported: CustomerImport, customer: Customer) -> None:
    undone(undone(imported))

    customer.refresh_from_db()
    assert customer.version == 4


def test_an_import_that_is_not_applied_cannot_be_undone(acme: Organization) -> None:
    for found in (uploaded(acme, FILE), checked(acme, FILE)):
        with pytest.raises(InvalidState, match="cannot be undone"):
            undone(found)


def test_an_old_import_cannot_be_undone_and_its_rows_are_deleted(
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
    with pytest.raises(InvalidState, match="too old"):
        undone(imported)


def test_an_import_that_no_one_confirms_is_deleted_after_a_week(imported: CustomerImport) -> None:
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
