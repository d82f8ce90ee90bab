"""`lago-python-client` of 2022 and of today, unmodified, against a live server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.clients.conftest import Client, LiveServer
from tests.clients.customers import DINESH, TIME, made, of_2022, of_today

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clients")]


def refused_2022(live: LiveServer, path: str, status: int, body: dict[str, Any]) -> dict[str, Any]:
    """How the client of 2022 shows an error: as one text."""
    reported = json.dumps(body, separators=(",", ":"))
    text = f"URI: {live.url}/api/v1/{path}. Status code: {status}. Response: {reported}."
    return {"refused": text}


def refused_today(status: int, **body: Any) -> dict[str, Any]:
    return {"refused": status, "response": {"status": status, **body}}


def invalid(**codes: list[str]) -> dict[str, Any]:
    return {
        "error": "Unprocessable entity",
        "message": "Validation error on the record",
        "error_details": codes,
    }


def test_the_clients_are_those_that_are_pinned(lago_2022: Client, lago_today: Client) -> None:
    assert lago_2022.take(("version", None)) == ["0.5.0"]
    assert lago_today.take(("version", None)) == ["1.55.0"]


# --- 2022 ----------------------------------------------------------------------------------------


def test_2022_creates_updates_finds_and_destroys(live: LiveServer, lago_2022: Client) -> None:
    billing = {"payment_provider": "stripe", "provider_customer_id": "cus_1", "sync": True}
    ignored = {"vat_rate": 20.0, "billing_configuration": billing}
    created, updated, found, destroyed, gone, again = lago_2022.take(
        ("create", {"customer_id": "5eb02857", **DINESH, **ignored}),
        ("create", {"customer_id": "5eb02857", **DINESH, "name": "Gilfoyle", "state": None}),
        ("find", "5eb02857"),
        ("destroy", "5eb02857"),
        ("find", "5eb02857"),
        ("create", {"customer_id": "5eb02857", "name": "Gavin Belson"}),
    )

    assert made(created) == of_2022("5eb02857", **DINESH, billing_configuration="cus_1")
    assert updated == {**created, "name": "Gilfoyle", "state": None}
    assert found == destroyed == updated
    missing = {"status": 404, "error": "Not Found", "code": "customer_not_found"}
    assert gone == refused_2022(live, "customers/5eb02857", 404, missing)
    assert made(again) == of_2022("5eb02857", name="Gavin Belson")
    assert again["lago_id"] != created["lago_id"]


def test_2022_lists(lago_2022: Client) -> None:
    creations = [("create", {"customer_id": f"id {n}", "name": f"name {n}"}) for n in range(3)]
    *created, page, all_of_them = lago_2022.take(
        *creations, ("find_all", {"page": 2, "per_page": 2}), ("find_all", None)
    )

    assert page == {
        "customers": [created[0]],
        "meta": {
            "current_page": 2,
            "next_page": None,
            "prev_page": 1,
            "total_pages": 2,
            "total_count": 3,
        },
    }
    assert all_of_them["customers"] == created[::-1]


def test_2022_reads_what_is_wrong(live: LiveServer, lago_2022: Client) -> None:
    results = lago_2022.take(
        ("create", {"customer_id": "", "name": "x"}),
        ("create", {"customer_id": "x", "name": "x", "country": "Mars", "url": "nowhere"}),
        ("find_all", None),
    )

    codes = [
        {"customer_id": ["value_is_mandatory"]},
        {"country": ["not_a_valid_country_code"], "url": ["url_is_invalid"]},
    ]
    for result, expected in zip(results, codes, strict=False):
        text = result["refused"]
        assert text.startswith(f"URI: {live.url}/api/v1/customers. Status code: 422. Response: ")
        body = json.loads(text.partition("Response: ")[2].removesuffix("."))
        assert body == {"status": 422, **invalid(**expected)}
    assert results[2]["customers"] == []


@pytest.mark.parametrize("wrong", ["wrong", "live_wrong", "test_" + "a" * 40])
def test_2022_reads_that_its_key_is_wrong(live: LiveServer, lago_2022: Client, wrong: str) -> None:
    results = lago_2022.take(
        ("create", {"customer_id": "x", "name": "x"}), ("find", "x"), key=wrong
    )

    reported = {"status": 401, "error": "Unauthorized"}
    assert results == [
        refused_2022(live, path, 401, reported) for path in ("customers", "customers/x")
    ]


# --- Today ---------------------------------------------------------------------------------------


def test_today_creates_updates_finds_and_destroys(lago_today: Client) -> None:
    ignored = {
        "currency": "EUR",
        "firstname": "Gavin",
        "tax_codes": ["vat"],
        "metadata": [{"key": "a", "value": "b", "display_in_invoice": True}],
        "billing_configuration": {"payment_provider": "stripe", "provider_customer_id": "cus_1"},
    }
    created, updated, found, destroyed, gone, again = lago_today.take(
        ("create", {"external_id": "5eb02857", **DINESH, **ignored}),
        ("create", {"external_id": "5eb02857", "name": "Gilfoyle"}),
        ("find", "5eb02857"),
        ("destroy", "5eb02857"),
        ("find", "5eb02857"),
        ("create", {"external_id": "5eb02857"}),
    )

    pairs = [{"lago_id": None, "key": "a", "value": "b", "display_in_invoice": False}]
    billed = {"metadata": pairs, "billing_configuration": "cus_1"}
    assert made(created) == of_today("5eb02857", **DINESH, **billed)
    assert TIME.fullmatch(created["updated_at"])
    assert made(updated) == of_today("5eb02857", **{**DINESH, "name": "Gilfoyle"}, **billed)
    assert updated["lago_id"] == created["lago_id"]
    assert found == updated
    assert made(destroyed) == made(updated)
    assert gone == refused_today(404, error="Not Found", code="customer_not_found")
    assert made(again) == of_today("5eb02857")
    assert again["lago_id"] != created["lago_id"]


def test_today_lists_page_by_page(lago_today: Client) -> None:
    creations = [("create", {"external_id": f"id {n}"}) for n in range(5)]
    pages = [("find_all", {"page": n, "per_page": 2}) for n in range(1, 5)]
    *results, all_of_them = lago_today.take(*creations, *pages, ("find_all", None))
    created, listed = results[:5], results[5:]

    assert all_of_them["customers"] == created[::-1]
    assert [customer for page in listed for customer in page["customers"]] == created[::-1]
    assert [page["meta"] for page in listed] == [
        {
            "current_page": number,
            "next_page": following,
            "prev_page": number - 1 or None,
            "total_pages": 3,
            "total_count": 5,
        }
        for number, following in ((1, 2), (2, 3), (3, None), (4, None))
    ]


def test_today_reads_what_is_wrong(lago_today: Client) -> None:
    results = lago_today.take(
        ("create", {"external_id": " "}),
        ("create", {"external_id": "x", "country": "Mars", "email": "nobody", "name": "n" * 256}),
        ("find_all", {"per_page": 101}),
        ("find_all", {}),
    )

    assert results[:3] == [
        refused_today(422, **invalid(customer_id=["value_is_mandatory"])),
        refused_today(
            422,
            **invalid(
                country=["not_a_valid_country_code"],
                email=["invalid_email_format"],
                name=["value_is_too_long"],
            ),
        ),
        refused_today(422, **invalid(per_page=["value_is_invalid"])),
    ]
    assert results[3]["customers"] == []


@pytest.mark.parametrize("wrong", ["wrong", "live_wrong", "test_" + "a" * 40])
def test_today_reads_that_its_key_is_wrong(lago_today: Client, wrong: str) -> None:
    results = lago_today.take(("create", {"external_id": "x"}), ("find_all", {}), key=wrong)

    assert results == [refused_today(401, error="Unauthorized")] * 2
