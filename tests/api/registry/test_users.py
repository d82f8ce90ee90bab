"""/registry/v1/customers/{id}/users"""

from __future__ import annotations

from rest_framework.test import APIClient

from customers.models import Customer, CustomerUser, Organization
from tests import factories
from tests.api.harness import send
from tests.api.registry.support import assert_error, get, patch, path_of, post


def test_a_user_is_added_changed_and_removed(api: APIClient, customer: Customer) -> None:
    created = post(api, path_of(customer, "/users"), {"email": "ada@example.org"})
    path = created["Location"]

    assert created.status_code == 201
    assert (created["ETag"], created.json()["customer_id"]) == ('"1"', str(customer.pk))
    assert get(api, path).json() == created.json()
    changed = patch(api, path, {"email": None, "first_name": "Ada"})
    assert (changed.json()["email"], changed.json()["first_name"]) == (None, "Ada")
    assert get(api, path, HTTP_IF_NONE_MATCH=changed["ETag"]).status_code == 304
    removed = send(api, "DELETE", path, HTTP_IF_MATCH=changed["ETag"])
    assert removed.json() == changed.json()
    assert_error(get(api, path), 404)
    assert_error(send(api, "DELETE", path), 404)
    customer.refresh_from_db()
    assert customer.version == 1


def test_what_is_refused(api: APIClient, customer: Customer) -> None:
    ada = factories.user(customer, email="ada@example.org")
    grace = factories.user(customer, email="grace@example.org")
    path = path_of(customer, "/users")

    assert_error(post(api, path, {}), 422, body="empty")
    assert_error(post(api, path, {"email": "ADA@example.org"}), 409, email="taken")
    assert_error(patch(api, f"{path}/{grace.pk}", {"email": "Ada@example.org"}), 409, email="taken")
    assert_error(patch(api, f"{path}/{ada.pk}", {"email": "x"}), 422, email="invalid")


def test_another_customers_user_is_not_there(
    api: APIClient, acme: Organization, customer: Customer
) -> None:
    other = factories.user(factories.customer(acme, name="Other"))
    path = path_of(customer, f"/users/{other.pk}")

    for answer in (
        get(api, path),
        patch(api, path, {"first_name": "x"}),
        send(api, "DELETE", path),
    ):
        assert_error(answer, 404)
    assert CustomerUser.objects.get() == other


def test_one_removed_while_it_is_changed_is_404(
    api: APIClient, customer: Customer, monkeypatch: object
) -> None:
    user = factories.user(customer)
    path = path_of(customer, f"/users/{user.pk}")
    lock = CustomerUser.lock

    def late(self: CustomerUser, *args: object) -> None:
        CustomerUser.objects.all().delete()
        lock(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(CustomerUser, "lock", late)  # type: ignore[attr-defined]

    assert_error(patch(api, path, {"first_name": "x"}), 404)
