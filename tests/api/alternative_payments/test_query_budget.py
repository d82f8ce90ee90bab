"""How many queries a request may make, however many rows it answers."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, OAuthClient, Organization
from tests import factories


@pytest.fixture(params=["token", "key"])
def steady(request: pytest.FixtureRequest, acme: Organization) -> APIClient:
    """A client whose use was noted within the minute."""
    if request.param == "key":
        client = factories.client(acme)
        ApiKey.objects.update(last_used_at=timezone.now())
    else:
        client = factories.bearer(factories.access_token(factories.oauth_client(acme)))
        OAuthClient.objects.update(last_used_at=timezone.now())
    return client


@pytest.mark.parametrize("count", [0, 1, 100, 101])
def test_a_list_of_customers_takes_two(
    steady: APIClient,
    acme: Organization,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for number in range(count):
        customer = factories.customer(acme, name=f"Acme {number}")
        if number < 3:
            method = factories.payment_method(customer)
            Customer.objects.filter(pk=customer.pk).update(default_payment_method=method)

    with django_assert_num_queries(2):
        response = steady.get("/customers")

    assert len(response.json()["data"]) == min(count, 100)


def test_a_filtered_page_after_a_cursor_takes_two(
    steady: APIClient, acme: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        factories.customer(acme, name=f"Acme {number}")
    first = steady.get("/customers?limit=5").json()
    query = {"limit": "5", "company_name": "acme", "created_at_start": "2020-01-01T00:00:00Z"}

    with django_assert_num_queries(2):
        after = steady.get("/customers", {**query, "after": first["end_cursor"]})
    with django_assert_num_queries(2):
        before = steady.get("/customers", {**query, "before": after.json()["start_cursor"]})

    assert len(after.json()["data"]) == len(before.json()["data"]) == 5


@pytest.mark.parametrize("count", [1, 100])
def test_a_list_of_users_takes_three(
    steady: APIClient,
    customer: Customer,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for number in range(count):
        factories.user(customer, email=f"{number}@example.org")

    with django_assert_num_queries(3):
        response = steady.get(f"/customers/{customer.pk}/users")

    assert len(response.json()["data"]) == count


@pytest.mark.parametrize("count", [1, 100])
def test_a_list_of_payment_methods_takes_three(
    steady: APIClient,
    customer: Customer,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for _ in range(count):
        factories.payment_method(customer)

    with django_assert_num_queries(3):
        response = steady.get(f"/customers/{customer.pk}/payment-methods")

    assert len(response.json()["data"]) == count


def test_one_customer_and_one_payment_method_take_two_each(
    steady: APIClient, customer: Customer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    method = factories.payment_method(customer)

    with django_assert_num_queries(2):
        steady.get(f"/customers/{customer.pk}")
    with django_assert_num_queries(2):
        steady.get(f"/customers/{customer.pk}/payment-methods/{method.pk}")


def test_a_request_without_a_credential_takes_none(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert APIClient().get("/customers").status_code == 401
        assert factories.bearer("live_not-a-key").get("/customers").status_code == 401


def test_the_first_use_of_a_credential_in_a_minute_takes_one_more(
    api: APIClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        api.get("/customers")
    with django_assert_num_queries(2):
        api.get("/customers")
