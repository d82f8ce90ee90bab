"""Credentials are remembered for a moment, in production."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from time import monotonic

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from customers.models import ApiKey, OAuthClient, Organization
from customers.rest import credential_cache
from tests import factories


@pytest.fixture(autouse=True)
def remembering(settings: Settings) -> Iterator[None]:
    settings.CREDENTIAL_CACHE_SECONDS = 10
    credential_cache.forget_all()
    yield
    credential_cache.forget_all()


@pytest.fixture(params=["key", "token"])
def caller(request: pytest.FixtureRequest, acme: Organization) -> APIClient:
    if request.param == "key":
        return factories.client(acme)
    return factories.bearer(factories.access_token(factories.oauth_client(acme)))


def revoke_all() -> None:
    for credential in (*ApiKey.objects.all(), *OAuthClient.objects.all()):
        credential.revoke()


def status(caller: APIClient) -> int:
    return int(caller.get("/customers").status_code)


def test_a_second_request_does_not_look_it_up(
    caller: APIClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    caller.get("/customers")

    with django_assert_num_queries(1):
        assert status(caller) == 200


def test_a_revocation_takes_effect_within_the_time(
    caller: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert status(caller) == 200
    revoke_all()
    assert status(caller) == 200

    now = monotonic() + 10.1
    monkeypatch.setattr(credential_cache, "monotonic", lambda: now)
    assert status(caller) == 401


def test_an_expiry_takes_effect_at_once(caller: APIClient) -> None:
    end = timezone.now() + timedelta(seconds=3)
    ApiKey.objects.update(expires_at=end)
    OAuthClient.objects.update(expires_at=end)

    assert status(caller) == 200
    with time_machine.travel(end, tick=False):
        assert status(caller) == 401


def test_without_it_a_revocation_takes_effect_at_once(
    caller: APIClient, settings: Settings
) -> None:
    settings.CREDENTIAL_CACHE_SECONDS = 0

    assert status(caller) == 200
    revoke_all()
    assert status(caller) == 401


def test_a_refused_secret_is_not_remembered(acme: Organization) -> None:
    key, secret = ApiKey.issue(acme, "live")
    key.revoke()
    caller = APIClient(headers={"X-API-Key": secret})

    for _ in range(2):
        assert caller.get("/api/v1.0/customer").status_code == 401


def test_only_so_many_are_remembered(acme: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credential_cache, "MAX_REMEMBERED", 2)
    credential = factories.credential(acme)
    for digest in "abc":
        credential_cache.remember(digest, credential)

    assert [credential_cache.recall(digest) for digest in "abc"] == [None, credential, credential]
