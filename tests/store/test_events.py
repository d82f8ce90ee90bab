"""Events: what each says, which are asked for, and pages of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from customers.insights import events
from customers.insights.events import (
    START,
    TYPES,
    EventPage,
    Position,
    UnknownPosition,
    Wanted,
    find_event,
    has_events,
    last_position,
    read_events,
)
from customers.models import Customer, Organization
from customers.models.credential import Actor, Tenant
from customers.models.history import acting
from tests import factories

pytestmark = pytest.mark.usefixtures("everything_has_ended")


def read(tenant: Tenant, **wanted: Any) -> list[str]:
    return [event.type for event in read_events(tenant, limit=100, wanted=Wanted(**wanted)).events]


def all_pages(tenant: Tenant, limit: int, wanted: Wanted | None = None) -> list[EventPage]:
    pages = [read_events(tenant, limit=limit, wanted=wanted)]
    while pages[-1].has_more:
        pages.append(read_events(tenant, pages[-1].end, limit=limit, wanted=wanted))
    return pages


@pytest.fixture
def one_of_each(acme: Organization) -> Customer:
    """A customer of which every type of event is in the history."""
    customer = factories.customer(acme, name="Ada")
    user, method = factories.user(customer), factories.payment_method(customer)
    customer.revise({"name": "Grace"})
    customer.archive()
    customer.restore()
    user.revise({"first_name": "Grace"})
    method.revise({"brand": "amex"})
    user.remove()
    method.remove()
    factories.customer(acme, name="Gone").delete()
    return customer


def test_an_event_says_what_changed_by_whom_and_how(acme: Organization) -> None:
    customer = factories.customer(acme, name="Ada", city="Turin", metadata={"plan": "gold"})
    actor = Actor("staff", "7", "mara")
    with acting(actor, contract="lago", request_id="r-1", reason="moved"):
        customer.revise({"city": "Rome", "metadata": {"plan": "silver"}})

    event = read_events(customer.tenant, limit=10).events[-1]

    members = event.members
    customer.refresh_from_db()
    assert members["type"] == "customer.updated"
    assert members["customer_id"] == customer.pk
    assert members["version"] == customer.version == 2
    assert members["record"] == events.record_of(Customer, customer)
    assert members["previous"] == {"city": "Turin", "metadata": {"plan": "gold"}}
    assert members["actor"] == {"kind": "staff", "id": "7", "label": "mara"}
    assert (members["contract"], members["request_id"]) == ("lago", "r-1")
    assert (members["reason"], members["import_id"]) == ("moved", None)
    assert abs(members["time"] - timezone.now()) < timedelta(minutes=1)


def test_there_is_an_event_of_every_type(one_of_each: Customer) -> None:
    assert set(read(one_of_each.tenant)) == set(TYPES)


def test_a_record_that_was_deleted_is_as_it_was(acme: Organization) -> None:
    customer = factories.customer(acme, name="Ada")
    user = factories.user(customer, email="ada@example.org")
    record = events.record_of(type(user), user)
    user.remove()

    event = read_events(customer.tenant, limit=10).events[-1]

    assert (event.type, event.record, event.previous) == ("user.deleted", record, {})


def test_the_events_of_others_are_not_returned(acme: Organization, globex: Organization) -> None:
    factories.user(factories.customer(acme, name="Ada"))
    factories.customer(acme, "test", name="Ada")
    mine = factories.customer(globex, name="Grace")

    (event,) = read_events(mine.tenant, limit=10).events

    assert event.customer_id == mine.pk
    assert find_event(mine.tenant, event.id) == event
    other = read_events(factories.tenant(acme), limit=1).events[0]
    assert find_event(mine.tenant, other.id) is None


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_have_each_event_once_in_one_order(one_of_each: Customer, limit: int) -> None:
    whole = read_events(one_of_each.tenant, limit=100).events

    pages = all_pages(one_of_each.tenant, limit)

    found = [event for page in pages for event in page.events]
    assert [event.id for event in found] == [event.id for event in whole]
    assert [event.position for event in found] == sorted({event.position for event in found})
    assert pages[-1].end == last_position(one_of_each.tenant) == whole[-1].position


@pytest.mark.parametrize("type", TYPES)
def test_events_of_one_type_are_found(one_of_each: Customer, type: str) -> None:
    everything = read(one_of_each.tenant)

    assert read(one_of_each.tenant, types={type}) == [each for each in everything if each == type]


@pytest.mark.parametrize("window", [1, 2, 5])
@pytest.mark.parametrize("type", ["customer.restored", "user.deleted", "payment_method.updated"])
def test_a_type_is_found_however_few_are_looked_at_at_once(
    one_of_each: Customer, monkeypatch: pytest.MonkeyPatch, window: int, type: str
) -> None:
    monkeypatch.setattr(events, "WINDOW", window)

    pages = all_pages(one_of_each.tenant, 10, Wanted(types={type, "customer.deleted"}))

    found = [event.type for page in pages for event in page.events]
    assert sorted(found) == sorted([type, "customer.deleted"])


def test_events_of_one_customer_are_found(one_of_each: Customer, acme: Organization) -> None:
    other = factories.customer(acme, name="Other")
    factories.user(other)

    assert read(one_of_each.tenant, customer_id=other.pk) == ["customer.created", "user.created"]


def test_events_since_a_time_are_found(customer: Customer) -> None:
    now = timezone.now()
    customer.revise({"city": "Rome"})

    assert read(customer.tenant, since=now) == ["customer.updated"]
    assert read(customer.tenant, since=timezone.now()) == []


def test_there_is_news_after_each_position_but_the_last(customer: Customer) -> None:
    assert has_events(customer.tenant, START)
    last = last_position(customer.tenant)
    assert not has_events(customer.tenant, last)
    factories.user(customer)
    assert has_events(customer.tenant, last)


def test_without_events_the_position_stays(acme: Organization) -> None:
    tenant = factories.tenant(acme)
    page = read_events(tenant, limit=10)

    assert (page.events, page.end, page.has_more) == ([], START, False)
    assert last_position(tenant) == START


def test_a_position_that_is_still_to_come_is_unknown(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "oldest_running", lambda: 1000)

    with pytest.raises(UnknownPosition):
        read_events(customer.tenant, Position(1000, 0, 0), limit=10)


def test_after_a_restore_new_events_come_after_all_others(customer: Customer) -> None:
    (event,) = read_events(customer.tenant, limit=10).events
    history: Any = Customer._meta.get_field("events").related_model
    restored = history.objects.get(pk=event.position.number)
    restored.pk, restored.pgh_xid = None, event.position.xid + 10**9  # as another server counted
    restored.save(force_insert=True)
    factories.user(customer)
    assert read(customer.tenant)[-1] == "customer.created"

    before = events.epoch()
    events.advance()
    customer.revise({"city": "Rome"})

    assert read(customer.tenant)[-1] == "customer.updated"
    assert events.epoch() > before


@pytest.mark.parametrize(
    "id",
    [
        "",
        "evt_",
        "evt_customer_",
        "evt_note_1",
        "evt_customer_-1",
        "evt_customer_²",
        "evt_customer_1-1",
        "x" * 99,
    ],
)
def test_an_id_of_no_event_finds_none(customer: Customer, id: str) -> None:
    assert find_event(customer.tenant, id) is None


def test_an_id_has_one_spelling(customer: Customer) -> None:
    event = read_events(customer.tenant, limit=1).events[0]

    assert find_event(customer.tenant, event.id.replace("customer_", "customer_0")) is None
    assert find_event(customer.tenant, event.id.removeprefix("evt_")) is None
    assert find_event(customer.tenant, event.id.partition("-")[0]) is None
    assert find_event(customer.tenant, f"{event.id}1") is None
