"""Staff users in the admin: a new one can sign in, and gets groups and organizations."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from customers.models import Organization
from customers.staff.models import StaffUser
from tests import factories

ADD = "/admin/staff/staffuser/add/"
NEW = "a fine long phrase"
NONE = {
    f"{prefix}-{name}": value
    for prefix in ("groupmembership_set", "membership_set")
    for name, value in (("TOTAL_FORMS", "0"), ("INITIAL_FORMS", "0"))
}


@pytest.fixture
def root(client: Client, db: None) -> Client:
    client.force_login(StaffUser.objects.create_superuser("root"))
    return client


def add(root: Client, **fields: str) -> Any:
    form = {"username": "nia", "usable_password": "true", "password1": NEW, "password2": NEW}
    return root.post(ADD, {**form, **NONE, **fields})


def test_a_new_account_can_sign_in(root: Client) -> None:
    assert add(root).status_code == 302

    assert factories.signs_in(Client(), "nia", NEW)


def test_groups_and_organizations_are_given_with_it(root: Client, acme: Organization) -> None:
    add(
        root,
        **{
            "groupmembership_set-TOTAL_FORMS": "1",
            "groupmembership_set-0-group": str(Group.objects.get(name="Editor").pk),
            "membership_set-TOTAL_FORMS": "1",
            "membership_set-0-organization": str(acme.pk),
        },
    )
    person = StaffUser.objects.get(username="nia")

    assert [group.name for group in person.groups.all()] == ["Editor"]
    assert [row.slug for row in person.organizations.all()] == ["acme"]


def test_without_staff_status_the_account_cannot_sign_in(root: Client) -> None:
    person = factories.staff("nia")
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "12:00:00"}
    form = {"username": "nia", "is_active": "on", **joined}
    answer = root.post(f"/admin/staff/staffuser/{person.pk}/change/", {**form, **NONE})

    assert answer.status_code == 302
    assert not factories.signs_in(Client(), "nia")
