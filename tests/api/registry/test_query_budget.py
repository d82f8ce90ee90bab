"""How many queries a request may make, however many rows it answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, Organization
from tests import factories
from tests.api.registry.support import CUSTOMERS, get, path_of


@pytest.fixture
def steady(acme: Organization) -> APIClient:
    """A client whose use was noted within the minute: its credential takes one query."""
    client = factories.client(acme)
    ApiKey.objects.update(last_used_at=timezone.now())
    return client


@pytest.fixture
def many(acme: Organization) -> list[Customer]:
    made = [factories.customer(acme, name=f"Acme {n}", external_id=str(n)) for n in range(30)]
    for customer in made:
        factories.user(customer)
        customer.add_payment_method(type="card")
    return made


OF_ONE: dict[str, tuple[int, Callable[[Customer], str]]] = {
    "by id": (2, path_of),
    "by external id": (2, lambda customer: f"{CUSTOMERS}/external/{customer.external_id}"),
    "expanded": (4, lambda customer: path_of(customer, "?expand=users,payment_methods")),
    "its users": (3, lambda customer: path_of(customer, "/users")),
    "its payment methods": (3, lambda customer: path_of(customer, "/payment_methods")),
    "expired ones": (3, lambda customer: path_of(customer, "/payment_methods?expired=false")),
    "a user": (2, lambda customer: path_of(customer, f"/users/{customer.users.get().pk}")),
}


@pytest.mark.parametrize("name", OF_ONE)
def test_of_one(
    steady: APIClient,
    many: list[Customer],
    django_assert_num_queries: DjangoAssertNumQueries,
    name: str,
) -> None:
    number, path = OF_ONE[name]
    asked = path(many[0])

    with django_assert_num_queries(number):
        assert get(steady, asked).status_code == 200


@pytest.mark.parametrize("limit", [1, 30])
@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 2),
        ("sort=updated", 2),
        ("sort=-updated&archived=any", 2),
        ("expand=users,payment_methods", 4),
        ("metadata[a]=", 2),
        ("metadata[a]=1&country=DE", 2),
        ("email=x@example.org&reference=a&external_id=1&updated_from=2020-01-01T00:00:00Z", 2),
        ("q=acme", 4),
    ],
)
def test_a_list(
    steady: APIClient,
    many: list[Customer],
    django_assert_num_queries: DjangoAssertNumQueries,
    query: str,
    number: int,
    limit: int,
) -> None:
    with django_assert_num_queries(number):
        assert get(steady, f"{CUSTOMERS}?{query}&limit={limit}").status_code == 200


def test_a_page_after_a_cursor(
    steady: APIClient, many: list[Customer], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for sort in ("created", "-updated"):
        following = get(steady, f"{CUSTOMERS}?sort={sort}&limit=10").json()["links"]["next"]
        with django_assert_num_queries(2):
            assert len(get(steady, following).json()["data"]) == 10
