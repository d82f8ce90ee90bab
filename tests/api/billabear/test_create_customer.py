"""PUT /api/v1.0/customer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests.api.billabear.support import BASE, assert_error, client, create
from tests.api.harness import send

EMAIL = "iain.cambridge@example.org"
GOOD = {"email": EMAIL, "country": "DE"}


def errors(response: Any) -> dict[str, str]:
    body = assert_error(response, 400)
    found: dict[str, str] = body["errors"]
    return found


def test_the_documented_example_is_201_with_the_customer(api: APIClient) -> None:
    response = create(api, GOOD)

    assert response.status_code == 201
    assert response["Content-Type"] == "application/json"
    body = response.json()
    assert body == {
        "success": True,
        "customer": {
            "id": str(Customer.objects.get().pk),
            "reference": None,
            "external_reference": None,
            "email": EMAIL,
            "country": "DE",
        },
    }
    assert list(body["customer"]) == ["id", "reference", "external_reference", "email", "country"]
    assert UUID(body["customer"]["id"]).version == 7


def test_all_four_fields_are_stored_and_shown(api: APIClient, acme: Organization) -> None:
    body = {**GOOD, "reference": "Customer One", "external_reference": "cust_jf9j545"}

    shown = create(api, body).json()["customer"]

    customer = Customer.objects.get()
    assert shown == {"id": str(customer.pk), **body}
    assert (customer.organization, customer.mode) == (acme, "live")
    assert (customer.email, customer.country) == (EMAIL, "DE")
    assert (customer.reference, customer.processor_reference) == ("Customer One", "cust_jf9j545")
    assert (customer.external_id, customer.name, customer.metadata) == (None, None, {})


def test_the_answer_has_the_version_as_its_tag(api: APIClient) -> None:
    assert create(api, GOOD)["ETag"] == '"1"'


def test_a_test_key_makes_test_data(acme: Organization) -> None:
    create(client(acme, "test"), GOOD)

    assert Customer.objects.get().mode == "test"


@pytest.mark.parametrize("absent", [None, "", "  "])
def test_an_optional_field_without_text_is_null(api: APIClient, absent: str | None) -> None:
    shown = create(api, {**GOOD, "reference": absent, "external_reference": absent}).json()

    assert shown["customer"]["reference"] is None
    assert shown["customer"]["external_reference"] is None


def test_spaces_around_an_email_are_not_part_of_it(api: APIClient) -> None:
    assert create(api, {**GOOD, "email": f" {EMAIL}  "}).json()["customer"]["email"] == EMAIL


def test_an_emails_capitals_are_kept(api: APIClient) -> None:
    email = "Iain.Cambridge@Example.org"

    assert create(api, {**GOOD, "email": email}).json()["customer"]["email"] == email


def test_a_reference_is_not_unique(api: APIClient) -> None:
    same = {"country": "DE", "reference": "One", "external_reference": "cust_1"}

    statuses = [create(api, {**same, "email": f"{n}@example.org"}).status_code for n in range(2)]

    assert statuses == [201, 201]


def test_an_external_reference_may_be_any_number(api: APIClient) -> None:
    shown = create(api, {**GOOD, "external_reference": "4242424242424242"}).json()["customer"]

    assert shown["external_reference"] == "4242424242424242"


def test_unknown_members_are_ignored(api: APIClient) -> None:
    id = "019470a0-0000-7000-8000-000000000000"
    more = {"id": id, "success": False, "name": "x", "mode": "test", "billing_type": "card"}

    response = create(api, {**GOOD, **more})

    assert response.status_code == 201
    customer = Customer.objects.get()
    assert (customer.name, customer.mode) == (None, "live")
    assert str(customer.pk) != id


# --- 400 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("country", [" DE", "DE "])
def test_a_country_may_have_no_space_around_it(api: APIClient, country: str) -> None:
    assert set(errors(create(api, {**GOOD, "country": country}))) == {"country"}


def test_each_wrong_field_has_one_sentence(api: APIClient) -> None:
    wrong = {"email": "nonsense", "country": "XX", "reference": 1, "external_reference": 1}

    assert list(errors(create(api, wrong))) == list(wrong)


def test_a_body_of_nothing_is_400(api: APIClient) -> None:
    assert_error(send(api, "PUT", BASE, b"", "application/json"), 400)
    assert not Customer.objects.exists()


def test_an_empty_body_lacks_both_required_fields(api: APIClient) -> None:
    assert set(errors(create(api, {}))) == {"email", "country"}


def test_a_refused_value_is_not_repeated(api: APIClient) -> None:
    wrong = {
        "email": "planted",
        "country": "planted",
        "reference": "planted 4242424242424242",
        "external_reference": ["planted"],
    }

    response = create(api, wrong)

    assert len(errors(response)) == 4
    assert b"planted" not in response.content


def test_a_body_that_is_wrong_too_is_400_and_not_409(api: APIClient) -> None:
    create(api, GOOD)

    assert set(errors(create(api, {**GOOD, "country": "XX"}))) == {"country"}
