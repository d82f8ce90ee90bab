"""Only the fields of a form are written, whatever is sent."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from customers.models import ApiKey, Customer, CustomerUser, Organization, PaymentMethod
from customers.staff.models import StaffUser
from tests import factories
from tests.backoffice.support import at, edited

LONG_AGO = "2001-01-01T00:00:00Z"
OTHER_ID = "01890000-0000-7000-8000-000000000000"
#: Harmful values, by column.
EXTRA = {
    "id": OTHER_ID,
    "pk": OTHER_ID,
    "organization": "2",
    "organization_id": "2",
    "mode": "test",
    "customer": OTHER_ID,
    "customer_id": OTHER_ID,
    "created_at": LONG_AGO,
    "updated_at": LONG_AGO,
    "archived_at": LONG_AGO,
    "default_payment_method": OTHER_ID,
    "default_payment_method_id": OTHER_ID,
    "digest": "0" * 64,
    "prefix": "live_000",
    "client_id": "mine",
    "client_secret": "mine",
    "revoked_at": LONG_AGO,
    "last_used_at": LONG_AGO,
    "is_superuser": "on",
    "is_staff": "on",
    "groups": "1",
    "user_permissions": "1",
    "organizations": "1",
    "pgh_context": "{}",
    "actor": "someone else",
}
KEPT = frozenset(
    {"id", "organization_id", "mode", "customer_id", "created_at", "archived_at"}
    | {"default_payment_method_id"}
)


def kept(row: Model) -> dict[str, Any]:
    row.refresh_from_db()
    return {name: value for name, value in vars(row).items() if name in KEPT}


@pytest.fixture
def extra(globex: Organization) -> dict[str, Any]:
    return {**EXTRA, "organization": str(globex.pk), "organization_id": str(globex.pk)}


def test_creating_a_customer_takes_nothing_else(
    editor: Client, acme: Organization, extra: dict[str, Any]
) -> None:
    editor.post(at("customer_new"), {**extra, "name": "Hooli", "version": "40"})

    created = Customer.objects.get()
    assert (created.organization, created.mode, created.version) == (acme, "live", 1)
    assert (created.archived_at, created.default_payment_method) == (None, None)
    assert created.created_at.year > 2001
    assert str(created.pk) != OTHER_ID


def test_editing_a_customer_takes_nothing_else(
    editor: Client, customer: Customer, extra: dict[str, Any]
) -> None:
    before = kept(customer)

    assert edited(editor, at("customer_edit", customer.pk), **extra, city="Kyiv").status_code == 302

    assert kept(customer) == before
    assert (customer.city, customer.version) == ("Kyiv", 2)


@pytest.mark.parametrize("page", ["archive", "restore"])
def test_archiving_and_restoring_take_nothing_else(
    editor: Client, customer: Customer, extra: dict[str, Any], page: str
) -> None:
    customer.archive()
    at_once = customer.archived_at

    editor.post(at(f"customer_{page}", customer.pk), {**extra, "name": "Other", "version": "2"})

    customer.refresh_from_db()
    assert customer.archived_at == (at_once if page == "archive" else None)
    assert (customer.name, customer.mode) == ("Coleman-Blair", "live")


def test_a_user_takes_nothing_else(
    editor: Client, customer: Customer, extra: dict[str, Any]
) -> None:
    editor.post(at("user_add", customer.pk), {**extra, "email": "bob@example.org", "version": "7"})
    user = CustomerUser.objects.get()
    assert (user.customer, user.organization, user.version) == (customer, customer.organization, 1)
    before = kept(user)

    edited(editor, at("user_edit", customer.pk, user.pk), **extra, first_name="Bob")

    assert kept(user) == before
    assert (user.first_name, user.version) == ("Bob", 2)


def test_a_payment_method_takes_nothing_else(
    editor: Client, customer: Customer, extra: dict[str, Any]
) -> None:
    editor.post(at("payment_method_add", customer.pk), {**extra, "type": "card", "last4": "4242"})
    method = PaymentMethod.objects.get()
    assert (method.customer, method.mode, method.version) == (customer, "live", 1)
    before = kept(method)

    edited(editor, at("payment_method_edit", customer.pk, method.pk), **extra, last4="1881")

    assert kept(method) == before
    assert (method.last4, method.version) == ("1881", 2)


def test_issuing_a_credential_takes_nothing_else(
    manager: Client, acme: Organization, extra: dict[str, Any]
) -> None:
    form = {"kind": "key", "name": "sync", "scopes": ["customers:read"]}

    manager.post(at("credential_new"), {**extra, **form})

    key = ApiKey.objects.get()
    assert (key.organization, key.mode, key.scopes) == (acme, "live", ["customers:read"])
    assert key.digest != extra["digest"]
    assert (key.revoked_at, key.last_used_at) == (None, None)
    assert key.created_at.year > 2001


def test_replacing_a_credential_takes_nothing_else(
    manager: Client, acme: Organization, extra: dict[str, Any]
) -> None:
    old = ApiKey.issue(acme, "live", name="sync", scopes=["customers:read"])[0]
    form = {"overlap": "24", "scopes": ["customers:write"], "name": "other", "expires_at": LONG_AGO}

    manager.post(at("credential_rotate", "key", old.pk), {**extra, **form})

    new = ApiKey.objects.exclude(pk=old.pk).get()
    assert (new.name, new.scopes, new.mode, new.expires_at) == (
        *("sync", ["customers:read"], "live", None),
    )
    assert new.organization == acme


def test_no_form_raises_anyones_permissions(
    editor: Client, customer: Customer, extra: dict[str, Any]
) -> None:
    factories.payment_method(customer)

    editor.post(at("customer_new"), {**extra, "name": "Hooli"})
    editor.post(at("user_add", customer.pk), {**extra, "email": "bob@example.org"})

    person = StaffUser.objects.get(username="edda")
    assert not person.is_superuser
    assert [group.name for group in person.groups.all()] == ["Editor"]
    assert not person.user_permissions.exists()
