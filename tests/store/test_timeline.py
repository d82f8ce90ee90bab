"""The timeline of a customer: every change by whoever made it, cut into pages without a gap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from customers.insights.timeline import Entry, get_timeline, values_at
from customers.models import Customer, CustomerUser, PaymentMethod
from customers.models.credential import Actor
from customers.models.history import acting, recording
from tests import factories

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
EVENTS: dict[str, Any] = {
    "customer": Customer._meta.get_field("events").related_model,
    "user": CustomerUser._meta.get_field("events").related_model,
    "payment_method": PaymentMethod._meta.get_field("events").related_model,
}


def listed(customer: Customer) -> list[tuple[str, str, str]]:
    return [
        (entry.what, entry.verb, entry.subject)
        for entry in get_timeline(customer, limit=50).entries
    ]


def changes(entry: Entry) -> dict[str, tuple[object, object]]:
    return {change.name: (change.old, change.new) for change in entry.changes}


def latest(customer: Customer) -> Entry:
    return get_timeline(customer, limit=1).entries[0]


def events_at(customer: Customer, *times: datetime) -> None:
    """Changes of the customer's name at these times, as the history has them."""
    first = EVENTS["customer"].objects.filter(pgh_obj=customer.pk).values().first()
    first.pop("pgh_id")
    EVENTS["customer"].objects.bulk_create(
        EVENTS["customer"](**{**first, "pgh_label": "update", "name": f"n-{n}", "version": n + 2})
        for n in range(len(times))
    )
    table = EVENTS["customer"]._meta.db_table
    with connection.cursor() as cursor:  # the history is append-only to all but its owner
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for number, at in enumerate(times):
            cursor.execute(
                f'UPDATE "{table}" SET pgh_created_at = %s WHERE name = %s', [at, f"n-{number}"]
            )
        cursor.execute(f'UPDATE "{table}" SET pgh_created_at = %s WHERE version = 1', [AT])
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def paged(customer: Customer, limit: int) -> list[list[Entry]]:
    """All pages, from the latest to the first."""
    pages, before = [], None
    while True:
        page = get_timeline(customer, limit=limit, before=before)
        pages.append(page.entries)
        assert len(pages) < 100
        if page.next_before is None:
            return pages
        before = page.next_before


def test_a_customers_timeline_is_newest_first(customer: Customer) -> None:
    user = factories.user(customer, email="ada@example.org")
    method = customer.add_payment_method(type="card", brand="visa", last4="4242")
    user.revise({"first_name": "Ada"})
    user.remove()
    customer.set_default_payment_method(None)
    method.remove()
    customer.archive()
    customer.restore()

    assert listed(customer) == [
        ("customer", "restored", ""),
        ("customer", "archived", ""),
        ("payment_method", "removed", "visa •••• 4242"),
        ("customer", "changed", ""),
        ("user", "removed", "Ada"),
        ("user", "changed", "Ada"),
        ("customer", "changed", ""),
        ("payment_method", "created", "visa •••• 4242"),
        ("user", "created", "ada@example.org"),
        ("customer", "created", ""),
    ]


def test_a_change_is_shown_field_by_field(customer: Customer) -> None:
    customer.revise({"city": "Paris", "metadata": {"a": "1", "b": "2"}})
    customer.revise({"city": None, "ein": "12-3456789", "metadata": {"b": "3", "c": "4"}})

    assert changes(latest(customer)) == {
        "City": ("Paris", None),
        "EIN": (None, "12-3456789"),
        "Metadata: a": ("1", None),
        "Metadata: b": ("2", "3"),
        "Metadata: c": (None, "4"),
    }


def test_fields_that_the_store_sets_are_hidden(customer: Customer) -> None:
    customer.archive()

    assert changes(latest(customer)) == {}


def test_a_default_payment_method_is_shown_by_its_name_though_it_is_gone(
    customer: Customer,
) -> None:
    method = customer.add_payment_method(type="card", brand="visa", last4="4242")
    method.remove()

    reported = [changes(e) for e in get_timeline(customer, limit=9).entries if e.what == "customer"]

    assert reported[0] == {"Default payment method": ("visa •••• 4242", None)}
    assert reported[1] == {"Default payment method": (None, "visa •••• 4242")}


@pytest.mark.parametrize("kind", ["staff", "api_key", "oauth_client", "command"])
def test_it_shows_who_why_and_through_what(customer: Customer, kind: str) -> None:
    actor = Actor(kind, "7", "someone")
    with acting(actor, contract="lago"), recording(reason="moved", request_id="r-1"):
        customer.revise({"city": "Kyiv"})

    assert latest(customer).context == {
        "actor": {"kind": kind, "id": "7", "label": "someone"},
        "contract": "lago",
        "reason": "moved",
        "request_id": "r-1",
    }


def test_a_change_by_hand_is_reported_too(customer: Customer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET city = 'Kyiv'")

    entry = latest(customer)
    assert (changes(entry), entry.context) == ({"City": (None, "Kyiv")}, {})


def test_others_changes_are_not_in_it(customer: Customer) -> None:
    other = factories.customer(customer.organization, name="Other")
    factories.user(other)
    factories.payment_method(other)

    assert listed(customer) == [("customer", "created", "")]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 20])
@pytest.mark.parametrize("same", [1, 2, 5, 40])
def test_pages_lose_and_repeat_nothing(customer: Customer, limit: int, same: int) -> None:
    times = [AT + timedelta(microseconds=n // same) for n in range(1, 61)]
    events_at(customer, *times)

    seen = [changes(entry)["Name"][1] for page in paged(customer, limit) for entry in page]

    assert sorted(map(str, seen)) == sorted([*(f"n-{n}" for n in range(60)), "Coleman-Blair"])


def test_very_many_changes_in_one_instant_are_all_listed(customer: Customer) -> None:
    events_at(customer, *[AT + timedelta(seconds=1)] * 100)

    assert sum(len(page) for page in paged(customer, 5)) == 101


def test_pages_of_several_kinds_join(customer: Customer) -> None:
    for number in range(6):
        customer.revise({"city": f"City {number}"})
        factories.user(customer, email=f"ada{number}@example.org")
        factories.payment_method(customer)

    entries = [entry for page in paged(customer, 4) for entry in page]

    assert len(entries) == 19
    assert entries == get_timeline(customer, limit=100).entries
    assert [entry.at for entry in entries] == sorted((e.at for e in entries), reverse=True)


def test_the_length_of_the_story_costs_no_queries(
    customer: Customer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        customer.revise({"city": f"City {number}"})

    with django_assert_max_num_queries(6):
        assert len(get_timeline(customer, limit=20).entries) == 20


def test_default_payment_methods_cost_no_queries_each(
    customer: Customer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    methods = [factories.payment_method(customer) for _ in range(2)]
    for number in range(12):
        customer.set_default_payment_method(methods[number % 2])

    with django_assert_max_num_queries(10):
        get_timeline(customer, limit=20)


def test_a_row_is_read_as_it_was(customer: Customer) -> None:
    customer.revise({"city": "Paris"})
    customer.revise({"city": "Rome"})

    cities = [(values_at(customer, version) or {}).get("city") for version in (1, 2, 3)]

    assert cities == [None, "Paris", "Rome"]
    assert values_at(customer, 4) is None
    assert values_at(customer, 10**30) is None
