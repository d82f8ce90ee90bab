"""A planted difference of each kind is found, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from customers.models import Organization
from tests.replay.conftest import Replayed, places, unexplained
from tests.replay.recordings import CREATES, Entry, exchange, own_session

ONE, LIST = -2, -1
#: Where a contract shows the members of a customer, and the rows of its list.
ROOT = {"lago": "/customer"}
ROWS = {"lago": "customers"}
CREATED = {"vatly": "createdAt"}


@pytest.mark.parametrize("slug", CREATES)
def test_a_recording_of_the_registry_itself_has_no_difference(
    slug: str, acme: Organization, replayed: Replayed
) -> None:
    report = replayed(slug, own_session(slug, acme))

    assert report.found == []
    assert (report.sent, report.prepared, dict(report.left_out)) == (4, 0, {})


def members(entry: Entry, slug: str) -> dict[str, Any]:
    """The members of the customer in an answer."""
    body: dict[str, Any] = entry["response"]["body"]
    return body["customer"] if slug == "lago" else body


def status(entries: list[Entry], slug: str) -> str:
    entries[ONE]["response"]["status"] = 203
    return ""


def header(entries: list[Entry], slug: str) -> str:
    entries[ONE]["response"]["headers"]["Content-Type"] = "application/vnd.api+json"
    return "content-type"


def missing(entries: list[Entry], slug: str) -> str:
    members(entries[ONE], slug)["planted"] = "here"
    return f"{ROOT.get(slug, '')}/planted"


def added(entries: list[Entry], slug: str) -> str:
    del members(entries[ONE], slug)["email"]
    return f"{ROOT.get(slug, '')}/email"


def type_(entries: list[Entry], slug: str) -> str:
    members(entries[ONE], slug)["email"] = ["ada.lovelace@example.org"]
    return f"{ROOT.get(slug, '')}/email"


def value(entries: list[Entry], slug: str) -> str:
    members(entries[ONE], slug)["email"] = "someone.else@example.org"
    return f"{ROOT.get(slug, '')}/email"


def format_(entries: list[Entry], slug: str) -> str:
    name = CREATED.get(slug, "created_at")
    members(entries[ONE], slug)[name] = "2024-01-15 10:30:00 +0000"
    return f"{ROOT.get(slug, '')}/{name}"


def order(entries: list[Entry], slug: str) -> str:
    rows = ROWS.get(slug, "data")
    entries[LIST]["response"]["body"][rows].reverse()
    return f"/{rows}"


PLANTS: dict[str, Callable[[list[Entry], str], str]] = {
    "status": status,
    "header": header,
    "missing": missing,
    "added": added,
    "type": type_,
    "value": value,
    "format": format_,
    "order": order,
}
#: BillaBear's customers have no time, and Alternative Payments' reference no form of it.
WITHOUT_FORMAT = {"alternative-payments", "billabear"}


@pytest.mark.parametrize("slug", CREATES)
def test_each_planted_difference_is_found_and_only_it(
    slug: str, acme: Organization, replayed: Replayed
) -> None:
    recorded = own_session(slug, acme)
    for kind, plant in PLANTS.items():
        if kind == "format" and slug in WITHOUT_FORMAT:
            continue
        entries = deepcopy(recorded)
        place = plant(entries, slug)

        report = replayed(slug, entries)

        assert places(report) == [(kind, place)]
        assert report.explained == 0
        number = len(entries) if kind == "order" else len(entries) - 1
        assert [(one.request, one.method) for one in unexplained(report)] == [(number, "GET")]


def test_an_id_of_another_form_is_a_difference_of_format(
    acme: Organization, replayed: Replayed
) -> None:
    entries = own_session("billabear", acme)
    id = entries[0]["response"]["body"]["customer"]["id"]
    as_text = {**entries[0], "response": {"status": 201, "body": entries[0]["response"]["body"]}}
    as_text["response"]["body"]["customer"]["id"] = "cust_00000001"

    report = replayed("billabear", [as_text])

    assert id != "cust_00000001"
    assert places(report) == [("format", "/customer/id")]


def test_two_recorded_ids_that_are_one_here_are_a_difference_of_value(
    acme: Organization, replayed: Replayed
) -> None:
    first = own_session("lago", acme)[0]
    again: Entry = {**first, "response": {**first["response"], "body": {"customer": {}}}}
    again["response"]["body"]["customer"] = {
        **first["response"]["body"]["customer"],
        "lago_id": "1a901a90-1a90-1a90-1a90-1a901a901a90",
    }

    assert ("value", "/customer/lago_id") in places(replayed("lago", [first, again]))


def test_what_callers_call_an_id_or_a_time_is_compared_by_its_value(replayed: Replayed) -> None:
    sent = {"id": "A-1", "createdAt": "2020-01-01T00:00:00Z"}
    metadata = {"id": "A-2", "createdAt": "2021-01-01T00:00:00Z"}
    email = {"email": "ada@example.org"}
    answer = {"id": "cus_vendor000001", **email, "metadata": metadata}
    body = {**email, "metadata": sent}

    report = replayed("vatly", [exchange("POST", "/v1/customers", body, status=201, answer=answer)])

    assert {place for place in places(report) if place[0] != "added"} == {
        ("value", "/metadata/xx"),
        ("value", "/metadata/xxxxxxxXx"),
    }


def test_a_page_of_html_is_no_answer_of_an_api(acme: Organization, replayed: Replayed) -> None:
    entry = own_session("lago", acme)[LIST]
    entry["response"].update({"headers": {}, "body": "<h1>Lago</h1>"})

    assert places(replayed("lago", [entry])) == [("value", "")]


def test_what_was_not_recorded_of_an_answer_is_not_compared(
    acme: Organization, replayed: Replayed
) -> None:
    entries = own_session("lago", acme)
    for entry in entries:
        entry["response"] = {"status": entry["response"]["status"]}

    assert replayed("lago", entries[:2]).found == []


def test_the_same_difference_of_several_requests_is_one_of_the_report(
    acme: Organization, replayed: Replayed
) -> None:
    entries = own_session("vatly", acme)
    for entry in entries[:2]:
        entry["response"]["body"]["resource"] = "buyer"

    text = replayed("vatly", entries).as_text()

    assert '    recorded "buyer", here "customer"\n    request 1, 2\n' in text
    assert text.endswith("Differences: 2 unexplained, 0 explained.")
