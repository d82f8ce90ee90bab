"""The demo's credentials, which everyone knows, open nothing unless DEBUG is on."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from customers.models import OAuthClient, Organization
from customers.staff.models import StaffUser
from customers.values.demo_credentials import (
    API_KEYS,
    CLIENT_ID,
    CLIENT_SECRET,
    STAFF_LOGIN,
    STAFF_PASSWORD,
)
from tests import factories


@pytest.fixture
def demo(acme: Organization) -> None:
    """What a database has that `make demo` was run on."""
    from customers.models import ApiKey
    from customers.values.api_keys import digest

    StaffUser.objects.create_superuser(STAFF_LOGIN, password=STAFF_PASSWORD)
    for mode, secret in API_KEYS.items():
        ApiKey.objects.create(organization=acme, mode=mode, digest=digest(secret))
    client, _ = OAuthClient.issue(acme, "live")
    client.client_id, client.client_secret = CLIENT_ID, CLIENT_SECRET
    client.save()


@pytest.mark.parametrize("debug", [True, False])
def test_they_work_with_debug_and_only_with_it(
    demo: None,
    client: Client,
    settings: LazySettings,
    debug: bool,  # noqa: FBT001
) -> None:
    settings.DEBUG = debug

    signed_in = factories.signs_in(client, STAFF_LOGIN, STAFF_PASSWORD)
    keys = [factories.bearer(key).get("/customers").status_code for key in API_KEYS.values()]
    clients = [client.is_active for client in OAuthClient.objects.all()]

    assert signed_in is debug
    assert keys == ([200, 200] if debug else [401, 401])
    assert clients == [debug]


@pytest.mark.django_db
def test_other_staff_sign_in_as_ever(client: Client) -> None:
    StaffUser.objects.create_user("ada", password="a long password", is_staff=True)

    assert factories.signs_in(client, "ada", "a long password")
    assert not factories.signs_in(client, "ada", "another")
    assert not factories.signs_in(client, "nobody", "another")
