"""The groups Viewer, Editor and Manager: what they may do, and that the migration makes them."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client

from customers.models import Organization
from tests import factories

migration = import_module("customers.staff.migrations.0002_groups")

pytestmark = pytest.mark.django_db

# What superusers keep for themselves.
ABOUT_STAFF = {"staffuser", "membership", "organization"}


def codenames(group: str) -> set[str]:
    return set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))


def test_a_migrated_database_has_them() -> None:
    assert {name: codenames(name) for name in factories.GROUPS} == {
        name: set(permissions) for name, permissions in factories.GROUPS.items()
    }


def test_each_has_all_of_the_one_before() -> None:
    assert codenames("Viewer") < codenames("Editor") < codenames("Manager")


def test_a_viewer_only_views() -> None:
    assert all(name.startswith("view_") for name in codenames("Viewer"))


def test_no_group_changes_staff_memberships_or_organizations() -> None:
    changing = {name for name in codenames("Manager") if not name.startswith("view_")}

    assert not {name.partition("_")[2] for name in changing} & ABOUT_STAFF


def test_no_group_has_permissions_of_other_apps() -> None:
    assert not Permission.objects.filter(group__isnull=False).exclude(
        content_type__app_label="customers"
    )


def test_they_are_made_where_there_are_no_permissions_yet() -> None:
    Group.objects.all().delete()
    Permission.objects.all().delete()

    migration.make_groups(apps, None)

    assert codenames("Manager") == set(factories.GROUPS["Manager"])


def test_they_are_removed_again_and_others_stay() -> None:
    Group.objects.create(name="Auditors")

    migration.delete_groups(apps, None)

    assert [group.name for group in Group.objects.all()] == ["Auditors"]


@pytest.mark.parametrize(
    ("group", "path", "allowed"),
    [
        ("Viewer", "customers/customer/", True),
        ("Viewer", "customers/customer/add/", False),
        ("Viewer", "customers/customerevent/", True),
        ("Viewer", "customers/apikey/", False),
        ("Viewer", "customers/apikeyevent/", False),
        ("Editor", "customers/customer/add/", True),
        ("Editor", "customers/apikey/", False),
        ("Editor", "customers/idempotencyrecord/", False),
        ("Manager", "customers/apikey/add/", True),
        ("Manager", "customers/oauthclient/add/", True),
        ("Manager", "customers/organizationevent/", True),
        ("Manager", "customers/idempotencyrecord/", True),
        ("Manager", "customers/organization/add/", False),
        ("Manager", "staff/staffuser/", False),
    ],
)
def test_what_the_admin_opens_for_them(
    client: Client, acme: Organization, group: str, path: str, *, allowed: bool
) -> None:
    client.force_login(factories.staff("ada", group, organizations=[acme]))

    assert client.get(f"/admin/{path}").status_code == (200 if allowed else 403)
