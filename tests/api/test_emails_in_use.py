"""An email that a live customer has is taken, in the contracts whose emails are their own."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.contract_table import BILLABEAR, VATLY
from tests.api.harness import Harness

EMAIL = "iain.cambridge@example.org"
#: And the status of an email that is taken.
TAKEN = {BILLABEAR: 409, VATLY: 422}

pytestmark = pytest.mark.parametrize("harness", TAKEN, ids=str)


def create(caller: APIClient, harness: Harness, customer: Customer, **values: Any) -> Any:
    """The answer to making a customer of this email, unless there is another."""
    body = harness.create.body_of(customer, **{"email": EMAIL, **values})
    return harness.create.send(caller, customer, body=body)


def assert_free(response: Any) -> None:
    assert response.status_code == 201, response.content


def assert_taken(response: Any, harness: Harness) -> None:
    error = harness.assert_error(response, TAKEN[harness])
    assert harness.faults(error) == {"email"}
    assert EMAIL.encode() not in response.content.lower()


@pytest.mark.parametrize("email", [EMAIL, EMAIL.upper(), EMAIL.title(), f" {EMAIL} "])
def test_it_is_taken_whatever_its_case(
    caller: APIClient, customer: Customer, harness: Harness, email: str
) -> None:
    assert_free(create(caller, harness, customer))
    made = Customer.objects.exclude(pk=customer.pk).values().get()

    more = {"reference": "Another"} if harness is BILLABEAR else {"metadata": {"a": "b"}}
    assert_taken(create(caller, harness, customer, email=email, **more), harness)

    assert Customer.objects.exclude(pk=customer.pk).values().get() == made


def test_it_is_taken_by_customers_of_another_contract(
    caller: APIClient, acme: Organization, customer: Customer, harness: Harness
) -> None:
    for _ in range(2):
        factories.customer(acme, email=EMAIL)

    assert_taken(create(caller, harness, customer), harness)
    assert Customer.objects.count() == 3


def test_one_that_only_contains_it_is_free(
    caller: APIClient, customer: Customer, harness: Harness
) -> None:
    assert_free(create(caller, harness, customer))

    wild = (EMAIL.replace(".", "_", 1), EMAIL.replace("a", "%", 1), f"%@{EMAIL.split('@')[1]}")
    for email in (f"x{EMAIL}", f"{EMAIL}.net", *wild):
        assert_free(create(caller, harness, customer, email=email))


def test_that_of_an_archived_customer_is_free(
    caller: APIClient, acme: Organization, customer: Customer, harness: Harness
) -> None:
    factories.customer(acme, email=EMAIL).archive()

    assert_free(create(caller, harness, customer))
    assert_taken(create(caller, harness, customer), harness)


def test_that_of_another_mode_or_organization_is_free(
    caller: APIClient,
    acme: Organization,
    globex: Organization,
    customer: Customer,
    harness: Harness,
) -> None:
    factories.customer(acme, "test", email=EMAIL)
    factories.customer(globex, email=EMAIL)

    assert_free(create(caller, harness, customer))
