"""DELETE /customers/{id}"""

from __future__ import annotations

from rest_framework.test import APIClient

from customers.models import Customer
from tests import factories
from tests.api.alternative_payments.support import assert_error
from tests.api.harness import send
from tests.stored import stored


def test_answers_200_with_the_customer(api: APIClient, customer: Customer) -> None:
    before = api.get(f"/customers/{customer.pk}").json()

    response = api.delete(f"/customers/{customer.pk}")

    assert response.status_code == 200
    assert response.json() == before
    assert response["ETag"] == '"2"'


def test_it_leaves_the_list_and_can_still_be_read(api: APIClient, customer: Customer) -> None:
    deleted = api.delete(f"/customers/{customer.pk}")

    assert api.get("/customers").json()["data"] == []
    assert api.get("/customers?company_name=coleman").json()["data"] == []
    assert api.get(f"/customers/{customer.pk}").json() == deleted.json()


def test_it_is_archived_not_deleted(api: APIClient, customer: Customer) -> None:
    api.delete(f"/customers/{customer.pk}")

    customer.refresh_from_db()
    assert customer.archived_at is not None
    assert customer.external_id == "ext-1"


def test_archiving_twice_is_once(api: APIClient, customer: Customer) -> None:
    first = api.delete(f"/customers/{customer.pk}")
    after_first = stored()

    second = api.delete(f"/customers/{customer.pk}")

    assert second.status_code == 200
    assert second.content == first.content
    assert second["ETag"] == first["ETag"]
    assert stored() == after_first


def test_its_users_and_payment_methods_can_still_be_read(
    api: APIClient, customer: Customer
) -> None:
    factories.user(customer)
    method = factories.payment_method(customer)

    api.delete(f"/customers/{customer.pk}")

    assert len(api.get(f"/customers/{customer.pk}/users").json()["data"]) == 1
    assert len(api.get(f"/customers/{customer.pk}/payment-methods").json()["data"]) == 1
    assert api.get(f"/customers/{customer.pk}/payment-methods/{method.pk}").status_code == 200


def test_a_body_is_not_read(api: APIClient, customer: Customer) -> None:
    response = send(api, "DELETE", f"/customers/{customer.pk}", b"{not json", "text/plain")

    assert response.status_code == 200


def test_an_unknown_customer_is_404(api: APIClient) -> None:
    assert_error(api.delete("/customers/019470a0-0000-7000-8000-000000000000"), 404)
