"""The keys of this contract: 401 against 403, and live data apart from test data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, Organization
from customers.values.api_keys import generate_api_key
from customers.values.cus_ids import encode
from tests import factories
from tests.api.vatly.support import BASE, assert_error, create, get, names, page

GOOD = {"email": "new@example.com"}


def authorized(header: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    return client


def answers(client: APIClient, customer: Customer) -> Iterator[Any]:
    """Of every endpoint, of an unknown customer, and of methods and parameters that are not."""
    path = f"{BASE}/{encode(customer.pk)}"
    for each in (BASE, path, f"{BASE}/unknown", f"{BASE}?limit=0", f"{path}?x=1"):
        yield client.get(each)
    yield create(client, GOOD)
    yield create(client, {})
    yield client.delete(path)
    yield client.put(BASE)


def assert_all(client: APIClient, customer: Customer, status: int) -> None:
    for response in answers(client, customer):
        assert_error(response, status)
    assert Customer.objects.get() == customer


def test_no_credential_is_401(customer: Customer) -> None:
    assert_all(APIClient(), customer, 401)


def test_401_challenges_with_bearer(customer: Customer) -> None:
    for client in (APIClient(), factories.bearer(generate_api_key("live"))):
        for response in answers(client, customer):
            assert response["WWW-Authenticate"].startswith("Bearer ")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic bGl2ZV9hOg==", "Token live_x"])
def test_a_header_without_a_bearers_key_is_401(customer: Customer, header: str) -> None:
    assert_all(authorized(header), customer, 401)


def test_a_key_in_another_place_is_none(acme: Organization, customer: Customer) -> None:
    _, secret = ApiKey.issue(acme, "live")
    client = APIClient()
    client.credentials(HTTP_X_API_KEY=secret)

    assert_all(client, customer, 401)


def test_an_unknown_key_is_401(acme: Organization, customer: Customer) -> None:
    _, secret = ApiKey.issue(acme, "live")
    swapped = secret[:-1] + ("0" if secret[-1] != "0" else "1")

    for unknown in (
        *(generate_api_key("live"), generate_api_key("test"), swapped, secret[:-1], f"{secret}0"),
        *("live_", "test_", "live_x", "live_" + "a" * 18, "test_" + "a" * 5000, "live_a b"),
        secret.replace("live_", "test_"),
    ):
        assert_all(factories.bearer(unknown), customer, 401)


def test_an_expired_key_is_401(acme: Organization, customer: Customer) -> None:
    _, secret = ApiKey.issue(acme, "live", expires_at=timezone.now())

    assert_all(factories.bearer(secret), customer, 401)


@pytest.mark.parametrize(
    "key",
    [
        *("x", "sk_live_" + "a" * 30, "LIVE_" + "a" * 38, "livea" * 9, "live-" + "a" * 38),
        *("xlive_" + "a" * 38, "prod_" + "a" * 38, "_" * 43, "test", "live"),
        "019470a0-0000-7000-8000-000000000000",
    ],
)
def test_a_key_without_a_modes_prefix_is_403(customer: Customer, key: str) -> None:
    assert_all(factories.bearer(key), customer, 403)


def test_a_key_whose_prefix_was_cut_off_is_403(acme: Organization, customer: Customer) -> None:
    _, secret = ApiKey.issue(acme, "live")

    assert_all(factories.bearer(secret.removeprefix("live_")), customer, 403)


def test_a_revoked_key_is_403(acme: Organization, customer: Customer) -> None:
    key, secret = ApiKey.issue(acme, "live")
    client = factories.bearer(secret)
    assert client.get(BASE).status_code == 200

    key.revoke()

    assert_all(client, customer, 403)


def test_a_key_that_was_revoked_and_has_expired_is_403(
    acme: Organization, customer: Customer
) -> None:
    key, secret = ApiKey.issue(acme, "live", expires_at=timezone.now())
    key.revoke()

    assert_all(factories.bearer(secret), customer, 403)


def test_an_access_token_of_oauth_is_403(acme: Organization, customer: Customer) -> None:
    token = factories.access_token(factories.oauth_client(acme))

    assert_all(factories.bearer(token), customer, 403)


def test_a_refusal_does_not_repeat_the_key(acme: Organization) -> None:
    revoked, secret = ApiKey.issue(acme, "live")
    revoked.revoke()

    for key in (secret, "planted", generate_api_key("live")):
        assert key.encode() not in factories.bearer(key).get(BASE).content


def test_a_key_that_may_only_read_is_403_for_writing(
    acme: Organization, customer: Customer
) -> None:
    reader = factories.client(acme, scopes=["customers:read"])

    assert "customers:write" in assert_error(create(reader, GOOD), 403)["message"]
    assert reader.get(BASE).status_code == 200
    assert reader.get(f"{BASE}/{encode(customer.pk)}").status_code == 200


def test_a_key_that_may_only_write_is_403_for_reading(
    acme: Organization, customer: Customer
) -> None:
    writer = factories.client(acme, scopes=["customers:write"])

    for path in (BASE, f"{BASE}/{encode(customer.pk)}", f"{BASE}/unknown"):
        assert "customers:read" in assert_error(writer.get(path), 403)["message"]
    assert create(writer, GOOD).status_code == 201


@pytest.mark.parametrize("mode", ["live", "test"])
def test_a_key_has_the_documented_form(acme: Organization, mode: str) -> None:
    _, secret = ApiKey.issue(acme, mode)

    assert secret.startswith(f"{mode}_")
    assert len(secret.removeprefix(f"{mode}_")) >= 18


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(acme: Organization, scheme: str) -> None:
    _, secret = ApiKey.issue(acme, "live")

    assert authorized(f"{scheme} {secret}").get(BASE).status_code == 200


def test_live_and_test_data_are_apart(acme: Organization) -> None:
    live, test = factories.client(acme), factories.client(acme, "test")

    of_live, of_test = (create(client, GOOD).json() for client in (live, test))

    assert (of_live["testmode"], of_test["testmode"]) == (False, True)
    assert page(live)["data"] == [of_live]
    assert page(test)["data"] == [of_test]
    for client, mine, other in ((live, of_live, of_test), (test, of_test, of_live)):
        assert get(client, mine["links"]["self"]["href"]) == mine
        assert_error(client.get(other["links"]["self"]["href"]), 404)
        assert_error(create(client, GOOD), 422, "email")


def test_a_place_in_the_other_modes_list_shows_nothing_of_it(acme: Organization) -> None:
    live, test = factories.client(acme), factories.client(acme, "test")
    create(live, {"email": "1@example.org"})
    between = create(test, {"email": "2@example.org"}).json()["id"]
    create(live, {"email": "3@example.org"})

    assert names(page(live, startingAfter=between)) == ["1"]
    assert names(page(live, endingBefore=between)) == ["3"]
