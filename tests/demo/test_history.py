"""The demo's history looks like a past: in order, by several people and systems."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from customers.insights.figures import MONTHS
from customers.insights.timeline import get_timeline
from customers.models import (
    ApiKey,
    Customer,
    CustomerUser,
    PaymentMethod,
)
from customers.rest.contract import contracts
from tests.demo.support import DAYS, NOON, TRACKED, Start, events, noon

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize("day", DAYS[1:3], ids=str)
def test_the_history_is_a_past_in_order_that_ends_with_the_rows(start: Start, day: date) -> None:
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
    start: Start,
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


def test_no_contract_writes_what_it_cannot_express(start: Start) -> None:
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


def test_one_customer_has_a_long_story(start: Start) -> None:
    start(DAYS[1])
    told = get_timeline(Customer.objects.get(name="Meridian Instruments"), limit=100).entries

    assert {entry.verb for entry in told} == {"created", "changed", "archived", "restored"}
    assert {entry.what for entry in told} == {"customer", "user", "payment_method"}
    assert {entry.context.get("contract") for entry in told} == {
        None,
        *(contract.slug for contract in contracts()),
    }
    assert told[0].at - told[-1].at > timedelta(days=300)
