"""The past: customers and what belongs to them, as they stood at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from customers.insights import past
from customers.insights.past import WAS
from customers.insights.timeline import events_of
from customers.models import Customer, Organization
from customers.models.credential import Tenant
from customers.models.errors import BeforeTheRecord
from tests import factories

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The database's clock, by which the events have their times."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
        return at


def names_at(tenant: Tenant, at: datetime) -> list[Any]:
    rows = past.customers_at(tenant, at, past.newest_at(at)).order_by("pk")
    return list(rows.values_list(f"{WAS}name", flat=True))


def name_at(customer: Customer, at: datetime) -> Any:
    event = past.event_at(customer, at)
    (listed,) = names_at(customer.tenant, at) or [None]
    assert listed == (event and event.name)
    return listed


def place_events(customer: Customer, *times: datetime) -> None:
    """Move the events of a customer, in the order of their ids, to these times."""
    table = events_of(Customer).model._meta.db_table
    ids = events_of(Customer).filter(pgh_obj=customer.pk).order_by("pgh_id")
    with connection.cursor() as cursor:  # the history is append-only to all but its owner
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for id, at in zip(ids.values_list("pgh_id", flat=True), times, strict=True):
            cursor.execute(f'UPDATE "{table}" SET pgh_created_at = %s WHERE pgh_id = %s', [at, id])
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def at_second(number: float) -> datetime:
    return LONG_AGO + timedelta(seconds=number)


@pytest.fixture
def renamed(acme: Organization) -> Customer:
    """Named 1, 2 and 3 at these seconds after `LONG_AGO`."""
    customer = factories.customer(acme, name="1", created_at=LONG_AGO)
    customer.revise({"name": "2"})
    customer.revise({"name": "3"})
    place_events(customer, *map(at_second, (1, 2, 3)))
    return customer


def test_a_version_holds_from_its_instant_to_that_of_the_next(renamed: Customer) -> None:
    held = {0.9: None, 1: "1", 1.9: "1", 2: "2", 2.999999: "2", 3: "3", 99: "3"}

    assert {second: name_at(renamed, at_second(second)) for second in held} == held


def test_of_several_changes_at_one_instant_the_last_counts(renamed: Customer) -> None:
    place_events(renamed, *map(at_second, (1, 2, 2)))

    assert [name_at(renamed, at_second(second)) for second in (1, 2)] == ["1", "3"]


def test_where_the_clock_was_set_back_the_later_change_counts(renamed: Customer) -> None:
    place_events(renamed, *map(at_second, (1, 5, 3)))

    assert [name_at(renamed, at_second(second)) for second in (2, 4, 6)] == ["1", "3", "3"]


def test_an_archived_customer_is_there_and_was_once_live(customer: Customer) -> None:
    live = now()
    customer.archive()
    archived = now()
    customer.restore()

    rows = past.customers_at(customer.tenant, archived, past.newest_at(archived))
    assert rows.values_list(f"{WAS}archived_at", f"{WAS}version").get()[0] is not None
    rows = past.customers_at(customer.tenant, live, past.newest_at(live))
    assert rows.values_list(f"{WAS}archived_at", f"{WAS}version").get() == (None, 1)


def test_a_row_of_the_past_is_the_whole_record(customer: Customer) -> None:
    customer.revise({"metadata": {"a": "b"}, "city": "Paris", "country": "FR"})
    customer.refresh_from_db()
    then = now()
    known = dict(vars(customer))
    customer.revise({"metadata": {}, "city": None})

    found = vars(past.row_of(past.event_at(customer, then)))

    for field in Customer._meta.concrete_fields:
        if not field.generated and field.attname != "sequential_id":  # which has no history
            assert found[field.attname] == known[field.attname]


def test_users_and_payment_methods_are_those_of_the_time(customer: Customer) -> None:
    before = now()
    user = factories.user(customer, first_name="Ada")
    first = customer.add_payment_method(type="card", brand="visa", last4="4242")
    second = customer.add_payment_method(type="card", brand="amex", last4="0005")
    with_both = now()
    user.revise({"first_name": "Grace"})
    user_id, first_id = user.pk, first.pk
    user.remove()
    first.remove()
    customer.set_default_payment_method(second)
    later = now()

    def then(at: datetime) -> tuple[list[Any], list[Any]]:
        users = past.users_at(customer.tenant, [customer.pk], at).order_by("id")
        methods = past.payment_methods_at(customer.tenant, [customer.pk], at).order_by("id")
        return (
            list(users.values_list("id", "first_name")),
            list(methods.values_list("id", "is_default")),
        )

    assert then(before) == ([], [])
    assert then(with_both) == ([(user_id, "Ada")], [(first_id, True), (second.pk, False)])
    assert then(later) == ([], [(second.pk, True)])


def test_what_was_removed_and_brought_back_is_there_again(customer: Customer) -> None:
    user = factories.user(customer, first_name="Ada")
    id = user.pk
    user.remove()
    gone = now()
    removal = events_of(type(user)).filter(pgh_obj=id).latest("pgh_id")
    type(user).bring_back(removal)

    def there(at: datetime) -> bool:
        return past.users_at(customer.tenant, [customer.pk], at).exists()

    assert (there(gone), there(now())) == (False, True)


def test_what_was_rolled_back_never_was(customer: Customer) -> None:
    with transaction.atomic():
        customer.revise({"name": "New"})
        within = now()
        transaction.set_rollback(True)

    assert (
        names_at(customer.tenant, within) == names_at(customer.tenant, now()) == ["Coleman-Blair"]
    )


def test_a_customer_that_is_older_than_its_row_begins_with_its_row(acme: Organization) -> None:
    customer = factories.customer(acme, name="Old", created_at=LONG_AGO)

    assert name_at(customer, at_second(1)) is None
    with pytest.raises(BeforeTheRecord, match="The record begins at 20"):
        past.check_recorded(customer.tenant, at_second(1), customer.pk)
    past.check_recorded(customer.tenant, now(), customer.pk)


def test_a_tenants_record_begins_with_its_first_event(
    renamed: Customer, globex: Organization
) -> None:
    factories.customer(globex, name="Other")

    past.check_recorded(renamed.tenant, at_second(1))
    with pytest.raises(BeforeTheRecord, match="begins at 2020-01-01T00:00:01Z"):
        past.check_recorded(renamed.tenant, LONG_AGO)
    past.check_recorded(factories.tenant(globex, "test"), LONG_AGO)  # of whom nothing is known


def test_the_past_of_other_tenants_is_theirs(customer: Customer, globex: Organization) -> None:
    factories.user(customer)
    factories.payment_method(customer)
    at = now()
    for other in (factories.tenant(globex), factories.tenant(customer.organization, "test")):
        assert names_at(other, at) == []
        assert not past.users_at(other, [customer.pk], at).exists()
        assert not past.payment_methods_at(other, [customer.pk], at).exists()


def test_a_customer_that_was_deleted_by_hand_is_in_no_past(customer: Customer) -> None:
    at = now()
    tenant = customer.tenant
    Customer.objects.filter(pk=customer.pk).delete()

    assert names_at(tenant, at) == []


@pytest.mark.parametrize("count", [1, 30])
def test_a_list_of_the_past_is_one_query(
    acme: Organization, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        factories.customer(acme, name=str(number)).revise({"city": "Paris"})
    at = now()

    with django_assert_num_queries(1):
        assert len(names_at(factories.tenant(acme), at)) == count
