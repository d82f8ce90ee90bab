"""POST of a customer, with which the vendor's clients create."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer
from tests.api.billabear.support import BASE, BASES, assert_error, create
from tests.api.harness import send_json

EMAIL = "iain.cambridge@example.org"
ADDRESS = {
    "company_name": "Humbly Arrogant Ltd",
    "street_line_one": "Torstraße 1",
    "street_line_two": "Hof 2",
    "city": "Berlin",
    "region": "BE",
    "country": "DE",
    "postcode": "10119",
}


def post(api: APIClient, body: Any, base: str = BASE) -> Any:
    return send_json(api, "POST", base, body)


@pytest.mark.parametrize("base", BASES)
def test_it_creates_what_put_does_and_shows_the_members_too(api: APIClient, base: str) -> None:
    response = post(api, {"email": EMAIL, "address": ADDRESS}, base)

    assert response.status_code == 201
    assert response["ETag"] == '"1"'
    customer = Customer.objects.get()
    five = {
        "id": str(customer.pk),
        "reference": None,
        "external_reference": None,
        "email": EMAIL,
        "country": "DE",
    }
    assert response.json() == {**five, "address": ADDRESS, "success": True, "customer": five}


def test_the_address_is_the_customer_s_own(api: APIClient) -> None:
    post(api, {"email": EMAIL, "address": ADDRESS})

    customer = Customer.objects.get()
    assert (customer.legal_name, customer.name) == ("Humbly Arrogant Ltd", None)
    assert (customer.address_line1, customer.address_line2) == ("Torstraße 1", "Hof 2")
    assert (customer.city, customer.state, customer.postal_code) == ("Berlin", "BE", "10119")
    assert customer.country == "DE"


@pytest.mark.parametrize("given", [{}, {"country": None}], ids=str)
@pytest.mark.parametrize("make", [create, post])
def test_the_country_of_the_address_is_read_where_there_is_no_other(
    api: APIClient, make: Any, given: dict[str, None]
) -> None:
    assert make(api, {"email": EMAIL, "address": {"country": "DE"}, **given}).status_code == 201

    assert Customer.objects.get().country == "DE"


@pytest.mark.parametrize("make", [create, post])
def test_the_country_beside_the_address_counts(api: APIClient, make: Any) -> None:
    make(api, {"email": EMAIL, "country": "FR", "address": {"country": "DE"}})

    assert Customer.objects.get().country == "FR"


@pytest.mark.parametrize("address", [{}, None, {"city": "Berlin"}], ids=str)
def test_without_a_country_it_is_400(api: APIClient, address: Any) -> None:
    body = assert_error(post(api, {"email": EMAIL, "address": address}), 400)

    assert set(body["errors"]) == {"country"}


@pytest.mark.parametrize("address", [[], "Berlin", 5], ids=str)
def test_an_address_that_is_no_object_is_400(api: APIClient, address: Any) -> None:
    body = assert_error(post(api, {"email": EMAIL, "country": "DE", "address": address}), 400)

    assert set(body["errors"]) == {"address"}


def test_a_wrong_member_of_the_address_is_named_with_it(api: APIClient) -> None:
    address = {"country": "XX", "city": 5, "postcode": "4111 1111 1111 1111"}

    body = assert_error(post(api, {"email": EMAIL, "address": address}), 400)

    assert set(body["errors"]) == {"address.country", "address.city", "address.postcode"}
    assert not Customer.objects.exists()


def test_a_card_number_parted_over_two_lines_is_named_with_the_address(api: APIClient) -> None:
    address = {"country": "DE", "street_line_one": "4111 1111", "street_line_two": "1111 1111"}

    body = assert_error(post(api, {"email": EMAIL, "address": address}), 400)

    assert set(body["errors"]) == {"address.street_line_two"}


def test_an_email_in_use_is_409(api: APIClient) -> None:
    create(api, {"email": EMAIL, "country": "DE"})

    body = assert_error(post(api, {"email": EMAIL.upper(), "address": ADDRESS}), 409)

    assert set(body["errors"]) == {"email"}
