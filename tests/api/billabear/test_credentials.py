"""The keys of this contract: `X-API-Key`, 401 with an empty list, 403 without the scope."""

from __future__ import annotations

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, Organization
from tests import factories
from tests.api.billabear.support import BASE, assert_error, client, create, with_key
from tests.api.harness import send

GOOD = {"email": "new@example.org", "country": "DE"}


@pytest.fixture
def path(customer: Customer) -> str:
    return f"{BASE}/{customer.pk}"


def test_no_key_is_401_with_an_empty_list(db: None) -> None:
    for response in (
        APIClient().get(BASE),
        create(APIClient(), GOOD),
        APIClient().get(BASE + "/x"),
    ):
        assert assert_error(response, 401) == []
        assert response["WWW-Authenticate"]


def test_a_key_that_opens_nothing_is_401_with_an_empty_list(acme: Organization, path: str) -> None:
    revoked, revoked_secret = ApiKey.issue(acme, "live")
    revoked.revoke()
    _, expired_secret = ApiKey.issue(acme, "live", expires_at=timezone.now())
    unknown = revoked_secret[:-1] + ("0" if revoked_secret[-1] != "0" else "1")

    for secret in (
        "",
        "x",
        "live_",
        unknown,
        revoked_secret,
        expired_secret,
        f"{unknown} ",
        "\xe4",
    ):
        for each in (BASE, path):
            assert assert_error(with_key(secret).get(each), 401) == []
        assert assert_error(create(with_key(secret), GOOD), 401) == []
    assert Customer.objects.count() == 1


def test_a_key_in_another_place_is_none(acme: Organization, path: str) -> None:
    _, secret = ApiKey.issue(acme, "live")

    assert_error(factories.bearer(secret).get(path), 401)
    assert_error(APIClient().get(path, {"X-API-Key": secret}), 401)
    assert_error(APIClient().get(path, {"api_key": secret}), 401)


@pytest.mark.parametrize(
    ("scope", "method"), [("customers:read", "PUT"), ("customers:write", "GET")]
)
def test_a_key_without_the_scope_is_403(acme: Organization, scope: str, method: str) -> None:
    response = send(client(acme, scopes=[scope]), method, BASE, b"{}", "application/json")

    assert "scope" in assert_error(response, 403)["reason"]
