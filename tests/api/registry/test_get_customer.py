"""GET /registry/v1/customers/{id} and /registry/v1/customers/external/{external_id}"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from customers.api.registry.expansion import MOST
from customers.models import Customer, Organization
from customers.values.cus_ids import encode
from tests import factories
from tests.api.registry.support import CUSTOMERS, assert_error, get, path_of


def test_a_customer_is_found_by_each_of_its_ids(api: APIClient, customer: Customer) -> None:
    ids = (str(customer.pk), str(customer.pk).upper(), encode(customer.pk), "external/ext-1")
    found = [get(api, f"{CUSTOMERS}/{id}") for id in ids]

    assert [answer.status_code for answer in found] == [200] * 4
    assert len({answer.content for answer in found}) == 1
    assert {answer["ETag"] for answer in found} == {'"1"'}


@pytest.mark.parametrize(
    "external_id", ["a/b", "a/users", "a b", "ü?#%", "batch", "..", "019470a0-0000-7000-8000-00"]
)
def test_any_text_is_an_external_id(api: APIClient, acme: Organization, external_id: str) -> None:
    factories.customer(acme, external_id=external_id)

    shown = get(api, f"{CUSTOMERS}/external/{quote(external_id, safe='')}").json()

    assert shown["external_id"] == external_id


def test_a_uuid_is_no_external_id(api: APIClient, acme: Organization) -> None:
    """As it is in Lago, where it stands for one."""
    customer = factories.customer(acme, name="Nameless")

    assert_error(get(api, f"{CUSTOMERS}/external/{customer.pk}"), 404)


def test_an_archived_customer_is_found_by_its_id_only(api: APIClient, customer: Customer) -> None:
    customer.archive()

    assert get(api, path_of(customer)).json()["archived_at"] is not None
    problem = assert_error(get(api, f"{CUSTOMERS}/external/ext-1"), 404)
    assert "archived=true" in problem["detail"]


def test_what_is_not_there_is_named(api: APIClient, customer: Customer) -> None:
    unknown = "019470a0-0000-7000-8000-000000000000"

    assert "customer" in assert_error(get(api, f"{CUSTOMERS}/{unknown}"), 404)["detail"]
    assert "customer" in assert_error(get(api, f"{CUSTOMERS}/{unknown}/users"), 404)["detail"]
    nothing = assert_error(get(api, path_of(customer, f"/users/{unknown}")), 404)
    assert "The customer has" in nothing["detail"]


# --- expand --------------------------------------------------------------------------------------


def test_users_and_payment_methods_are_shown_as_by_their_own_lists(
    api: APIClient, acme: Organization, customer: Customer
) -> None:
    for number in range(3):
        factories.user(customer, email=f"{number}@example.org")
        method = customer.add_payment_method(type="card", last4=f"424{number}")
        factories.user(factories.customer(acme, name="Other"), email="other@example.org")
    customer.set_default_payment_method(method)

    shown = get(api, path_of(customer, "?expand=payment_methods,users")).json()

    for name in ("users", "payment_methods"):
        newest_first = get(api, path_of(customer, f"/{name}")).json()["data"]
        assert shown[name] == {"data": newest_first[::-1], "has_more": False}
    assert [row["is_default"] for row in shown["payment_methods"]["data"]] == [False, False, True]


def test_only_what_is_asked_for_is_shown(api: APIClient, customer: Customer) -> None:
    plain = get(api, path_of(customer)).json()

    assert get(api, path_of(customer, "?expand=")).json() == plain
    shown = get(api, path_of(customer, "?expand=users")).json()
    assert shown == {**plain, "users": {"data": [], "has_more": False}}


def test_the_first_hundred_are_shown(api: APIClient, customer: Customer) -> None:
    users = [factories.user(customer, email=f"{number}@example.org") for number in range(MOST + 1)]

    shown = get(api, f"{CUSTOMERS}?expand=users").json()["data"][0]["users"]

    assert shown["has_more"]
    assert [row["id"] for row in shown["data"]] == [str(user.pk) for user in users[:MOST]]


def test_the_version_of_the_customer_is_no_tag_of_what_is_expanded(
    api: APIClient, customer: Customer
) -> None:
    """A user is added without a new version of the customer."""
    answer = get(api, path_of(customer, "?expand=users"), HTTP_IF_NONE_MATCH='"1"')

    assert answer.status_code == 200
    assert "ETag" not in answer


@pytest.mark.parametrize("value", ["x", "users,x", "Users", "users,", ",", "users payment_methods"])
def test_an_unknown_expansion_is_refused(api: APIClient, customer: Customer, value: str) -> None:
    for path in (path_of(customer), CUSTOMERS, f"{CUSTOMERS}/external/ext-1"):
        assert_error(get(api, f"{path}?expand={value}"), 400, expand="unknown")
