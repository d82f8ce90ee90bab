"""The numbers of customers: counted for each organization and mode in the order of creation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from customers.models import Customer, Organization
from customers.models.errors import ExternalIdTaken
from customers.values.uuid7 import uuid7
from tests import factories
from tests.threads import race, raised

WRITERS = 16


def numbers(organization: Organization, mode: str = "live") -> list[int]:
    """In the order of creation."""
    rows = Customer.objects.visible_to(factories.tenant(organization, mode)).order_by("pk")
    return list(rows.values_list("sequential_id", flat=True))


# --- Each way to create a customer ---------------------------------------------------------------


def register(organization: Organization) -> Customer:
    return factories.customer(organization)


def upsert(organization: Organization) -> Customer:
    id = str(uuid7(timezone.now()).hex)
    return Customer.objects.upsert(factories.tenant(organization), id, {"name": "New"})[0]


def save(organization: Organization) -> Customer:
    customer = Customer(organization=organization, mode="live", name="New")
    customer.save()
    return customer


def bulk_create(organization: Organization) -> Customer:
    rows = [Customer(organization=organization, mode="live", name="New")]
    return Customer.objects.bulk_create(rows)[0]


def raw_insert(organization: Organization) -> Customer:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_customer (id, created_at, updated_at, version, mode, name,"
            " metadata, organization_id) VALUES (%s, %s, %s, 1, 'live', 'New', '{}', %s)",
            [id := uuid7(now), now, now, organization.pk],
        )
    return Customer.objects.get(pk=id)


WAYS = [register, upsert, save, bulk_create, raw_insert]


@pytest.mark.parametrize("create", WAYS)
def test_it_counts_from_1_and_is_known_at_once(
    acme: Organization, create: Callable[[Organization], Customer]
) -> None:
    made = [create(acme).sequential_id for _ in range(3)]

    assert made == numbers(acme) == [1, 2, 3]


def test_all_ways_count_together(acme: Organization) -> None:
    for create in WAYS:
        create(acme)

    assert numbers(acme) == list(range(1, len(WAYS) + 1))


def test_each_organization_and_mode_has_its_own(acme: Organization, globex: Organization) -> None:
    for organization, mode in ((acme, "live"), (globex, "live"), (acme, "test"), (acme, "live")):
        factories.customer(organization, mode)

    assert numbers(acme) == [1, 2]
    assert numbers(acme, "test") == numbers(globex) == [1]
    assert numbers(globex, "test") == []


def test_an_upsert_of_a_known_customer_uses_no_number(acme: Organization) -> None:
    tenant = factories.tenant(acme)
    for name in ("One", "Two", "Two"):
        Customer.objects.upsert(tenant, "ext-1", {"name": name})
    Customer.objects.upsert(tenant, "ext-2", {"name": "Three"})

    assert numbers(acme) == [1, 2]


def test_a_customer_that_is_refused_leaves_the_others_in_order(acme: Organization) -> None:
    factories.customer(acme, external_id="ext-1")
    with pytest.raises(ExternalIdTaken):
        factories.customer(acme, external_id="ext-1")
    factories.customer(acme)

    first, second = numbers(acme)
    assert first == 1
    assert second > first


# --- It stays ------------------------------------------------------------------------------------


def test_archived_and_restored_it_is_the_same(acme: Organization) -> None:
    one, two = factories.customer(acme), factories.customer(acme)

    one.archive()
    factories.customer(acme)
    one.restore()
    two.delete()
    factories.customer(acme)

    assert numbers(acme) == [1, 3, 4]


def by_update(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(sequential_id=7)


def by_save(customer: Customer) -> None:
    customer.sequential_id = 7
    customer.save()


def by_raw_sql(customer: Customer) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer SET sequential_id = NULL WHERE id = %s", [customer.pk]
        )


@pytest.mark.parametrize("change", [by_update, by_save, by_raw_sql])
def test_a_writer_s_own_has_no_effect(
    customer: Customer, change: Callable[[Customer], None]
) -> None:
    change(customer)

    customer.refresh_from_db()
    assert (customer.sequential_id, customer.version) == (1, 1)
    assert customer.events.count() == 1  # type: ignore[attr-defined]


def test_it_is_not_in_the_history() -> None:
    event: Any = Customer._meta.get_field("events").related_model

    assert "sequential_id" not in {field.name for field in event._meta.fields}


# --- Customers that bring their own --------------------------------------------------------------


@pytest.mark.parametrize("own", [2, 7, 1000, 1001, 1_000_000])
def test_later_customers_come_after_one_that_brings_its_own(acme: Organization, own: int) -> None:
    factories.customer(acme)
    brought = Customer(organization=acme, mode="live", name="Brought", sequential_id=own)
    brought.save()
    factories.customer(acme)

    assert brought.sequential_id == own
    assert numbers(acme) == [1, own, own + 1]


def test_one_that_comes_late_keeps_its_own(acme: Organization) -> None:
    for own in (5, 3, 4):
        Customer(organization=acme, mode="live", name="Brought", sequential_id=own).save()
    factories.customer(acme)

    assert numbers(acme) == [5, 3, 4, 6]


def test_a_number_that_another_has_is_refused(acme: Organization) -> None:
    factories.customer(acme)
    twin = Customer(organization=acme, mode="live", name="Twin", sequential_id=1)

    with pytest.raises(IntegrityError, match="customer_sequential_id_unique"), transaction.atomic():
        twin.save()


@pytest.mark.parametrize("left_out", ["sequential_id", None])
def test_a_fixture_may_have_the_customers_before_their_organization(
    acme: Organization, tmp_path: Path, left_out: str | None
) -> None:
    for _ in range(3):
        factories.customer(acme)
    path = tmp_path / "fixture.json"
    call_command("dumpdata", "customers.customer", "customers.organization", output=str(path))
    rows = json.loads(path.read_text())
    rows.sort(key=lambda row: (row["model"], row["pk"]))  # the customers come first
    for row in rows:
        row["fields"].pop(left_out, None)
    path.write_text(json.dumps(rows))
    Customer.objects.all().delete()
    forget(acme)
    Organization.objects.all().delete()

    call_command("loaddata", str(path), verbosity=0)

    assert numbers(acme) == [1, 2, 3]
    assert factories.customer(acme).sequential_id == 4


def forget(organization: Organization) -> None:
    """Drop the sequences, as if this were another database."""
    with connection.cursor() as cursor:
        for mode in ("live", "test"):
            cursor.execute(f"DROP SEQUENCE customers_number_{organization.pk.hex}_{mode}")


# --- Many at once --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_get_numbers_of_their_own() -> None:
    acme = factories.organization("acme")

    made = race(*[lambda: [register(acme).sequential_id for _ in range(5)]] * WRITERS)

    assert raised(made) == []
    assert sorted(number for each in made for number in each) == list(range(1, WRITERS * 5 + 1))


@pytest.mark.django_db(transaction=True)
def test_no_writer_waits_for_another_s_transaction() -> None:
    """As an import's, which creates many customers in one."""
    acme = factories.organization("acme")

    with transaction.atomic():
        factories.customer(acme)
        (other,) = race(lambda: factories.customer(acme))

    assert raised([other]) == []
    assert sorted(numbers(acme)) == [1, 2]
