"""The order of events: no reader misses one, whenever and in whichever order transactions end."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from customers.insights import events
from customers.insights.events import START, Position, read_events
from customers.models import Customer, Organization
from customers.models.credential import Tenant
from customers.values.uuid7 import uuid7
from tests import factories
from tests.threads import TIMEOUT, race

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, TRANSACTIONS, CHANGES = 4, 25, 3


class Reader:
    """Reads on from where it was, and keeps the ids of what it got."""

    def __init__(self, tenant: Tenant, limit: int = 7) -> None:
        self.tenant = tenant
        self.limit = limit
        self.position: Position = START
        self.got: list[str] = []

    def read(self) -> None:
        while True:
            page = read_events(self.tenant, self.position, limit=self.limit)
            self.got += [event.id for event in page.events]
            self.position = page.end
            if not page.has_more:
                return

    def read_to_the_end(self) -> None:
        """Read what was committed. Transactions of other tests, too, may hold it back."""
        deadline = time.monotonic() + TIMEOUT
        while True:
            self.read()
            if len(self.got) >= len(stored(self.tenant)) or time.monotonic() > deadline:
                return
            time.sleep(0.01)


def stored(tenant: Tenant) -> list[str]:
    """The ids of all events that were committed, without the order that is tested here."""
    history: Any = Customer._meta.get_field("events").related_model
    numbers = history.objects.filter(**tenant.columns).values_list("pk", "pgh_xid")
    return sorted(f"evt_customer_{number}-{xid}" for number, xid in numbers)


@contextmanager
def connections_of_their_own(number: int) -> Iterator[list[psycopg.Connection[Any]]]:
    connection.ensure_connection()
    parameters = {
        **connection.connection.info.get_parameters(),
        "password": connection.connection.info.password,
    }
    with ExitStack() as stack:
        yield [stack.enter_context(psycopg.connect(**parameters)) for _ in range(number)]


def create(writer: psycopg.Connection[Any], tenant: Tenant) -> None:
    now = timezone.now()
    writer.execute(
        "INSERT INTO customers_customer"
        " (id, created_at, updated_at, organization_id, mode, version, metadata, name)"
        " VALUES (%s, %s, %s, %s, %s, 1, '{}', 'New')",
        [uuid7(now), now, now, tenant.organization_id, tenant.mode],
    )


def test_what_is_committed_late_is_read_in_its_place(acme: Organization) -> None:
    reader = Reader(factories.tenant(acme))
    with connections_of_their_own(2) as (first, second):
        create(first, reader.tenant)
        create(second, reader.tenant)
        second.commit()

        reader.read()
        assert reader.got == []  # the first, which is still running, comes before it

        first.commit()
        reader.read_to_the_end()

    assert sorted(reader.got) == stored(reader.tenant)
    assert len(reader.got) == 2


def test_what_is_rolled_back_holds_nothing_back(acme: Organization) -> None:
    reader = Reader(factories.tenant(acme))
    with connections_of_their_own(2) as (first, second):
        create(first, reader.tenant)
        create(second, reader.tenant)
        second.commit()
        first.rollback()
        reader.read_to_the_end()

    assert reader.got == stored(reader.tenant)
    assert len(reader.got) == 1


def overlapping(reader: Reader, seed: int) -> None:
    """Let transactions begin, write, commit and roll back in any order, and read at any moment."""
    chance = random.Random(seed)
    with connections_of_their_own(WRITERS) as writers:
        for _ in range(200):
            writer = chance.choice(writers)
            step: Callable[[], Any] = chance.choice(
                [
                    *[lambda writer=writer: create(writer, reader.tenant)] * 3,
                    *[writer.commit] * 2,
                    writer.rollback,
                    *[reader.read] * 2,
                ]
            )
            step()
        for writer in writers:
            writer.commit()
    reader.read_to_the_end()


@pytest.mark.parametrize("seed", range(5))
def test_every_event_is_read_once_in_whichever_order_transactions_end(
    acme: Organization, seed: int
) -> None:
    reader = Reader(factories.tenant(acme))

    overlapping(reader, seed)

    assert sorted(reader.got) == stored(reader.tenant)


def test_control_a_reader_that_awaits_no_one_misses_events(
    acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "oldest_running", lambda: 2**62)
    monkeypatch.setattr("tests.store.test_event_order.TIMEOUT", 0)
    reader = Reader(factories.tenant(acme))

    overlapping(reader, seed=0)

    assert set(reader.got) < set(stored(reader.tenant))


def test_a_reader_beside_threads_that_write_misses_nothing(acme: Organization) -> None:
    tenant = factories.tenant(acme)
    reader = Reader(tenant)
    writing = threading.Event()

    def write() -> None:
        for number in range(TRANSACTIONS):
            customer = factories.customer(acme, name=f"New {number}")
            for change in range(CHANGES):
                customer.revise({"city": f"City {change}"})

    def read() -> None:
        while not writing.is_set():
            reader.read()

    def write_all() -> None:
        try:
            raised = race(*[write] * WRITERS)
        finally:
            writing.set()
        assert raised == [None] * WRITERS

    assert race(write_all, read) == [None, None]
    reader.read_to_the_end()

    assert sorted(reader.got) == stored(tenant)
    assert len(reader.got) == WRITERS * TRANSACTIONS * (1 + CHANGES)
