"""PATCH /customers/{id}"""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.alternative_payments.support import assert_error
from tests.stored import stored

#: The example of the reference.
EXAMPLE = {
    "city": "New York",
    "country": "USA",
    "ein": "12-3456789",
    "legal_name": "Acme Corporation Inc.",
    "name": "Acme Corp",
    "postal_code": "10001",
    "state": "NY",
    "street_address": "123 Main St, New York, NY 10001",
    "sub_premise": "Apt 1",
}


def patch(api: APIClient, customer: Customer, **body: Any) -> Any:
    return api.patch(f"/customers/{customer.pk}", body, format="json")


@pytest.fixture
def whole(api: APIClient) -> Customer:
    """A customer with every value that this contract can give it."""
    body = {**EXAMPLE, "email": "a@example.org", "external_id": "ext-9"}
    return Customer.objects.get(pk=api.post("/customers", body, format="json").json()["id"])


def test_the_references_example_is_written_whole(api: APIClient, customer: Customer) -> None:
    response = patch(api, customer, **EXAMPLE)

    body = response.json()
    assert response.status_code == 200
    assert {name: body[name] for name in EXAMPLE} == EXAMPLE
    assert api.get(f"/customers/{customer.pk}").json() == body


@pytest.mark.parametrize("name", sorted(EXAMPLE))
def test_one_field_is_changed_and_no_other(api: APIClient, whole: Customer, name: str) -> None:
    before = api.get(f"/customers/{whole.pk}").json()
    value = {"country": "DEU", "ein": "98-7654321"}.get(name, "Changed")

    assert patch(api, whole, **{name: value}).json() == {**before, name: value}


@pytest.mark.parametrize("name", sorted(EXAMPLE))
@pytest.mark.parametrize("empty", [None, "", "  "])
def test_null_clears_and_so_does_blank_text(
    api: APIClient, whole: Customer, name: str, empty: str | None
) -> None:
    before = api.get(f"/customers/{whole.pk}").json()

    response = patch(api, whole, **{name: empty})

    assert response.status_code == 200
    assert response.json() == {**before, name: None}


def test_a_change_raises_the_version(api: APIClient, customer: Customer) -> None:
    assert patch(api, customer, name="New")["ETag"] == '"2"'
    assert patch(api, customer, name="Newer")["ETag"] == '"3"'


@pytest.mark.parametrize("body", [{}, {"name": "Coleman-Blair"}, {"city": None}, {"unknown": "x"}])
def test_what_is_already_so_is_no_change(
    api: APIClient, customer: Customer, body: dict[str, Any]
) -> None:
    before = stored()

    response = patch(api, customer, **body)

    assert response.status_code == 200
    assert response["ETag"] == '"1"'
    assert stored() == before


@pytest.mark.parametrize("value", ["new@example.org", "not an address", None, "", 7, ["x"]])
def test_email_and_external_id_are_not_in_its_body_and_stay(
    api: APIClient, whole: Customer, value: Any
) -> None:
    response = patch(api, whole, email=value, external_id=value, name="New")

    assert response.status_code == 200
    assert response.json()["email"] == "a@example.org"
    assert response.json()["external_id"] == "ext-9"
    assert response.json()["name"] == "New"


def test_a_refused_value_leaves_all_as_it_was(api: APIClient, customer: Customer) -> None:
    before = stored()

    answer = assert_error(patch(api, customer, name="New", country="Atlantis", ein="1"), 422)

    assert set(answer["validation_errors"]) == {"country", "ein"}
    assert stored() == before


def test_no_update_fails_over_a_field_it_does_not_touch(api: APIClient, acme: Organization) -> None:
    """Values that came into the store before its rules did."""
    old = factories.customer(acme, name="Old")
    Customer.objects.filter(pk=old.pk).update(
        email="not an address", ein="?", phone="4242424242424242", url="javascript:x"
    )

    response = patch(api, old, city="Berlin")

    assert response.status_code == 200
    assert response.json()["city"] == "Berlin"
    assert response.json()["email"] == "not an address"


def test_what_this_contract_has_no_name_for_stays(api: APIClient, acme: Organization) -> None:
    values: dict[str, Any] = {
        "reference": "label",
        "processor_reference": "cus_1",
        "legal_number": "HRB 1",
        "phone": "1",
        "url": "https://example.org",
        "logo_url": "https://example.org/logo",
        "metadata": {"a": "b"},
    }
    customer = factories.customer(acme, name="Acme", **values)

    patch(api, customer, **EXAMPLE)

    customer.refresh_from_db()
    assert {name: getattr(customer, name) for name in values} == values


def test_clearing_the_last_value_is_allowed(api: APIClient, acme: Organization) -> None:
    customer = factories.customer(acme, name="Only this")

    assert patch(api, customer, name=None).status_code == 200


def test_an_archived_customer_can_be_changed_and_stays_archived(
    api: APIClient, customer: Customer
) -> None:
    customer.archive()

    response = patch(api, customer, name="New")

    customer.refresh_from_db()
    assert response.json()["name"] == "New"
    assert customer.archived_at is not None


def test_an_unknown_customer_is_404_whatever_the_body(api: APIClient) -> None:
    for body in ({"name": "New"}, {"country": "Atlantis"}, {}):
        response: Any = api.patch(
            "/customers/019470a0-0000-7000-8000-000000000000", body, format="json"
        )
        assert_error(response, 404)


def test_the_history_says_who_changed_it_through_what(api: APIClient, customer: Customer) -> None:
    response = patch(api, customer, name="New")

    event: Any = customer.events.order_by("pgh_id").last()  # type: ignore[attr-defined]
    assert (event.name, event.version) == ("New", 2)
    assert event.pgh_context["contract"] == "alternative-payments"
    assert event.pgh_context["request_id"] == response["X-Request-Id"]
