"""PUT of a customer that is there."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.billabear.support import BASES, assert_error
from tests.api.fields import VALUES
from tests.api.harness import NOTHING, send_json


@pytest.fixture(params=BASES)
def base(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def whole(acme: Organization) -> Customer:
    """A customer with a value in every field."""
    return factories.customer(acme, **VALUES)


def put(api: APIClient, base: str, customer: Customer, body: Any, **extra: Any) -> Any:
    return send_json(api, "PUT", f"{base}/{customer.pk}", body, **extra)


def values(customer: Customer) -> dict[str, Any]:
    customer.refresh_from_db()
    return {name: getattr(customer, name) for name in Customer.WRITABLE}


def test_it_is_202_with_the_customer_and_its_version(
    api: APIClient, base: str, whole: Customer
) -> None:
    response = put(api, base, whole, {"reference": "New", "address": {"city": "Ulm"}})

    assert response.status_code == 202
    assert response["ETag"] == '"2"'
    assert response.json()["reference"] == "New"
    assert response.json()["address"]["city"] == "Ulm"
    read: Any = api.get(f"{base}/{whole.pk}")
    assert (response.json(), response["ETag"]) == (read.json(), read["ETag"])


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ({"email": "new@example.org"}, {"email": "new@example.org"}),
        ({"country": "FR"}, {"country": "FR"}),
        ({"address": {"country": "FR"}}, {"country": "FR"}),
        ({"country": "FR", "address": {"country": "US"}}, {"country": "FR"}),
        ({"reference": None}, {"reference": None}),
        ({"external_reference": "cust_2"}, {"processor_reference": "cust_2"}),
        ({"address": {"company_name": "New GmbH"}}, {"legal_name": "New GmbH"}),
        ({"address": {"street_line_two": None}}, {"address_line2": None}),
        ({"address": None}, {}),
        ({"address": {}}, {}),
        ({"name": "ignored", "locale": "de", "billing_type": "invoice"}, {}),
        ({}, {}),
    ],
    ids=str,
)
def test_only_the_members_that_are_present_are_written(
    api: APIClient, base: str, whole: Customer, body: Any, changed: dict[str, Any]
) -> None:
    before = values(whole)

    assert put(api, base, whole, body).status_code == 202

    assert values(whole) == {**before, **changed}


@pytest.mark.parametrize("name", ["email", "country"])
@pytest.mark.parametrize("value", [None, "", " "])
def test_what_is_required_cannot_be_cleared(
    api: APIClient, base: str, whole: Customer, name: str, value: str | None
) -> None:
    before = values(whole)

    body = assert_error(put(api, base, whole, {name: value, "reference": "New"}), 400)

    assert set(body["errors"]) == {name}
    assert values(whole) == before


def test_an_email_that_another_has_is_409(
    api: APIClient, base: str, acme: Organization, whole: Customer
) -> None:
    factories.customer(acme, email="taken@example.org")
    before = values(whole)

    body = assert_error(put(api, base, whole, {"email": "Taken@Example.org"}), 409)

    assert set(body["errors"]) == {"email"}
    assert values(whole) == before


def test_its_own_email_is_no_conflict(api: APIClient, base: str, whole: Customer) -> None:
    for email in (VALUES["email"], VALUES["email"].lower()):
        assert put(api, base, whole, {"email": email}).status_code == 202
        assert values(whole)["email"] == email


def test_an_email_that_is_not_changed_is_no_conflict(
    api: APIClient, base: str, acme: Organization, whole: Customer
) -> None:
    """Two customers may have one email, made through another contract."""
    factories.customer(acme, email=VALUES["email"])

    response = put(api, base, whole, {"email": VALUES["email"], "reference": "New"})

    assert response.status_code == 202
    assert values(whole)["reference"] == "New"


def test_one_who_has_no_email_is_updated_too(api: APIClient, base: str, customer: Customer) -> None:
    assert put(api, base, customer, {"reference": "New"}).status_code == 202


def test_an_archived_or_unknown_customer_is_404(
    api: APIClient, base: str, customer: Customer
) -> None:
    customer.archive()

    for gone in (customer, NOTHING):
        assert_error(put(api, base, gone, {"reference": "New"}), 404)
    assert values(customer)["reference"] is None
