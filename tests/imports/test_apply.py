"""Confirming an import: all rows or none, and who did it in the history."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.imports import writes
from customers.imports.apply import apply
from customers.imports.errors import ImportConflict, ImportUnavailable, InvalidState
from customers.imports.locking import lock_import
from customers.models import Customer, Organization
from tests import factories
from tests.imports.support import (
    SARA,
    applied,
    check_again,
    checked,
    confirm,
    outcomes,
    rows,
    uploaded,
)

CustomerEvent: Any = Customer._meta.get_field("events").related_model
MIXED = [
    ["external_id", "name", "city", "metadata"],
    ["x-1", "New one", "Berlin", '{"a": "b"}'],
    ["ext-1", "Renamed", "", ""],
    ["ext-2", "Same", "", ""],
    ["x-2", "New two", "", ""],
]


@pytest.fixture
def world(customer: Customer) -> Customer:
    factories.customer(customer.organization, external_id="ext-2", name="Same")
    return customer


def test_new_customers_are_created_and_changed_ones_updated(world: Customer) -> None:
    found = applied(world.organization, MIXED)

    assert found.state == "applied"
    assert found.applied_at is not None
    world.refresh_from_db()
    assert (world.name, world.version) == ("Renamed", 2)
    one = Customer.objects.get(external_id="x-1")
    assert (one.name, one.city, one.metadata) == ("New one", "Berlin", {"a": "b"})
    assert (one.organization, one.mode, one.version) == (world.organization, "live", 1)
    assert Customer.objects.get(external_id="ext-2").version == 1


def test_each_row_has_its_customer_and_the_version_after_the_import(world: Customer) -> None:
    found = applied(world.organization, MIXED)

    new, changed, unchanged, _ = rows(found)
    assert new.customer == Customer.objects.get(external_id="x-1")
    assert (new.left_version, changed.left_version, unchanged.left_version) == (1, 2, None)


def test_new_customers_are_listed_in_the_order_of_the_file(acme: Organization) -> None:
    names = [f"Customer {number}" for number in range(1500)]

    applied(acme, [["name"], *([name] for name in names)])

    assert list(Customer.objects.order_by("pk").values_list("name", flat=True)) == names


def test_only_the_fields_that_change_are_written(world: Customer) -> None:
    found = checked(world.organization, MIXED)

    with CaptureQueriesContext(connection) as queries:
        confirm(found)

    (update,) = [
        query["sql"]
        for query in queries
        if 'UPDATE "customers_customer"' in query["sql"] and "SAVEPOINT" not in query["sql"]
    ]
    written = update[update.index(" SET ") : update.rindex(" WHERE ")]
    assert written.count("CASE") == 1
    assert '"name" = ' in written


def test_the_history_names_the_person_and_the_import(world: Customer) -> None:
    found = applied(world.organization, MIXED)

    written = CustomerEvent.objects.filter(pgh_context__import=str(found.pk))
    assert written.count() == 3
    for event in written:
        assert event.pgh_context["actor"]["label"] == SARA.label
        assert event.pgh_context["reason"] == "Import of customers.csv"


def test_confirming_twice_imports_once(world: Customer) -> None:
    found = applied(world.organization, MIXED)
    confirm(found)

    assert Customer.objects.count() == 4


def test_an_import_is_locked_while_it_is_applied(transactional_db: None) -> None:
    acme = factories.organization("acme")
    found = checked(acme, MIXED)
    steps = apply(found.pk, SARA)
    next(steps)
    try:
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM customers_customerimport WHERE id = %s FOR UPDATE SKIP LOCKED",
                [found.pk],
            )
            assert cursor.fetchone() is None
        other.close()
    finally:
        steps.close()


def test_a_locked_import_cannot_be_locked_again(transactional_db: None) -> None:
    found = checked(factories.organization("acme"), MIXED)
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM customers_customerimport WHERE id = %s FOR UPDATE", [found.pk]
            )
        with pytest.raises(ImportUnavailable, match="being processed"), transaction.atomic():
            lock_import(found.pk)
    finally:
        other.close()


def test_nothing_is_imported_when_it_is_interrupted(transactional_db: None) -> None:
    acme = factories.organization("acme")
    found = checked(acme, [["name"], *(["A"] for _ in range(1500))])

    steps = apply(found.pk, SARA)
    assert next(steps) == 1000
    steps.close()

    assert not Customer.objects.exists()
    assert not CustomerEvent.objects.exists()
    assert confirm(found).state == "applied"
    assert Customer.objects.count() == 1500


def test_nothing_is_imported_when_the_last_row_fails(
    world: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = checked(world.organization, MIXED)

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(writes, "update_rows", fail)  # after the customers of the rows are written
        with pytest.raises(RuntimeError):
            confirm(found)

    world.refresh_from_db()
    assert (world.name, world.version) == ("Coleman-Blair", 1)
    assert Customer.objects.count() == 2
    found.refresh_from_db()
    assert found.state == "checked"
    # Without the failing call the same import succeeds.
    assert confirm(found).state == "applied"


def test_nothing_is_imported_when_a_customer_was_changed_since_the_check(world: Customer) -> None:
    found = checked(world.organization, MIXED)
    world.revise({"phone": "1"})

    with pytest.raises(ImportConflict, match=r"1 customer was changed since the check\."):
        confirm(found)

    assert Customer.objects.count() == 2
    assert confirm(check_again(found)).state == "applied"


def test_nothing_is_imported_when_an_external_id_was_taken_since_the_check(world: Customer) -> None:
    found = checked(world.organization, MIXED)
    factories.customer(world.organization, external_id="x-2")

    with pytest.raises(ImportConflict, match="external id of this file now belongs to another"):
        confirm(found)

    world.refresh_from_db()
    assert world.version == 1
    assert Customer.objects.count() == 3
    assert outcomes(check_again(found)) == ["new", "changed", "unchanged", "changed"]


def test_refused_rows_are_left_out(world: Customer) -> None:
    found = applied(world.organization, [*MIXED, ["ext-1", "Twice", "", ""]])

    assert outcomes(found)[-1] == "refused"
    assert rows(found)[-1].left_version is None
    world.refresh_from_db()
    assert (world.name, world.version) == ("Renamed", 2)
    assert Customer.objects.count() == 4


def test_nothing_is_imported_when_every_row_is_refused(acme: Organization) -> None:
    found = checked(acme, [["name", "country"], ["A", "Nowhere"]])

    with pytest.raises(InvalidState, match="cannot be confirmed"):
        confirm(found)


def test_what_was_checked_again_since_it_was_seen_is_not_imported(world: Customer) -> None:
    found = checked(world.organization, MIXED)
    seen = found.revision
    check_again(found)

    with pytest.raises(ImportConflict, match="checked again since you opened the page"):
        list(apply(found.pk, SARA, seen=seen))
    list(apply(found.pk, SARA, seen=seen + 1))
    assert Customer.objects.count() == 4


def test_an_import_must_be_checked_first(acme: Organization) -> None:
    with pytest.raises(InvalidState, match="cannot be confirmed"):
        confirm(uploaded(acme, MIXED))


def test_an_applied_import_is_not_checked_again(world: Customer) -> None:
    found = applied(world.organization, MIXED)

    with pytest.raises(InvalidState, match="already imported"):
        check_again(found)


def test_an_import_stays_in_its_mode(world: Customer) -> None:
    found = applied(world.organization, MIXED, mode="test")

    assert outcomes(found) == ["new"] * 4
    assert Customer.objects.filter(mode="test").count() == 4
    assert Customer.objects.filter(mode="live").count() == 2
