"""The version of a row rises with every change, however that is made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from customers.models import Customer, CustomerUser, Organization, PaymentMethod
from customers.models.base import Versioned
from tests import factories


@pytest.fixture
def rows(customer: Customer) -> dict[str, Versioned]:
    """One row of everything that has a version."""
    return {
        "organization": customer.organization,
        "customer": customer,
        "user": factories.user(customer),
        "payment_method": factories.payment_method(customer),
    }


#: A text of each, which any value may replace.
TEXT = {
    Organization: "name",
    Customer: "name",
    CustomerUser: "first_name",
    PaymentMethod: "bank_name",
}


def save(row: Versioned, text: str) -> None:
    setattr(row, TEXT[type(row)], text)
    row.save()


def save_one_field(row: Versioned, text: str) -> None:
    setattr(row, TEXT[type(row)], text)
    row.save(update_fields=[TEXT[type(row)]])


def update(row: Versioned, text: str) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**{TEXT[type(row)]: text})


def bulk_update(row: Versioned, text: str) -> None:
    setattr(row, TEXT[type(row)], text)
    type(row)._default_manager.bulk_update([row], [TEXT[type(row)]])


def raw_sql(row: Versioned, text: str) -> None:
    with connection.cursor() as cursor:
        statement = f"UPDATE {row._meta.db_table} SET {TEXT[type(row)]} = %s WHERE id = %s"
        cursor.execute(statement, [text, row.pk])


WAYS = [save, save_one_field, update, bulk_update, raw_sql]


@pytest.mark.parametrize("kind", ["organization", "customer", "user", "payment_method"])
@pytest.mark.parametrize("way", WAYS)
def test_every_change_raises_the_version_by_one(
    rows: dict[str, Versioned], kind: str, way: Callable[[Versioned, str], None]
) -> None:
    row = rows[kind]
    row.refresh_from_db()
    version, updated_at = row.version, row.updated_at

    way(row, "New")

    row.refresh_from_db()
    assert row.version == version + 1
    assert row.updated_at > updated_at


@pytest.mark.parametrize("kind", ["organization", "customer", "user", "payment_method"])
@pytest.mark.parametrize("way", WAYS)
def test_an_update_that_changes_nothing_leaves_the_row(
    rows: dict[str, Versioned], kind: str, way: Callable[[Versioned, str], None]
) -> None:
    row = rows[kind]
    way(row, "New")
    row.refresh_from_db()
    version, updated_at, events = row.version, row.updated_at, row.events.count()  # type: ignore[attr-defined]

    way(row, "New")

    row.refresh_from_db()
    assert (row.version, row.updated_at) == (version, updated_at)
    assert row.events.count() == events  # type: ignore[attr-defined]


#: What no writer changes.
FIXED = {"version", "updated_at", "id", "created_at", "organization", "mode", "sequential_id"}


@pytest.mark.parametrize(
    "field",
    sorted({field.name for field in Customer._meta.concrete_fields if not field.generated} - FIXED),
)
def test_a_change_of_any_field_of_a_customer_raises_the_version(
    customer: Customer, field: str
) -> None:
    values: dict[str, object] = {
        "metadata": {"a": "b"},
        "country": "DE",
        "archived_at": customer.created_at,
        "default_payment_method": factories.payment_method(customer),
    }

    Customer.objects.filter(pk=customer.pk).update(**{field: values.get(field, "New")})

    customer.refresh_from_db()
    assert customer.version == 2


def test_a_row_begins_at_version_1(rows: dict[str, Versioned]) -> None:
    for row in rows.values():
        row.refresh_from_db()
        assert row.version == 1


def test_a_change_of_many_rows_raises_each(acme: Organization) -> None:
    for number in range(3):
        factories.customer(acme, name=str(number))

    Customer.objects.update(city="Berlin")

    assert list(Customer.objects.values_list("version", flat=True)) == [2, 2, 2]


@pytest.mark.parametrize("changes", [{}, {"name": "New"}])
def test_no_writer_sets_the_version(customer: Customer, changes: dict[str, str]) -> None:
    Customer.objects.filter(pk=customer.pk).update(version=40, **changes)

    customer.refresh_from_db()
    assert customer.version == 1 + len(changes)


@pytest.mark.parametrize("changes", [{}, {"name": "New"}])
def test_no_writer_sets_the_time_of_change(customer: Customer, changes: dict[str, str]) -> None:
    Customer.objects.filter(pk=customer.pk).update(updated_at="2000-01-01T00:00Z", **changes)

    customer.refresh_from_db()
    assert customer.updated_at.year > 2000


def test_other_rows_keep_theirs(acme: Organization, customer: Customer) -> None:
    other = factories.customer(acme, name="Other")

    customer.revise({"name": "New"})

    other.refresh_from_db()
    assert other.version == 1


def test_a_default_payment_method_raises_the_customers_version_only(customer: Customer) -> None:
    method = factories.payment_method(customer)

    customer.default_payment_method = method
    customer.save(update_fields=["default_payment_method"])

    assert (Customer.objects.get().version, PaymentMethod.objects.get().version) == (2, 1)
    assert PaymentMethod.objects.get().is_default


def test_a_user_raises_no_version_but_its_own(customer: Customer) -> None:
    user = factories.user(customer)
    CustomerUser.objects.filter(pk=user.pk).update(first_name="Ada")

    assert (Customer.objects.get().version, CustomerUser.objects.get().version) == (1, 2)
