"""API keys and OAuth clients: issued once, kept as hashes, revoked and expired."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from customers.models import ApiKey, OAuthClient, Organization
from customers.models.credential import Tenant
from customers.models.issued_credentials import LAST_USED_PRECISION
from customers.models.scopes import READ, all_scopes
from customers.values.api_keys import is_api_key

KINDS: list[Any] = [ApiKey, OAuthClient]
HOUR = timedelta(hours=1)


def all_text(*tables: str) -> str:
    """Every value in these tables."""
    with connection.cursor() as cursor:
        found = ""
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            found += repr(cursor.fetchall())
    return found


@pytest.mark.parametrize("mode", ["live", "test"])
def test_an_issued_key_opens_its_organization_and_mode(acme: Organization, mode: str) -> None:
    key, secret = ApiKey.issue(acme, mode, name="Billing")

    assert is_api_key(secret)
    assert secret.startswith(f"{mode}_")
    credential = ApiKey.objects.get().credential
    assert credential.tenant == Tenant(acme.pk, mode)
    assert credential.scopes == set(all_scopes())
    assert (credential.actor.kind, credential.actor.id) == ("api_key", str(key.pk))
    assert credential.actor.label == f"{secret[:9]}…{secret[-4:]} Billing"


def test_an_issued_client_opens_its_organization_and_mode(acme: Organization) -> None:
    client, _ = OAuthClient.issue(acme, "test", name="Shop")

    credential = OAuthClient.objects.get().credential
    assert credential.tenant == Tenant(acme.pk, "test")
    assert credential.scopes == set(all_scopes())
    assert (credential.actor.kind, credential.actor.id) == ("oauth_client", client.client_id)
    assert credential.actor.label == "Shop"


def test_only_the_hash_of_a_key_is_kept(acme: Organization) -> None:
    key, secret = ApiKey.issue(acme, "live")

    assert key.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert (key.prefix, key.last4) == (secret[:9], secret[-4:])
    stored = all_text("customers_apikey", "customers_apikeyevent")
    assert key.digest in stored
    assert secret not in stored
    assert secret[9:-4] not in stored


def test_only_the_hash_of_a_clients_secret_is_kept(acme: Organization, real_hashes: None) -> None:
    client, secret = OAuthClient.issue(acme, "live")

    client.refresh_from_db()
    assert check_password(secret, client.client_secret)
    assert secret not in all_text("customers_oauthclient", "customers_oauthclientevent")


@pytest.mark.parametrize("kind", KINDS)
def test_no_hash_is_in_the_history(acme: Organization, kind: Any) -> None:
    row, _ = kind.issue(acme, "live")
    row.revoke()

    events = all_text(kind._meta.db_table + "event")
    assert row.events.count() == 2
    assert (row.client_secret if kind is OAuthClient else row.digest) not in events


@pytest.mark.parametrize("kind", KINDS)
def test_two_secrets_differ(acme: Organization, kind: Any) -> None:
    assert kind.issue(acme, "live")[1] != kind.issue(acme, "live")[1]


@pytest.mark.parametrize("kind", KINDS)
def test_fewer_scopes_may_be_issued(acme: Organization, kind: Any) -> None:
    kind.issue(acme, "live", scopes=[READ])

    assert kind.objects.get().credential.scopes == {READ}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("other", {}),
        ("", {}),
        ("live", {"scopes": ["customers:everything"]}),
        ("live", {"name": "n" * 256}),
    ],
)
def test_what_breaks_a_rule_is_not_issued(
    acme: Organization, kind: Any, mode: str, options: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        kind.issue(acme, mode, **options)

    assert not kind.objects.exists()


def test_a_key_is_found_by_its_secret(acme: Organization) -> None:
    key, secret = ApiKey.issue(acme, "live")
    _, other = ApiKey.issue(acme, "live")

    assert ApiKey.objects.with_secret(secret) == key
    assert ApiKey.objects.with_secret(other) != key


def test_a_revoked_key_is_still_found(acme: Organization) -> None:
    key, secret = ApiKey.issue(acme, "live")
    key.revoke()

    found = ApiKey.objects.with_secret(secret)

    assert found == key
    assert not found.is_active


@pytest.mark.parametrize("secret", ["", "live_x", "live_" + "0" * 38, "\0", "ü" * 43])
def test_what_is_no_key_is_not_looked_up(
    db: None, secret: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert ApiKey.objects.with_secret(secret) is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_revoked_credential_is_inactive(acme: Organization, kind: Any) -> None:
    row, _ = kind.issue(acme, "live")
    assert row.is_active

    row.revoke()

    stored = kind.objects.get()
    assert not stored.is_active
    assert stored.revoked_at == row.revoked_at


@pytest.mark.parametrize("kind", KINDS)
def test_revoking_twice_is_revoking_once(acme: Organization, kind: Any) -> None:
    row, _ = kind.issue(acme, "live")
    row.revoke()
    at = kind.objects.get().revoked_at

    kind.objects.get().revoke()

    assert kind.objects.get().revoked_at == at


@pytest.mark.parametrize("kind", KINDS)
def test_a_credential_is_active_until_the_moment_it_expires(acme: Organization, kind: Any) -> None:
    now = timezone.now()
    row, _ = kind.issue(acme, "live", expires_at=now + HOUR)

    with time_machine.travel(now + HOUR - timedelta(microseconds=1), tick=False):
        assert row.is_active
    with time_machine.travel(now + HOUR, tick=False):
        assert not row.is_active


def test_a_client_gets_tokens_while_it_is_active(acme: Organization) -> None:
    client, _ = OAuthClient.issue(acme, "live")
    assert client.is_usable(None)

    client.revoke()

    assert not client.is_usable(None)


def test_a_client_has_the_client_credentials_grant_only(acme: Organization) -> None:
    client, _ = OAuthClient.issue(acme, "live")

    assert client.authorization_grant_type == OAuthClient.GRANT_CLIENT_CREDENTIALS
    assert client.client_type == OAuthClient.CLIENT_CONFIDENTIAL


@pytest.mark.parametrize("kind", KINDS)
def test_last_use_is_kept_to_the_minute(
    acme: Organization, kind: Any, django_assert_num_queries: Any
) -> None:
    kind.issue(acme, "live")
    row = kind.objects.get()
    assert row.last_used_at is None
    now = timezone.now()

    with time_machine.travel(now, tick=False):
        row.touch_last_used()
    assert kind.objects.get().last_used_at == now

    with time_machine.travel(now + LAST_USED_PRECISION, tick=False), django_assert_num_queries(0):
        kind(last_used_at=now, pk=row.pk).touch_last_used()

    later = now + LAST_USED_PRECISION + timedelta(seconds=1)
    with time_machine.travel(later, tick=False):
        kind.objects.get().touch_last_used()
    assert kind.objects.get().last_used_at == later


@pytest.mark.parametrize("kind", KINDS)
def test_a_use_is_no_event_of_the_history(acme: Organization, kind: Any) -> None:
    row, _ = kind.issue(acme, "live")

    row.touch_last_used()

    assert [event.pgh_label for event in row.events.all()] == ["insert"]
    assert not hasattr(row.events.get(), "last_used_at")
