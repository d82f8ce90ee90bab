"""API keys and OAuth clients in the admin."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from customers.models import ApiKey, Customer, OAuthClient, Organization
from customers.staff.models import StaffUser
from tests import factories


@pytest.fixture
def admin(client: Client, db: None) -> Client:
    client.force_login(StaffUser.objects.create_superuser("root", password="a long password"))
    return client


def issue(admin: Client, model: str, organization: Organization, **changes: Any) -> Any:
    return admin.post(
        f"/admin/customers/{model}/add/",
        {
            "organization": str(organization.pk),
            "mode": "live",
            "name": "sync",
            "scopes": ["customers:read"],
            **changes,
        },
        follow=True,
    )


def shown(response: Any) -> list[str]:
    return [unescape(code) for code in re.findall(r"<code>(.*?)</code>", response.content.decode())]


def test_a_key_is_shown_once_and_opens_what_it_says(
    admin: Client, acme: Organization, customer: Customer
) -> None:
    response = issue(admin, "apikey", acme)
    (secret,) = shown(response)
    key = ApiKey.objects.get()
    api = factories.bearer(secret)

    assert "no-store" in response["Cache-Control"]
    assert api.get("/customers").status_code == 200
    assert api.post("/customers", {"name": "x"}, format="json").status_code == 403
    again = admin.get(f"/admin/customers/apikey/{key.pk}/change/")
    assert again.status_code == 200
    assert secret not in again.content.decode()
    assert str(key) in again.content.decode()


def test_a_client_is_shown_once_and_gets_a_token(admin: Client, acme: Organization) -> None:
    client_id, secret = shown(issue(admin, "oauthclient", acme))
    basic = Client(headers={"Authorization": _basic(client_id, secret)})
    token = basic.post(
        "/oauth/token",
        "grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
    )

    assert token.status_code == 200
    assert secret not in admin.get("/admin/customers/oauthclient/").content.decode()


def _basic(user: str, password: str) -> str:
    from base64 import b64encode

    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


@pytest.mark.parametrize("model", ["apikey", "oauthclient"])
def test_a_form_without_scopes_issues_nothing(
    admin: Client, acme: Organization, model: str
) -> None:
    response = issue(admin, model, acme, scopes=[])

    assert "This field is required" in response.content.decode()
    assert not ApiKey.objects.exists()
    assert not OAuthClient.objects.exists()


def test_revoking_closes_a_key_at_once(admin: Client, acme: Organization) -> None:
    key, secret = ApiKey.issue(acme, "live")

    admin.post("/admin/customers/apikey/", {"action": "revoke", "_selected_action": str(key.pk)})

    assert factories.bearer(secret).get("/customers").status_code == 401
    assert "revoked" in admin.get("/admin/customers/apikey/").content.decode()


def test_an_issued_key_is_neither_changed_nor_deleted(admin: Client, acme: Organization) -> None:
    key, _ = ApiKey.issue(acme, "live")

    assert admin.post(f"/admin/customers/apikey/{key.pk}/change/", {"name": "x"}).status_code == 403
    assert admin.post(f"/admin/customers/apikey/{key.pk}/delete/").status_code == 403
