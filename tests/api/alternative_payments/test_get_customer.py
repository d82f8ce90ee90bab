"""GET /customers/{id}"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.alternative_payments.support import assert_error


def test_answers_the_customer_with_its_version_as_etag(api: APIClient, customer: Customer) -> None:
    response = api.get(f"/customers/{customer.pk}")

    assert response.status_code == 200
    assert response["ETag"] == '"1"'
    assert response.json()["id"] == str(customer.pk)
    assert response.json()["name"] == "Coleman-Blair"


def test_every_member_is_there_and_absent_ones_are_null(api: APIClient, acme: Organization) -> None:
    customer = factories.customer(
        acme, email="a@example.org", created_at=datetime(2026, 1, 31, 12, 0, 0, 5, tzinfo=UTC)
    )

    assert api.get(f"/customers/{customer.pk}").json() == {
        "id": str(customer.pk),
        "created_at": "2026-01-31T12:00:00.000005Z",
        "external_id": None,
        "customer_integration_id": None,
        "email": "a@example.org",
        "name": None,
        "legal_name": None,
        "ein": None,
        "street_address": None,
        "sub_premise": None,
        "city": None,
        "state": None,
        "postal_code": None,
        "country": None,
        "default_payment_method_id": None,
    }


def test_a_customer_of_another_contract_can_be_read(api: APIClient, acme: Organization) -> None:
    customer = factories.customer(
        acme,
        processor_reference="cus_1",
        reference="label",
        phone="+49 30 123456",
        url="https://example.org",
        metadata={"a": "b"},
        country="DE",
    )

    body = api.get(f"/customers/{customer.pk}").json()

    assert body["customer_integration_id"] == "cus_1"
    assert body["country"] == "DEU"
    assert not {"reference", "phone", "url", "metadata"} & body.keys()


def test_the_default_payment_method_is_reported(api: APIClient, customer: Customer) -> None:
    method = factories.payment_method(customer)
    Customer.objects.filter(pk=customer.pk).update(default_payment_method=method)

    body = api.get(f"/customers/{customer.pk}").json()

    assert body["default_payment_method_id"] == str(method.pk)


def test_an_archived_customer_is_still_answered(api: APIClient, customer: Customer) -> None:
    before = api.get(f"/customers/{customer.pk}").json()
    customer.archive()

    response = api.get(f"/customers/{customer.pk}")

    assert response.status_code == 200
    assert response.json() == before


def test_a_customer_of_others_is_answered_as_one_that_does_not_exist(
    api: APIClient, globex: Organization
) -> None:
    theirs = factories.customer(globex, name="Theirs")
    missing = theirs.pk.hex[:-4] + "0000"

    elsewhere = api.get(f"/customers/{theirs.pk}")
    nowhere = api.get(f"/customers/{missing}")

    assert elsewhere.status_code == nowhere.status_code == 404
    assert elsewhere.json() == nowhere.json()


def test_an_id_in_capitals_is_the_same_id(api: APIClient, customer: Customer) -> None:
    assert api.get(f"/customers/{str(customer.pk).upper()}").status_code == 200


@pytest.mark.parametrize(
    "form", ["{0.hex}", "{{{0}}}", "urn:uuid:{0}", "{0}%20", "cus_{0}", "{0}%0A"]
)
def test_an_id_in_another_form_is_no_id(api: APIClient, customer: Customer, form: str) -> None:
    assert_error(api.get(f"/customers/{form.format(customer.pk)}"), 404)


def test_reading_changes_nothing(api: APIClient, customer: Customer) -> None:
    api.get(f"/customers/{customer.pk}")

    customer.refresh_from_db()
    assert customer.version == 1
