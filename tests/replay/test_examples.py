"""The documents' own examples: the registry answers them, and all that differs is explained."""

from __future__ import annotations

import pytest

from tests.replay.conftest import Replayed, places
from tests.replay.recordings import ID, VENDORS, examples, exchange


@pytest.mark.parametrize("slug", VENDORS)
def test_no_example_of_the_documents_differs_unexplained(slug: str, replayed: Replayed) -> None:
    for name, entries in examples(slug).items():
        report = replayed(slug, entries)

        assert places(report) == [], name
        assert report.sent == len(entries), (name, report.left_out)
        assert report.not_prepared == 0, name


def test_control_the_explained_differences_are_those_of_the_document(replayed: Replayed) -> None:
    """The document of 2022 has none of the members that today's clients of Lago need."""
    report = replayed("lago", examples("lago")["upsert-customer"])

    assert {one.pointer for one in report.found} == {
        f"/customer/{name}"
        for name in (
            *("applicable_timezone", "billing_configuration", "external_id", "metadata"),
            *("sequential_id", "slug", "updated_at"),
        )
    }


def test_vatly_s_list_as_its_document_prints_it(replayed: Replayed) -> None:
    """It shows live data, and a `next` beside a `count` of 1."""
    base = "https://api.vatly.com/v1/customers"
    customer = {
        "id": "cus_abc123def456",
        "resource": "customer",
        "testmode": False,
        "email": "john@example.com",
        "createdAt": "2024-01-15T10:30:00Z",
        "metadata": {},
        "links": {"self": {"href": f"{base}/cus_abc123def456", "type": "application/json"}},
    }
    links = {
        "self": {"href": f"{base}?limit=10", "type": "application/json"},
        "next": {
            "href": f"{base}?startingAfter=cus_abc123def456&limit=10",
            "type": "application/json",
        },
        "prev": None,
    }
    answer = {"data": [customer], "links": links, "count": 1}

    report = replayed("vatly", [exchange("GET", f"{base}?limit=10", answer=answer)])

    assert places(report) == []
    assert {one.pointer for one in report.found} == {"/data/0/testmode", "/links/next"}


def test_a_next_page_that_must_be_there_is_no_explained_difference(replayed: Replayed) -> None:
    link = {"href": "https://api.vatly.com/v1/customers?limit=1", "type": "application/json"}
    answer = {"data": [], "links": {"self": link, "next": link, "prev": None}, "count": 0}
    full = {**answer, "data": [{"id": "cus_abc123def456", "email": "john@example.com"}]}

    report = replayed("vatly", [exchange("GET", "/v1/customers?limit=1", answer=full)])

    assert ("type", "/links/next") in places(report)


def test_what_billabear_answered_to_create_that_week(replayed: Replayed) -> None:
    body = {"email": "iain.cambridge@example.org", "country": "DE"}

    report = replayed(
        "billabear",
        [exchange("PUT", "/api/v1.0/customer", body, status=201, answer={"success": True})],
    )

    assert places(report) == []
    assert [one.pointer for one in report.found] == ["/customer"]


def test_a_customer_as_lago_s_published_schema_has_it_today(replayed: Replayed) -> None:
    sent = {
        "external_id": "5eb02857-a71e-4ea2-bcf9-57d3a41bc6ba",
        "name": "Gavin Belson",
        "email": "dinesh@piedpiper.test",
        "country": "US",
        "currency": "USD",
        "timezone": "Europe/Paris",
        "net_payment_term": 30,
        "metadata": [{"key": "Purchase Order", "value": "123456789", "display_in_invoice": True}],
        "billing_configuration": {"payment_provider": "stripe", "provider_customer_id": "cus_12"},
    }
    unset = ("address_line1", "address_line2", "city", "legal_name", "legal_number", "logo_url")
    answer = {
        **sent,
        **dict.fromkeys([*unset, "phone", "state", "url", "zipcode"]),
        "lago_id": ID,
        "sequential_id": 41,
        "slug": "LAG-1234-041",
        "applicable_timezone": "Europe/Paris",
        "tax_identification_number": None,
        "created_at": "2022-04-29T08:59:51Z",
        "updated_at": "2022-04-29T08:59:51Z",
        "integration_customers": [],
        "taxes": [],
        "metadata": [
            {
                "lago_id": "1a901a90-1a90-1a90-1a90-1a901a901a90",
                "key": "Purchase Order",
                "value": "123456789",
                "display_in_invoice": True,
                "created_at": "2022-04-29T08:59:51Z",
            }
        ],
        "billing_configuration": {
            "payment_provider": "stripe",
            "provider_customer_id": "cus_12",
            "document_locale": "fr",
            "sync": True,
            "provider_payment_methods": ["card"],
        },
    }
    refusal = {
        "status": 422,
        "error": "Unprocessable entity",
        "code": "validation_errors",
        "error_details": {"country": ["not_a_valid_country_code"]},
    }
    wrong = {**sent, "external_id": "other", "country": "XX"}

    report = replayed(
        "lago",
        [
            exchange("POST", "/api/v1/customers", {"customer": sent}, answer={"customer": answer}),
            exchange("POST", "/api/v1/customers", {"customer": wrong}, status=422, answer=refusal),
            exchange("GET", "/api/v1/invoices", answer={"invoices": []}),
        ],
    )

    assert places(report) == []
    assert "net_payment_term" in " ".join(one.pointer for one in report.found)


def test_a_customer_as_billabear_s_published_schema_has_it_today(replayed: Replayed) -> None:
    customer = {
        "id": ID,
        "email": "iain.cambridge@example.org",
        "reference": None,
        "external_reference": "cus_8fj3",
        "tax_number": "DE123456789",
        "standard_tax_rate": 19.0,
        "billing_type": "card",
        "type": "business",
        "locale": "en",
        "brand": "default",
        "address": {
            "company_name": "Humbly Arrogant",
            "street_line_one": "Torstraße 1",
            "street_line_two": None,
            "city": "Berlin",
            "region": None,
            "country": "DE",
            "postcode": "10119",
        },
    }
    path = f"/api/v1/customer/{ID}"

    report = replayed(
        "billabear",
        [
            exchange("GET", path, answer=customer),
            exchange("POST", f"{path}/disable", status=202, answer={}),
            exchange("GET", path, answer=customer),
        ],
    )

    assert (report.prepared, report.sent, places(report)) == (1, 3, [])
    assert {(one.kind.value, one.pointer) for one in report.found if one.request == 3} == {
        ("status", "")
    }
