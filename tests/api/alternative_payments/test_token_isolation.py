"""What this contract alone must keep apart: access tokens, cursors, payment methods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from customers.models import Customer, OAuthClient, Organization
from tests import factories
from tests.api.alternative_payments.support import assert_error
from tests.api.contract_table import ALTERNATIVE_PAYMENTS as AP
from tests.api.harness import NOWHERE, Endpoint, rows_of
from tests.api.test_isolation import call, same
from tests.stored import stored

ENDPOINTS = AP.endpoints


def of_client(organization: Organization, mode: str = "live", **changes: Any) -> APIClient:
    """A client with a token of an OAuth client that has these values."""
    client = factories.oauth_client(organization, mode)
    OAuthClient.objects.filter(pk=client.pk).update(**changes)
    return factories.bearer(factories.access_token(client))


BY_SCOPES: dict[str, Callable[[Organization, list[str]], APIClient]] = {
    "client": lambda acme, scopes: of_client(acme, scopes=scopes),
    "token": lambda acme, scopes: factories.bearer(
        factories.access_token(factories.oauth_client(acme), scopes)
    ),
}


@pytest.fixture
def row(acme: Organization) -> tuple[Customer, str]:
    return rows_of(acme)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)
@pytest.mark.parametrize("kind", BY_SCOPES)
def test_a_token_without_the_scope_is_403(
    acme: Organization, row: tuple[Customer, str], endpoint: Endpoint, kind: str
) -> None:
    before = stored()
    needed, other = "customers:read", "customers:write"
    if endpoint.route.writes:
        needed, other = other, needed
    for scopes in ([], [other], ["nonsense"]):
        client = BY_SCOPES[kind](acme, scopes)
        here = call(client, endpoint, row)

        assert needed in assert_error(here, 403)["message"]
        assert same(here, call(client, endpoint, NOWHERE))
    assert stored() == before

    assert call(BY_SCOPES[kind](acme, [needed]), endpoint, row).status_code == endpoint.route.ok


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)
def test_a_token_of_a_client_that_ended_opens_nothing(
    acme: Organization, row: tuple[Customer, str], endpoint: Endpoint
) -> None:
    before = stored()
    past = timezone.now() - timedelta(seconds=1)
    endings: list[dict[str, Any]] = [{"revoked_at": past}, {"expires_at": past}]
    for ended in endings:
        here = call(of_client(acme, **ended), endpoint, row)

        assert_error(here, 401)
        assert same(here, call(of_client(acme, **ended), endpoint, NOWHERE))
    assert stored() == before


@pytest.mark.parametrize("endpoint", [each for each in ENDPOINTS if each.route.of_one], ids=str)
def test_what_exists_elsewhere_is_answered_to_a_token_as_what_does_not_exist(
    acme: Organization, globex: Organization, row: tuple[Customer, str], endpoint: Endpoint
) -> None:
    before = stored()
    for client in (of_client(globex), of_client(acme, "test"), of_client(globex, "test")):
        elsewhere = call(client, endpoint, row)

        assert_error(elsewhere, 404)
        assert same(elsewhere, call(client, endpoint, NOWHERE))
    assert stored() == before


def test_the_cursor_of_others_is_a_place_and_nothing_more(
    acme: Organization, globex: Organization, row: tuple[Customer, str]
) -> None:
    cursor = factories.client(acme).get("/customers").json()["end_cursor"]

    for theirs in (factories.client(globex), factories.client(acme, "test"), of_client(globex)):
        for direction in ("after", "before"):
            page = theirs.get("/customers", {direction: cursor}).json()
            assert page["data"] == []
            assert not page["has_next_page"]
            assert not page["has_previous_page"]


def test_a_payment_method_of_another_customer_is_answered_as_none(
    acme: Organization, api: APIClient, row: tuple[Customer, str]
) -> None:
    other, others_method = rows_of(acme, external_id="other")
    path = f"/customers/{row[0].pk}/payment-methods"

    elsewhere = api.get(f"{path}/{others_method}")

    assert api.get(f"/customers/{other.pk}/payment-methods/{others_method}").status_code == 200
    assert_error(elsewhere, 404)
    assert same(elsewhere, api.get(f"{path}/{UUID(int=7)}"))
