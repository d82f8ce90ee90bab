"""GET /customers/{id}/users"""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.alternative_payments.support import assert_error


def emails(page: dict[str, Any]) -> list[str]:
    return [row["email"] for row in page["data"]]


def test_a_user_has_the_members_of_the_document(api: APIClient, customer: Customer) -> None:
    user = factories.user(customer, first_name="Ada", last_name=None)

    (row,) = api.get(f"/customers/{customer.pk}/users").json()["data"]

    assert row == {
        "id": str(user.pk),
        "email": "ada@example.org",
        "first_name": "Ada",
        "last_name": None,
        "created_at": row["created_at"],
    }
    assert row["created_at"] == user.created_at.isoformat().replace("+00:00", "Z")


def test_an_empty_list_has_the_envelope_too(api: APIClient, customer: Customer) -> None:
    assert api.get(f"/customers/{customer.pk}/users").json() == {
        "data": [],
        "start_cursor": None,
        "end_cursor": None,
        "has_next_page": False,
        "has_previous_page": False,
    }


def test_pages_go_both_ways(api: APIClient, customer: Customer) -> None:
    for number in range(5):
        factories.user(customer, email=f"{number}@example.org")
    path = f"/customers/{customer.pk}/users"

    first = api.get(path, {"limit": 2}).json()
    second = api.get(path, {"limit": 2, "after": first["end_cursor"]}).json()
    third = api.get(path, {"limit": 2, "after": second["end_cursor"]}).json()
    back = api.get(path, {"limit": 2, "before": second["start_cursor"]}).json()

    assert emails(first) + emails(second) + emails(third) == [
        f"{number}@example.org" for number in (4, 3, 2, 1, 0)
    ]
    assert [page["has_next_page"] for page in (first, second, third)] == [True, True, False]
    assert [page["has_previous_page"] for page in (first, second, third)] == [False, True, True]
    assert third["start_cursor"] == third["end_cursor"]
    assert back == first


def test_users_of_other_customers_are_left_out(
    api: APIClient, acme: Organization, customer: Customer
) -> None:
    factories.user(factories.customer(acme, name="Other"), email="other@example.org")
    factories.user(customer)

    assert emails(api.get(f"/customers/{customer.pk}/users").json()) == ["ada@example.org"]


def test_filters_of_customers_are_no_parameters_here(api: APIClient, customer: Customer) -> None:
    response = api.get(f"/customers/{customer.pk}/users?company_name=x")

    assert set(assert_error(response, 400)["validation_errors"]) == {"company_name"}


def test_an_unknown_customer_is_404(api: APIClient) -> None:
    assert_error(api.get("/customers/019470a0-0000-7000-8000-000000000000/users"), 404)
