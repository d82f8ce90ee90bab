"""What a staff member sees: the organizations they belong to."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from customers.models import ApiKey, OAuthClient, Organization
from customers.staff.models import StaffUser
from tests import factories


@pytest.fixture
def clerk(client: Client, acme: Organization) -> Client:
    """Someone of Acme who may do everything in the admin."""
    person = StaffUser.objects.create_user("clerk", password="a long password", is_staff=True)
    person.user_permissions.set(Permission.objects.all())
    acme.staff.add(person)
    client.force_login(person)
    return client


PAGES = ["customer", "apikey", "oauthclient", "organization"]


@pytest.mark.parametrize("page", PAGES)
def test_lists_show_only_the_persons_organizations(
    clerk: Client, acme: Organization, globex: Organization, page: str
) -> None:
    for organization in (acme, globex):
        factories.customer(organization, name=f"customer of {organization.slug}")
        ApiKey.issue(organization, "live", name=f"key of {organization.slug}")
        OAuthClient.issue(organization, "live", name=f"client of {organization.slug}")

    shown = clerk.get(f"/admin/customers/{page}/").content.decode().lower()

    assert "acme" in shown
    assert "globex" not in shown


def test_others_pages_are_not_found(clerk: Client, globex: Organization) -> None:
    theirs = factories.customer(globex, name="Theirs")

    response = clerk.get(f"/admin/customers/customer/{theirs.pk}/change/")

    assert response.status_code == 404
    assert "Theirs" not in response.content.decode()


def test_nothing_is_issued_for_an_organization_of_others(
    clerk: Client, globex: Organization
) -> None:
    clerk.post(
        "/admin/customers/apikey/add/",
        {"organization": str(globex.pk), "mode": "live", "scopes": ["customers:read"]},
    )

    assert not ApiKey.objects.exists()


@pytest.mark.django_db
def test_a_superuser_sees_all(client: Client, acme: Organization, globex: Organization) -> None:
    client.force_login(StaffUser.objects.create_superuser("root", password="a long password"))

    shown = client.get("/admin/customers/organization/").content.decode()

    assert "Acme" in shown
    assert "Globex" in shown


@pytest.mark.django_db
def test_the_admin_shows_nothing_of_the_oauth_servers_inner_workings(client: Client) -> None:
    client.force_login(StaffUser.objects.create_superuser("root", password="a long password"))

    shown = client.get("/admin/").content.decode()

    assert "OAuth clients" in shown
    assert "Access tokens" not in shown
    assert "Refresh tokens" not in shown
