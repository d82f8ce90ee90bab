"""The demo's recent history: on any day every page has something to show, as of a real past."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import ProgrammingError, connection, models, transaction
from django.test import Client

from billing.demo.cast import PEOPLE
from billing.demo.clock import stopped
from billing.demo.history import add_history
from customers.figures import MONTHS, count
from customers.models import (
    ApiKey,
    Customer,
    CustomerImport,
    CustomerUser,
    ImportRow,
    OAuthClient,
    Organization,
    PaymentMethod,
    StaffUser,
)
from customers.models.base import HistoryEvent
from customers.rest.contract import contracts
from customers.timeline import story
from tests import factories
from tests.backoffice.support import at, signed_in

NOON = timedelta(hours=12)
DAYS = [date(2026, 1, 1), date(2028, 2, 29), date(2026, 5, 31), datetime.now(UTC).date()]
TRACKED: list[type[models.Model]] = [Customer, CustomerUser, PaymentMethod, ApiKey, OAuthClient]
KEPT: list[type[models.Model]] = [*TRACKED, StaffUser, CustomerImport, ImportRow]
# Salted anew each time.
SALTED = {"client_secret", "password"}

pytestmark = pytest.mark.django_db


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def events(model: type[models.Model]) -> models.QuerySet[Any]:
    """The history of a model beyond the fixture, which has no author here, in order."""
    found: Any = model._meta.get_field("events").related_model
    rows: models.QuerySet[Any] = found.objects.exclude(pgh_context=None).order_by("pgh_id")
    return rows


@pytest.fixture
def start(settings: LazySettings) -> Iterator[Callable[[date], int]]:
    """Starts the demo at noon of a day, and leaves the clock there."""
    settings.DEBUG = True
    with time_machine.travel(0, tick=False) as clock:

        def begin(day: date) -> int:
            clock.move_to(noon(day))
            if not Organization.objects.exists():
                call_command("loaddata", "demo", verbosity=0)
                StaffUser.objects.create(username="demo", is_staff=True, is_superuser=True)
            return add_history()

        yield begin


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_home_page_has_every_number_on_any_day(start: Callable[[date], int], day: date) -> None:
    start(day)
    response: Any = signed_in(None, is_superuser=True).get(at("home", organization="demo-acme"))

    numbers = [number for _name, number, _address in response.context["cards"]]
    assert len(numbers) == 5
    assert all(numbers)
    months = [number for _month, number in response.context["figures"].numbers["months"]]
    assert (len(months), min(months) > 0) == (MONTHS, True)
    assert max(months[-12:]) > 4
    assert len(response.context["countries"]) == 8


@pytest.mark.parametrize("day", DAYS[:2], ids=str)
def test_test_data_and_the_other_organization_grow_as_well(
    start: Callable[[date], int], day: date
) -> None:
    start(day)

    for organization in Organization.objects.all():
        for mode in ("live", "test"):
            figures = count(factories.credential(organization, mode))
            assert figures is not None
            assert all(number for _month, number in figures.numbers["months"])


@pytest.mark.parametrize("day", DAYS[:2], ids=str)
def test_every_page_has_something_to_show(start: Callable[[date], int], day: date) -> None:
    start(day)
    browser = signed_in(None, is_superuser=True)
    browser.get(at("home", organization="demo-acme"))  # finds the duplicates

    def context(name: str, query: str = "") -> Any:
        response: Any = browser.get(at(name, organization="demo-acme") + query)
        assert response.status_code == 200
        return response.context

    today = f"{day:%Y-%m-%d}"
    for query in (
        *("?cards=expired", "?cards=expiring", "?duplicates=on", "?status=archived"),
        *(f"?month={day:%Y-%m}", f"?created_from={today}&created_to={today}"),
    ):
        assert len(list(context("customers", query)["page"].rows)) > 0, query
    states = {one.state for one in context("imports")["imports"]}
    assert states == {"applied", "undone", "checked"}
    keys, clients = (one["rows"] for one in context("credentials")["lists"])
    soon = noon(day) + timedelta(days=7)
    assert any(key.revoked_at for key in keys)
    assert any(key.is_active and key.expires_at and key.expires_at < soon for key in keys)
    assert any(not key.is_active and not key.revoked_at for key in keys)
    assert len([key for key in keys if key.is_active and key.last_used_at]) >= 3
    assert clients
    for kind in (
        "customer",
        "customeruser",
        "paymentmethod",
        "apikey",
        "oauthclient",
        "membership",
    ):
        shown: Any = browser.get(f"/admin/customers/{kind}event/")
        assert shown.context["cl"].result_count > 0, kind


@pytest.mark.parametrize("day", DAYS[1:3], ids=str)
def test_the_history_is_a_past_in_order_that_ends_with_the_rows(
    start: Callable[[date], int], day: date
) -> None:
    start(day)

    for model in TRACKED:
        found = list(events(model))
        times = [event.pgh_created_at for event in found]
        assert times == sorted(times)
        assert times[-1] < noon(day) - NOON + timedelta(minutes=1)
        kept = [field.attname for field in model._meta.fields if hasattr(found[0], field.attname)]
        last = {event.pgh_obj_id: event for event in found}
        for row in model._default_manager.filter(pk__in=list(last)):
            of_row = [event for event in found if event.pgh_obj_id == row.pk]
            assert of_row[0].pgh_label == "insert"
            for name in kept:
                assert getattr(last[row.pk], name) == getattr(row, name), (row, name)
            if "version" in kept:
                assert [event.version for event in of_row] == list(range(1, len(of_row) + 1))
                assert [event.updated_at for event in of_row] == [
                    event.pgh_created_at for event in of_row
                ]
    months = {event.pgh_created_at.strftime("%Y-%m") for event in events(Customer)}
    assert len(months) == MONTHS


def test_people_keys_and_clients_change_customers_as_their_requests_record_it(
    start: Callable[[date], int],
) -> None:
    start(DAYS[0])
    found = [*events(Customer), *events(CustomerUser), *events(PaymentMethod)]
    expresses = {contract.slug: contract.expresses for contract in contracts()}

    contexts = [event.pgh_context for event in found]
    assert all(context["request_id"] for context in contexts)
    assert {context["actor"]["kind"] for context in contexts} == {
        *("staff", "api_key", "oauth_client"),
    }
    assert {context.get("contract") for context in contexts} == {None, *expresses}
    for context in contexts:
        assert ("contract" in context) == (context["actor"]["kind"] != "staff")
    assert {event.pgh_context["actor"]["kind"] for event in events(ApiKey)} == {"staff", "command"}


def test_no_contract_writes_what_it_cannot_express(start: Callable[[date], int]) -> None:
    start(DAYS[0])
    expresses = {contract.slug: contract.expresses for contract in contracts()}
    former: dict[Any, Any] = {}

    for event in events(Customer):
        before = former.get(event.pgh_obj_id)
        changed = {
            name
            for name in Customer.WRITABLE
            if getattr(event, name) != (getattr(before, name) if before else None)
        }
        contract = event.pgh_context.get("contract")
        if contract and before:
            assert changed <= expresses[contract]
        former[event.pgh_obj_id] = event


def test_one_customer_has_a_long_story(start: Callable[[date], int]) -> None:
    start(DAYS[1])
    told = story(Customer.objects.get(name="Meridian Instruments"), limit=100).entries

    assert {entry.verb for entry in told} == {"created", "changed", "archived", "restored"}
    assert {entry.what for entry in told} == {"customer", "user", "payment_method"}
    assert {entry.context.get("contract") for entry in told} == {
        None,
        *(contract.slug for contract in contracts()),
    }
    assert told[0].at - told[-1].at > timedelta(days=300)


def dump() -> dict[str, list[dict[str, Any]]]:
    """All rows that the history adds, with the events."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for model in KEPT:
        found = model._default_manager.order_by("pk").values()
        rows[model.__name__] = [
            {name: value for name, value in row.items() if name not in SALTED} for row in found
        ]
    for model in TRACKED:
        rows[f"{model.__name__} events"] = list(events(model).values())
    return rows


def test_two_who_start_it_on_the_same_day_get_the_same(start: Callable[[date], int]) -> None:
    numbered = [
        model
        for model in connection.introspection.installed_models(
            connection.introspection.table_names()
        )
        if issubclass(model, HistoryEvent) or model in (StaffUser, OAuthClient, ImportRow)
    ]
    dumps = []
    for _person in range(2):
        with transaction.atomic(), connection.cursor() as cursor:
            for line in connection.ops.sequence_reset_sql(no_style(), numbered):
                cursor.execute(line)
            start(DAYS[1])
            dumps.append(dump())
            transaction.set_rollback(True)

    assert dumps[0] == dumps[1]
    assert len(dumps[0]["Customer events"]) > 200


def test_starting_it_twice_on_a_day_changes_nothing(start: Callable[[date], int]) -> None:
    start(DAYS[0])
    once = dump()

    assert start(DAYS[0]) == 0
    assert dump() == once


def test_on_a_later_day_it_adds_what_is_new_and_leaves_what_is_there(
    start: Callable[[date], int],
) -> None:
    start(DAYS[0])
    mine = Customer.objects.get(name="Meridian Instruments")
    mine.revise({"city": "Kiel"})
    Customer.objects.filter(name="Rosewood Interiors").delete()
    StaffUser.objects.filter(username="aiko").delete()
    before = dump()

    later = DAYS[0] + timedelta(days=40)
    assert start(later) > 10
    after = dump()

    known = {row["id"]: row for row in after["Customer"]}
    assert all(known[row["id"]] == row for row in before["Customer"])
    added = [known[id] for id in known.keys() - {row["id"] for row in before["Customer"]}]
    assert all(row["created_at"] > noon(DAYS[0]) - NOON for row in added)
    assert any(row["created_at"].date() == later for row in added)
    assert not Customer.objects.filter(name="Rosewood Interiors").exists()
    assert not StaffUser.objects.filter(username="aiko").exists()
    assert len(after["CustomerImport"]) == len(before["CustomerImport"])


# --- The clocks, and who comes in -----------------------------------------------------------------


def test_afterwards_the_clocks_go_on(start: Callable[[date], int], db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        before = cursor.fetchone()[0]
    start(DAYS[0])
    customer = Customer.objects.get(name="Meridian Instruments")
    customer.revise({"city": "Kiel"})

    assert customer.updated_at > before
    assert list(events(Customer))[-1].pgh_created_at > before
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('search_path'), count(*) FROM pg_proc"
            " WHERE proname = 'clock_timestamp'"
        )
        path, functions = cursor.fetchone()
    assert "pg_catalog" not in path
    assert functions == 1


@pytest.mark.parametrize("sql", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}"])
def test_no_trigger_is_off_meanwhile(settings: LazySettings, customer: Customer, sql: str) -> None:
    settings.DEBUG = True
    with (
        pytest.raises(ProgrammingError, match="Cannot update or delete"),
        stopped(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format("customers_customerevent"))


def test_without_debug_no_clock_is_stopped() -> None:
    with pytest.raises(ImproperlyConfigured), stopped():
        pass


def test_none_of_them_can_come_in(start: Callable[[date], int]) -> None:
    start(DAYS[0])

    for person in PEOPLE:
        account = StaffUser.objects.get(username=person.username)
        assert not account.has_usable_password()
        assert list(account.groups.values_list("name", flat=True)) == [person.group]
    for client in OAuthClient.objects.all():
        assert not check_password("", client.client_secret)
        assert not check_password("none", client.client_secret)
        answer = Client().post(
            "/oauth/token",
            urlencode(
                {
                    "grant_type": "client_credentials",
                    "client_id": client.client_id,
                    "client_secret": client.client_secret,
                }
            ),
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 403  # as for any wrong secret
