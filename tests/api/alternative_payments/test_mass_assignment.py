"""What a body may not set: sent along with what it may, it changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, CustomerUser, Organization, PaymentMethod
from tests import factories

FOREIGN_ID = "019470a0-0000-7000-8000-000000000000"

#: Columns and wire names that are not in the bodies of the contract.
PLANTED: dict[str, Any] = {
    "id": FOREIGN_ID,
    "pk": FOREIGN_ID,
    "lago_id": FOREIGN_ID,
    "organization": FOREIGN_ID,
    "organization_id": FOREIGN_ID,
    "mode": "test",
    "testmode": True,
    "version": 99,
    "created_at": "2001-01-01T00:00:00Z",
    "updated_at": "2001-01-01T00:00:00Z",
    "archived_at": "2001-01-01T00:00:00Z",
    "metadata": {"planted": "planted"},
    "reference": "planted",
    "processor_reference": "planted",
    "customer_integration_id": "planted",
    "legal_number": "planted",
    "phone": "planted",
    "url": "https://planted.example",
    "logo_url": "https://planted.example",
    "address_line1": "planted",
    "address_line2": "planted",
    "default_payment_method": FOREIGN_ID,
    "default_payment_method_id": FOREIGN_ID,
    "customer": FOREIGN_ID,
    "customer_id": FOREIGN_ID,
    "users": [{"email": "planted@example.org"}],
    "payment_methods": [{"type": "card"}],
    "events": [],
    "_state": {"adding": True},
    "__class__": "planted",
    "email_must_be_free": True,
    "expecting": [99],
    "is_default": True,
    "is_superuser": True,
}


def columns(row: Customer | CustomerUser, *changing: str) -> dict[str, Any]:
    """The row in the store, without the columns `changing`."""
    values = type(row)._default_manager.filter(pk=row.pk).values().get()
    return {name: value for name, value in values.items() if name not in changing}


@pytest.fixture(params=[*PLANTED, "all of them"])
def planted(request: pytest.FixtureRequest) -> dict[str, Any]:
    if request.param == "all of them":
        return PLANTED
    return {request.param: PLANTED[request.param]}


def test_creating_a_customer_sets_what_is_named_only(
    api: APIClient, acme: Organization, planted: dict[str, Any]
) -> None:
    plain: Any = api.post("/customers", {"name": "Acme"}, format="json")
    laden: Any = api.post("/customers", {**planted, "name": "Acme"}, format="json")

    own = ("id", "created_at", "updated_at")
    assert laden.status_code == 201
    assert laden.json()["id"] != FOREIGN_ID
    assert columns(Customer.objects.get(pk=laden.json()["id"]), *own) == columns(
        Customer.objects.get(pk=plain.json()["id"]), *own
    )
    assert Customer.objects.filter(organization=acme, mode="live", version=1).count() == 2


def test_patching_a_customer_changes_what_is_named_only(
    api: APIClient, customer: Customer, planted: dict[str, Any]
) -> None:
    ours = ("city", "version", "updated_at")
    before = columns(customer, *ours)

    response: Any = api.patch(
        f"/customers/{customer.pk}", {**planted, "city": "Berlin"}, format="json"
    )

    assert response.status_code == 200
    assert response["ETag"] == '"2"'
    assert response.json()["city"] == "Berlin"
    assert columns(customer, *ours) == before


def test_patching_nothing_but_that_is_no_change(
    api: APIClient, customer: Customer, planted: dict[str, Any]
) -> None:
    before = columns(customer)

    response: Any = api.patch(f"/customers/{customer.pk}", planted, format="json")

    assert response.status_code == 200
    assert columns(customer) == before


def test_creating_a_user_sets_what_is_named_only(
    api: APIClient, customer: Customer, planted: dict[str, Any]
) -> None:
    path = f"/customers/{customer.pk}/users"
    plain: Any = api.post(path, {"first_name": "Ada"}, format="json")
    laden: Any = api.post(path, {**planted, "first_name": "Ada"}, format="json")

    own = ("id", "created_at", "updated_at")
    assert laden.status_code == 201
    assert columns(CustomerUser.objects.get(pk=laden.json()["id"]), *own) == columns(
        CustomerUser.objects.get(pk=plain.json()["id"]), *own
    )


def test_a_customer_of_others_cannot_be_named_in_a_body(
    api: APIClient, globex: Organization, customer: Customer
) -> None:
    theirs = factories.customer(globex, name="Theirs")
    before = columns(theirs)
    body = {
        "first_name": "Ada",
        "name": "New",
        **dict.fromkeys(("id", "customer", "customer_id"), str(theirs.pk)),
        **dict.fromkeys(("organization", "organization_id"), str(globex.pk)),
    }

    api.post(f"/customers/{customer.pk}/users", body, format="json")
    api.patch(f"/customers/{customer.pk}", body, format="json")
    api.post("/customers", body, format="json")

    assert columns(theirs) == before
    assert theirs.users.count() == 0
    assert Customer.objects.filter(organization=globex).count() == 1


def test_bodies_of_archive_and_restore_change_nothing_else(
    api: APIClient, customer: Customer
) -> None:
    ours = ("version", "updated_at", "archived_at")
    before = columns(customer, *ours)
    path = f"/customers/{customer.pk}"

    api.delete(path, PLANTED, format="json")
    archived = columns(customer, *ours)
    api.post(f"{path}/restore", PLANTED, format="json")

    assert archived == before
    assert columns(customer, *ours) == before
    assert not PaymentMethod.objects.exists()
