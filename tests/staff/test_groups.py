"""The groups Viewer, Editor and Manager: what they may do, and when they are made."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db.migrations.state import StateApps
from django.test import Client

from customers.models import Organization
from customers.staff.groups import APPS, GROUPS, make_missing_groups
from tests import factories

pytestmark = pytest.mark.django_db

# What superusers keep for themselves.
ABOUT_STAFF = {"staffuser", "membership", "organization"}


def codenames(group: str) -> set[str]:
    return set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))


def test_a_migrated_database_has_them() -> None:
    assert {name: codenames(name) for name in GROUPS} == {
        name: set(permissions) for name, permissions in GROUPS.items()
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
        content_type__app_label__in=APPS
    )


def test_they_come_back_when_the_tables_were_emptied(transactional_db: None) -> None:
    call_command("flush", interactive=False, verbosity=0)

    assert codenames("Manager") == set(GROUPS["Manager"])
    assert codenames("Viewer") == set(GROUPS["Viewer"])


def test_control_without_the_signal_they_do_not(transactional_db: None) -> None:
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    assert not Group.objects.exists()

    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert Group.objects.count() == len(GROUPS)


def test_what_superusers_changed_stays() -> None:
    viewer = Group.objects.get(name="Viewer")
    viewer.permissions.clear()
    Group.objects.get(name="Manager").delete()
    Group.objects.create(name="Auditors")

    call_command("migrate", verbosity=0)

    assert codenames("Viewer") == set()
    assert codenames("Manager") == set(GROUPS["Manager"])
    assert codenames("Auditors") == set()


def test_none_is_made_before_all_its_permissions_are_there() -> None:
    Group.objects.all().delete()
    Permission.objects.filter(codename="view_oauthclientevent").delete()

    make_missing_groups("default")
    make_missing_groups("default", StateApps([], {}))

    assert {group.name for group in Group.objects.all()} == {"Viewer", "Editor"}


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
