"""GET /customers/{id}/payment-methods/{payment_method_id}"""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.alternative_payments.support import assert_error
from tests.api.harness import send


def test_it_is_what_it_is_in_the_list(api: APIClient, customer: Customer) -> None:
    factories.payment_method(customer)
    method = factories.payment_method(customer, brand="mastercard", last4="4444")
    Customer.objects.filter(pk=customer.pk).update(default_payment_method=method)
    path = f"/customers/{customer.pk}/payment-methods"

    response = api.get(f"{path}/{method.pk}")

    assert response.status_code == 200
    assert response.json() == api.get(path).json()["data"][0]
    assert response.json()["id"] == str(method.pk)
    assert response.json()["is_default"] is True


def test_under_another_customer_it_is_answered_as_one_that_does_not_exist(
    api: APIClient, acme: Organization, customer: Customer
) -> None:
    other = factories.customer(acme, name="Other")
    method = factories.payment_method(other)

    elsewhere = api.get(f"/customers/{customer.pk}/payment-methods/{method.pk}")
    nowhere = api.get(f"/customers/{customer.pk}/payment-methods/{other.pk}")

    assert_error(elsewhere, 404)
    assert elsewhere.content == nowhere.content


@pytest.mark.parametrize("id", ["pm_1", "0", "%00", "null", "..", "a" * 2000])
def test_what_is_no_id_is_404(api: APIClient, customer: Customer, id: str) -> None:
    assert_error(api.get(f"/customers/{customer.pk}/payment-methods/{id}"), 404)


def test_a_payment_method_of_an_unknown_customer_is_404(api: APIClient, customer: Customer) -> None:
    method = factories.payment_method(customer)
    unknown = "019470a0-0000-7000-8000-000000000000"

    assert_error(api.get(f"/customers/{unknown}/payment-methods/{method.pk}"), 404)


def test_it_is_read_only(api: APIClient, customer: Customer) -> None:
    method = factories.payment_method(customer)
    path = f"/customers/{customer.pk}/payment-methods/{method.pk}"

    for verb in ("POST", "PUT", "PATCH", "DELETE"):
        assert_error(send(api, verb, path, b"{}", "application/json"), 405)
