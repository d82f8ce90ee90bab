"""GET /registry/v1/events and /registry/v1/events/{event_id}"""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from customers.api.registry.event_page import EventCursor
from customers.insights import events
from customers.insights.events import START, TYPES, Position
from customers.models import ApiKey, Customer, Organization
from customers.models.scopes import WRITE
from customers.rest.waiting import awaited_by
from customers.values.cus_ids import encode
from tests import factories
from tests.api.registry.support import assert_error, get, patch, path_of, post

pytestmark = pytest.mark.usefixtures("everything_has_ended")

EVENTS = "/registry/v1/events"


def read(api: APIClient, query: str = "") -> Any:
    answer = get(api, f"{EVENTS}?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def types(page: Any) -> list[str]:
    return [event["type"] for event in page["data"]]


def test_a_change_through_any_api_is_an_event(api: APIClient, customer: Customer) -> None:
    answer = patch(api, path_of(customer), {"city": "Rome"})

    event = read(api)["data"][-1]

    assert event["type"] == "customer.updated"
    assert event["customer_id"] == str(customer.pk)
    assert event["record"] == answer.json() == get(api, path_of(customer)).json()
    assert event["version"] == event["record"]["version"] == 2
    assert event["previous"] == {"city": customer.city}
    assert event["contract"] == "registry"
    assert event["actor"]["kind"] == "api_key"
    assert event["request_id"] == answer["X-Request-Id"]
    assert (event["reason"], event["import_id"]) == (None, None)
    assert get(api, f"{EVENTS}/{event['id']}").json() == event


def test_the_records_of_users_and_payment_methods_are_those_of_the_api(
    api: APIClient, customer: Customer
) -> None:
    user = post(api, path_of(customer, "/users"), {"first_name": "Ada"}).json()
    method = post(
        api, path_of(customer, "/payment_methods"), {"type": "card", "last4": "4242"}
    ).json()

    found = {event["type"]: event["record"] for event in read(api)["data"]}

    assert found["user.created"] == user
    assert found["payment_method.created"] == {
        name: value for name, value in method.items() if name != "is_default"
    }


def test_a_reason_is_in_the_event(api: APIClient, customer: Customer) -> None:
    post(api, path_of(customer, "/archive"), {"reason": "They asked for it"})

    event = read(api)["data"][-1]

    assert (event["type"], event["reason"]) == ("customer.archived", "They asked for it")


@pytest.mark.parametrize("limit", [1, 2, 1000])
def test_a_reader_gets_each_event_once(api: APIClient, customer: Customer, limit: int) -> None:
    factories.user(customer)
    customer.archive()
    got, page = [], read(api, f"limit={limit}")
    got += page["data"]
    while page["has_more"]:
        page = read(api, f"limit={limit}&cursor={page['cursor']}")
        got += page["data"]
    factories.payment_method(customer)
    got += read(api, f"cursor={page['cursor']}")["data"]

    assert [event["type"] for event in got] == [
        *("customer.created", "customer.archived", "user.created", "payment_method.created")
    ]
    assert len({event["id"] for event in got}) == 4


def test_a_reader_that_starts_now_gets_what_comes_next(api: APIClient, customer: Customer) -> None:
    page = read(api, "start=now")
    factories.user(customer)

    assert page["data"] == []
    assert types(read(api, f"cursor={page['cursor']}")) == ["user.created"]


def test_events_are_chosen_by_type_and_customer(
    api: APIClient, customer: Customer, acme: Organization
) -> None:
    other = factories.customer(acme, name="Other")
    factories.user(other)

    assert types(read(api, "types=user.created,user.deleted")) == ["user.created"]
    for id in (other.pk, encode(other.pk)):
        assert types(read(api, f"customer_id={id}")) == ["customer.created", "user.created"]
    assert types(read(api, f"customer_id={customer.pk}&types=user.created")) == []
    assert len(types(read(api, "types=&customer_id=&cursor="))) == 3


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *(("limit=0", "limit"), ("limit=1001", "limit"), ("limit=x", "limit")),
        *(("wait=-1", "wait"), ("wait=21", "wait"), ("wait=", "wait")),
        *(("types=customer", "types"), ("types=customer.created,", "types")),
        *(("customer_id=1", "customer_id"), ("customer_id=cus_", "customer_id")),
        *(("start=then", "start"), ("start=", "start"), ("page=1", "page")),
        *(("cursor=1", "cursor"), ("cursor=%00", "cursor"), ("cursor=" + "A" * 46, "cursor")),
        *(("cursor=" + "_" * 46, "cursor"), ("cursor=é", "cursor")),
    ],
)
def test_what_cannot_be_read_is_400(api: APIClient, query: str, name: str) -> None:
    answer = get(api, f"{EVENTS}?{query}")

    assert answer.status_code == 400
    assert [fault["field"] for fault in answer.json()["errors"]] == [name]


@pytest.mark.parametrize("id", ["evt_customer_1", "evt_customer_x", "customer", "%00"])
def test_an_event_that_is_not_there_is_404(api: APIClient, id: str) -> None:
    assert_error(get(api, f"{EVENTS}/{id}"), 404)


def test_events_of_others_are_not_served(
    api: APIClient, customer: Customer, acme: Organization, globex: Organization
) -> None:
    mine = read(api)["data"][0]
    cursor = EventCursor(START, timezone.now(), events.epoch()).encode()
    others = [factories.client(globex), factories.client(acme, "test")]

    for other in others:
        assert read(other, f"cursor={cursor}")["data"] == []
        assert read(other, f"customer_id={customer.pk}")["data"] == []
        unknown = get(other, f"{EVENTS}/evt_customer_1")
        theirs = get(other, f"{EVENTS}/{mine['id']}")
        assert theirs.status_code == unknown.status_code == 404
        assert theirs.json()["detail"] == unknown.json()["detail"]


@pytest.mark.parametrize("path", [EVENTS, f"{EVENTS}/evt_customer_1"])
def test_reading_takes_a_credential_and_its_scope(path: str, acme: Organization) -> None:
    revoked, secret = ApiKey.issue(acme, "live")
    revoked.revoke()

    assert_error(get(APIClient(), path), 401)
    assert_error(get(APIClient(), path, HTTP_AUTHORIZATION=f"Bearer {secret}"), 401)
    writer = factories.client(acme, scopes=[WRITE])
    assert_error(get(writer, path), 403)


@pytest.mark.parametrize("days", [1, 30])
def test_a_cursor_that_is_too_old_is_gone(
    api: APIClient, customer: Customer, settings: Settings, days: int
) -> None:
    settings.EVENT_DAYS = days
    cursor = read(api)["cursor"]

    with time_machine.travel(timezone.now() + timedelta(days=days, minutes=1)):
        problem = assert_error(get(api, f"{EVENTS}?cursor={cursor}"), 410)
        assert "start=now" in problem["detail"]
        assert read(api)["data"] == []  # the oldest that is served
    with time_machine.travel(timezone.now() + timedelta(days=days, minutes=-1)):
        assert read(api, f"cursor={cursor}")["data"] == []


def test_events_may_be_served_for_ever(
    api: APIClient, customer: Customer, settings: Settings
) -> None:
    settings.EVENT_DAYS = 0
    cursor = read(api)["cursor"]

    with time_machine.travel(timezone.now() + timedelta(days=3650)):
        assert types(read(api)) == ["customer.created"]
        assert read(api, f"cursor={cursor}")["data"] == []


def test_a_cursor_of_a_later_state_of_the_database_is_gone(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "oldest_running", lambda: 1000)
    cursor = EventCursor(Position(1000, 0, 1), timezone.now(), events.epoch()).encode()

    assert_error(get(api, f"{EVENTS}?cursor={cursor}"), 410)


def test_cursors_from_before_a_restore_are_gone(api: APIClient, customer: Customer) -> None:
    before = read(api)
    call_command("advance_events", stdout=StringIO())
    factories.user(customer)

    assert_error(get(api, f"{EVENTS}?cursor={before['cursor']}"), 410)
    first = read(api, "limit=1")
    assert types(first) == ["customer.created"]
    assert types(read(api, f"cursor={first['cursor']}")) == ["user.created"]


def test_a_page_without_events_may_wait_for_one(api: APIClient, customer: Customer) -> None:
    cursor = read(api)["cursor"]

    waiting = awaited_by(get(api, f"{EVENTS}?cursor={cursor}&wait=3"))
    assert waiting is not None
    assert (waiting.seconds, waiting.has_come()) == (3, False)
    factories.user(customer)
    assert waiting.has_come()
    assert awaited_by(get(api, f"{EVENTS}?cursor={cursor}&wait=3")) is None
    assert awaited_by(get(api, f"{EVENTS}?start=now")) is None


@pytest.mark.parametrize("query", ["", "limit=2", f"types={TYPES[1]},{TYPES[6]}"])
def test_a_page_takes_as_many_queries_however_many_events(
    acme: Organization,
    customer: Customer,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    query: str,
) -> None:
    client = factories.client(acme)
    ApiKey.objects.update(last_used_at=timezone.now())
    for number in range(20):
        customer.revise({"city": f"City {number}"})
        factories.user(customer, email=f"ada-{number}@example.org")

    with django_assert_max_num_queries(12):
        read(client, query)
