"""What does not validate: 422 with the vendor's codes, by field."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.api.lago.errors import render_error
from customers.models import Customer
from customers.models.errors import ExternalIdTaken
from customers.rest.problems import of_exception
from tests.api.lago.support import FIELDS, PATH, assert_invalid, post, upsert

URLS = ("url", "logo_url")
TEXTS = sorted(set(FIELDS) - {"country", "email", *URLS})


def refused(api: APIClient, **fields: Any) -> Any:
    """The answer to an upsert that is not to come through."""
    answer = post(api, {"customer_id": "refused", **fields})
    assert not Customer.objects.filter(external_id="refused").exists()
    return answer


@pytest.mark.parametrize(
    "country",
    [
        *("XX", "ZZ", "EU", "UK", "DEU", "usa", "Germany", "D", "1", "--", "D E", "00"),
        # In capitals these are SS, FI, IT and SE; the last is DE in full width.
        *("\u00df", "\ufb01", "\u0131t", "\u017fe", "\uff24\uff25"),
        *("X" * 5000, "4111111111111111"),
    ],
)
def test_what_is_no_country(api: APIClient, country: str) -> None:
    assert_invalid(refused(api, country=country), country=["not_a_valid_country_code"])


@pytest.mark.parametrize(
    "email",
    ["x", "a@", "@b.example", "a b@example.org", "a@b", "a@example.org, b@example.org", "a@@b.co"],
)
def test_what_is_no_email(api: APIClient, email: str) -> None:
    assert_invalid(refused(api, email=email), email=["invalid_email_format"])


@pytest.mark.parametrize("name", URLS)
@pytest.mark.parametrize(
    "url",
    [
        *("hooli.com", "//hooli.com", "http://", "http:///x", "ftp://hooli.com", "mailto:a@b.co"),
        *("javascript:alert(1)", "data:text/html,x", "http://a b.com", "http://[::1", "x"),
        *("https://user@hooli.com", "https://user:password@hooli.com", "http://@hooli.com"),
    ],
)
def test_what_is_no_url(api: APIClient, name: str, url: str) -> None:
    assert_invalid(refused(api, **{name: url}), **{name: ["url_is_invalid"]})


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_too_long(api: APIClient, name: str) -> None:
    assert upsert(api, **{name: "ä" * 255})[name] == "ä" * 255
    assert_invalid(refused(api, **{name: "ä" * 256}), **{name: ["value_is_too_long"]})


@pytest.mark.parametrize("name", URLS)
def test_a_url_is_at_most_2048_long(api: APIClient, name: str) -> None:
    longest = "https://hooli.com/".ljust(2048, "a")
    assert upsert(api, **{name: longest})[name] == longest

    codes = refused(api, **{name: f"{longest}a"}).json()["error_details"]
    assert "value_is_too_long" in codes.pop(name)
    assert codes == {}


def test_an_email_is_at_most_254_long(api: APIClient) -> None:
    local, domain = "a" * 60, ".".join(["b" * 60] * 3)
    longest = f"{local}@{domain}.{'c' * 7}.co"
    assert len(longest) == 254
    assert upsert(api, email=longest)["email"] == longest

    assert_invalid(refused(api, email=f"a{longest}"), email=["value_is_too_long"])


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", [0, 5, 1.5, True, False, [], ["x"], {}, {"a": "b"}])
def test_what_is_no_text(api: APIClient, name: str, value: Any) -> None:
    assert_invalid(refused(api, **{name: value}), **{name: ["value_is_invalid"]})


@pytest.mark.parametrize("name", sorted(set(TEXTS) - set(Customer.LONG_NUMBERS)))
def test_a_card_number(api: APIClient, name: str) -> None:
    response = refused(api, **{name: "card 4111 1111 1111 1111"})

    assert_invalid(response, **{name: ["value_is_invalid"]})
    assert b"4111" not in response.content


@pytest.mark.parametrize("name", ["legal_number", "phone"])
def test_a_long_number_where_long_numbers_are_usual(api: APIClient, name: str) -> None:
    assert upsert(api, **{name: "73282932000074"})[name] == "73282932000074"


def test_several_fields_at_once(api: APIClient) -> None:
    response = post(
        api,
        {
            "name": "n" * 256,
            "country": "Mars",
            "email": "nobody",
            "url": "nowhere",
            "logo_url": "ftp://hooli.com/logo.png",
            "city": 5,
            "zipcode": ["91364"],
            "address_line1": "a" * 256,
            "state": "CA",
            "vat_rate": "unknown",
        },
    )

    assert_invalid(
        response,
        customer_id=["value_is_mandatory"],
        name=["value_is_too_long"],
        country=["not_a_valid_country_code"],
        email=["invalid_email_format"],
        url=["url_is_invalid"],
        logo_url=["url_is_invalid"],
        city=["value_is_invalid"],
        zipcode=["value_is_invalid"],
        address_line1=["value_is_too_long"],
    )
    assert not Customer.objects.exists()


def test_two_different_ids_are_reported_with_all_else(api: APIClient) -> None:
    response = post(api, {"customer_id": "refused", "external_id": "x", "country": "XX"})

    assert_invalid(response, customer_id=["value_is_invalid"], country=["not_a_valid_country_code"])


def test_an_id_that_is_taken() -> None:
    """An upsert takes the customer that has it, so only the store itself can say so."""
    status, body = render_error(of_exception(ExternalIdTaken()))

    assert status == 422
    assert body == {
        "status": 422,
        "error": "Unprocessable entity",
        "message": "Validation error on the record",
        "error_details": {"customer_id": ["value_already_exist"]},
    }


def test_an_unknown_parameter(api: APIClient) -> None:
    body = {"customer": {"customer_id": "refused"}}
    response = api.post(f"{PATH}?dry_run=1", body, format="json")

    assert_invalid(response, dry_run=["value_is_invalid"])
