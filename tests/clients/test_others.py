"""Other clients of Lago, unmodified, against a live server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.clients.conftest import Client, LiveServer
from tests.clients.customers import DINESH, TIME, UUID

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clients")]

NOT_FOUND = {"status": 404, "error": "Not Found", "code": "customer_not_found"}
ADDRESS = ("address_line1", "city", "country", "email", "name", "zipcode")


def test_the_clients_are_those_that_are_pinned(
    lago_first: Client, lago_billing: Client, lago_javascript: Client
) -> None:
    versions = [
        client.take(("version", None))[0] for client in (lago_first, lago_billing, lago_javascript)
    ]

    assert versions == ["0.1.3", "1.0.1", "v1.53.0"]


# --- lago-python-client 0.1.3 --------------------------------------------------------------------


def test_the_first_creates_and_updates(lago_first: Client) -> None:
    created, updated = lago_first.take(
        ("create", {"customer_id": "5eb02857", **DINESH, "vat_rate": 20.0}),
        ("create", {"customer_id": "5eb02857", **DINESH, "name": "Gilfoyle"}),
    )

    own = {"customer_id": "5eb02857", **DINESH, "vat_rate": None}
    assert UUID.fullmatch(created.pop("lago_id"))
    assert TIME.fullmatch(created.pop("created_at"))
    assert created == own
    assert updated["name"] == "Gilfoyle"


def test_the_first_reads_what_is_wrong(live: LiveServer, lago_first: Client) -> None:
    (refused,) = lago_first.take(("create", {"customer_id": "", "name": "x"}))

    body = {
        "status": 422,
        "error": "Unprocessable entity",
        "message": "Validation error on the record",
        "error_details": {"customer_id": ["value_is_mandatory"]},
    }
    reported = json.dumps(body, separators=(",", ":"))
    place = f"URI: {live.url}/api/v1/customers. Status code: 422. Response: "
    assert refused == {"refused": f"{place}{reported}."}


# --- lago-billing and lago-javascript-client -----------------------------------------------------


@pytest.fixture(params=["lago_billing", "lago_javascript"])
def client(request: pytest.FixtureRequest) -> Client:
    found: Client = request.getfixturevalue(request.param)
    return found


def picked(customer: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: customer[name] for name in names}


def test_it_creates_updates_finds_and_destroys(client: Client) -> None:
    more = {
        "currency": "EUR",
        "metadata": [{"key": "a", "value": "b", "display_in_invoice": True}],
        "billing_configuration": {"payment_provider": "stripe", "provider_customer_id": "cus_1"},
    }
    fields = {name: DINESH[name] for name in ADDRESS}
    created, updated, found, destroyed, gone, again = client.take(
        ("create", {"external_id": "5eb02857", **fields, **more}),
        ("create", {"external_id": "5eb02857", "name": "Gilfoyle"}),
        ("find", "5eb02857"),
        ("destroy", "5eb02857"),
        ("find", "5eb02857"),
        ("create", {"external_id": "5eb02857"}),
    )

    assert picked(created, "external_id", *ADDRESS) == {"external_id": "5eb02857", **fields}
    assert picked(created["metadata"][0], "key", "value") == {"key": "a", "value": "b"}
    assert created["billing_configuration"] == {"provider_customer_id": "cus_1"}
    assert picked(updated, *ADDRESS) == {**fields, "name": "Gilfoyle"}
    assert updated["lago_id"] == created["lago_id"]
    assert found == updated
    assert destroyed["lago_id"] == created["lago_id"]
    assert gone["refused"] == 404
    assert again["lago_id"] != created["lago_id"]
    numbers = [customer["sequential_id"] for customer in (created, found, destroyed, again)]
    assert numbers == [1, 1, 1, 2]
    assert [customer["slug"][-4:] for customer in (created, again)] == ["-001", "-002"]


def test_it_lists(client: Client) -> None:
    creations = [("create", {"external_id": f"id {n}"}) for n in range(3)]
    *created, page, all_of_them = client.take(
        *creations, ("find_all", {"page": 2, "per_page": 2}), ("find_all", {})
    )

    assert page["customers"] == [created[0]]
    assert all_of_them["customers"] == created[::-1]


def test_it_reads_that_there_is_no_such_customer(client: Client) -> None:
    assert client.take(("find", "x"))[0]["refused"] == 404


def test_it_reads_that_its_key_is_wrong(client: Client) -> None:
    results = client.take(("create", {"external_id": "x"}), ("find_all", {}), key="wrong")

    assert [result["refused"] for result in results] == [401, 401]


def test_the_javascript_client_reads_the_errors(lago_javascript: Client) -> None:
    invalid, missing = lago_javascript.take(
        ("create", {"external_id": "x", "country": "Mars"}), ("find", "x")
    )

    assert invalid["response"]["error_details"] == {"country": ["not_a_valid_country_code"]}
    assert missing["response"] == NOT_FOUND


def test_the_javascript_client_filters_its_list(lago_javascript: Client) -> None:
    *_, german, searched = lago_javascript.take(
        *(("create", {"external_id": code, "country": code}) for code in ("DE", "FR", "US")),
        ("find_all", {"countries[]": ["DE", "FR"]}),
        ("find_all", {"search_term": "us"}),
    )

    assert [each["external_id"] for each in german["customers"]] == ["FR", "DE"]
    assert [each["external_id"] for each in searched["customers"]] == ["US"]
