"""Errors of every status: always Lago's JSON, whoever raises them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, Organization
from tests import factories
from tests.api.lago.support import (
    BAD_REQUEST,
    CUSTOMER_NOT_FOUND,
    PATH,
    UNAUTHORIZED,
    assert_error,
    at,
    post,
    send,
    shown,
)

JSON = "application/json"
NOT_FOUND = {"status": 404, "error": "Not Found"}
FORBIDDEN = {"status": 403, "error": "Forbidden"}
METHOD_NOT_ALLOWED = {"status": 405, "error": "Method Not Allowed"}
TOO_LARGE = {"status": 413, "error": "Request Entity Too Large"}
UNSUPPORTED = {"status": 415, "error": "Unsupported Media Type"}
TOO_MANY = {"status": 429, "error": "Too Many Requests"}


@pytest.fixture(params=[False, True], ids=["DEBUG=False", "DEBUG=True"], autouse=True)
def debug(request: pytest.FixtureRequest, settings: Settings) -> None:
    """Everything here holds in development too."""
    settings.DEBUG = request.param


@pytest.fixture
def client(api: APIClient) -> APIClient:
    """A client that answers what a server would, where the test client would raise."""
    api.raise_request_exception = False
    return api


# --- 400 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b" ",
            b"{",
            b"{}",
            b"[]",
            b"null",
            b'"customer"',
            b"5",
            b"customer",
            b"\xff",
            b"NaN",
        ),
        *(b'{"customers": {"customer_id": "x"}}', b'{"Customer": {"customer_id": "x"}}'),
        b'{"customer_id": "x"}',
        b'[{"customer": {"customer_id": "x"}}]',
        *(b'{"customer": %s}' % root for root in (b"null", b"{}", b"[]", b'""', b"5", b"true")),
        *(b'{"customer": %s}' % root for root in (b'"x"', b'["x"]', b'[{"customer_id": "x"}]')),
        b'{"customer": {"customer_id": "x"}',
        b'{"customer": {"customer_id": "x",}}',
        b'{"customer": {"customer_id": "x"}} {}',
        b"{'customer': {'customer_id': 'x'}}",
        b'{"customer": {"customer_id": "x", "customer_id": "x"}}',
        b'{"customer": {"customer_id": "x"}, "customer": {"customer_id": "y"}}',
        b'{"customer": {"customer_id": "x", "vat_rate": NaN}}',
        b'{"customer": {"customer_id": "x", "vat_rate": 1e999}}',
        b'{"customer": {"customer_id": "x", "vat_rate": %s}}' % (b"1" * 5000),
        b'{"customer": {"customer_id": "\\u0000"}}',
        b'{"customer": {"customer_id": "\\ud800"}}',
        b'{"customer": {"customer_id": "\xff"}}',
        b'{"customer": {"customer_id": "x", "unknown": %s1%s}}' % (b"[" * 40, b"]" * 40),
        b"[" * 100_000,
    ],
)
def test_a_root_that_is_missing_empty_or_unreadable_is_400(api: APIClient, body: bytes) -> None:
    assert_error(send(api, "POST", PATH, body, JSON), BAD_REQUEST)
    assert not Customer.objects.exists()


@pytest.mark.parametrize("host", ["evil.example", "a b", "testserver:x", "", "[::1", "ä.example"])
def test_a_bad_host_is_400(client: APIClient, customer: Customer, host: str) -> None:
    for path in (PATH, at("ext-1"), at("unknown"), f"{PATH}/", f"{PATH}/a/b/c"):
        assert_error(client.get(path, HTTP_HOST=host), BAD_REQUEST)


# --- 401 and 403 ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "Bearer", "Bearer ", "Bearer x", "Bearer live_x", "Bearer test_x", "Bearer é"),
        *("Basic bGl2ZTpsaXZl", "live_x", "{key}", "Token {key}", "Bearer {key}x", "Bearer x{key}"),
        *("Bearer {key} x", "Bearer {KEY}", "Basic {key}"),
    ],
)
def test_no_valid_key_is_401(acme: Organization, customer: Customer, header: str | None) -> None:
    _, key = ApiKey.issue(acme, "live")
    client = APIClient()
    if header is not None:
        value = header.format(key=key, KEY=key.upper())
        client.credentials(HTTP_AUTHORIZATION=value.encode().decode("latin-1"))

    for answer in (
        client.get(PATH),
        client.get(at("ext-1")),
        client.get(at("unknown")),
        client.delete(at("ext-1")),
        post(client, {"customer_id": "ext-1", "name": "New"}),
        send(client, "POST", PATH, b"{", JSON),
    ):
        assert_error(answer, UNAUTHORIZED)
        assert answer["WWW-Authenticate"].startswith("Bearer ")
    customer.refresh_from_db()
    assert customer.version == 1


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_valid_key_is_let_in(acme: Organization, customer: Customer, scheme: str) -> None:
    _, key = ApiKey.issue(acme, "live")

    assert shown(APIClient().get(at("ext-1"), HTTP_AUTHORIZATION=f"{scheme} {key}"))


def test_a_key_that_was_revoked_or_has_expired_is_401(acme: Organization) -> None:
    for column in ("revoked_at", "expires_at"):
        key, secret = ApiKey.issue(acme, "live")
        client = factories.bearer(secret)
        assert client.get(PATH).status_code == 200
        ApiKey.objects.filter(pk=key.pk).update(**{column: timezone.now() - timedelta(seconds=1)})
        assert_error(client.get(PATH), UNAUTHORIZED)


def test_credentials_of_other_contracts_are_401(acme: Organization) -> None:
    token = factories.access_token(factories.oauth_client(acme))
    _, key = ApiKey.issue(acme, "live")

    assert_error(factories.bearer(token).get(PATH), UNAUTHORIZED)
    assert_error(APIClient().get(PATH, HTTP_X_API_KEY=key), UNAUTHORIZED)


def test_a_missing_scope_is_403(acme: Organization, customer: Customer) -> None:
    reader = factories.client(acme, scopes=["customers:read"])
    writer = factories.client(acme, scopes=["customers:write"])

    assert shown(reader.get(at("ext-1")))
    assert_error(post(reader, {"customer_id": "ext-1", "name": "New"}), FORBIDDEN)
    assert_error(reader.delete(at("ext-1")), FORBIDDEN)
    assert_error(writer.get(at("ext-1")), FORBIDDEN)
    assert_error(writer.get(PATH), FORBIDDEN)
    assert shown(post(writer, {"customer_id": "ext-1"}))


# --- 404 and 405 ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_nothing_is_at_the_slash(api: APIClient, method: str) -> None:
    for client in (api, APIClient()):
        response = send(client, method, f"{PATH}/", b"{", JSON)
        if method == "HEAD":
            assert response.status_code == 404
        else:
            assert_error(response, NOT_FOUND)


def test_what_lies_below_a_customer_is_an_unknown_customer(
    api: APIClient, customer: Customer
) -> None:
    for below in ("current_usage", "portal_url", "", "ext-1"):
        assert_error(api.get(f"{PATH}/ext-1/{below}"), CUSTOMER_NOT_FOUND)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [(PATH, {"GET", "POST", "HEAD"}), (at("ext-1"), {"GET", "DELETE", "HEAD"})],
)
def test_other_methods_are_405_and_told_what_is_allowed(
    api: APIClient, customer: Customer, path: str, allowed: set[str]
) -> None:
    every = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "X" * 100}
    for method in every - allowed:
        response = send(api, method, path, b'{"customer": {"customer_id": "x"}}', JSON)
        assert_error(response, METHOD_NOT_ALLOWED)
        told = set(response["Allow"].split(", "))
        assert allowed - {"HEAD"} <= told <= allowed

    assert Customer.objects.get().version == 1


# --- 413, 415 and 429 ----------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 5 * 1024 * 1024])
def test_a_body_of_more_than_a_mebibyte_is_413(api: APIClient, size: int) -> None:
    body = b'{"customer": {"customer_id": "x", "vat_rate": 1}}'

    assert shown(send(api, "POST", PATH, body.ljust(1024 * 1024), JSON))
    assert_error(send(api, "POST", PATH, body.ljust(size), JSON), TOO_LARGE)
    assert_error(
        send(api, "POST", PATH, body.ljust(size), JSON, HTTP_IDEMPOTENCY_KEY="k"), TOO_LARGE
    )


@pytest.mark.parametrize(
    "content_type",
    [
        *("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
        *("application/xml", "application/vnd.api+json", "text/json", "application/jsonx", "json"),
    ],
)
def test_another_content_type_is_415(api: APIClient, content_type: str) -> None:
    body = b'{"customer": {"customer_id": "x"}}'

    assert_error(send(api, "POST", PATH, body, content_type), UNSUPPORTED)
    assert not Customer.objects.exists()


@pytest.mark.parametrize("content_type", ["Application/JSON", "application/json; charset=utf-8"])
def test_json_is_read_however_it_is_spelt(api: APIClient, content_type: str) -> None:
    assert shown(send(api, "POST", PATH, b'{"customer": {"customer_id": "x"}}', content_type))


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*;q=1", "nonsense"])
def test_it_is_json_whatever_is_accepted(api: APIClient, customer: Customer, accept: str) -> None:
    assert shown(api.get(at("ext-1"), HTTP_ACCEPT=accept))
    assert_error(api.get(at("unknown"), HTTP_ACCEPT=accept), CUSTOMER_NOT_FOUND)


def test_too_many_requests_are_429(api: APIClient, customer: Customer, settings: Settings) -> None:
    settings.RATE_LIMIT = "2/day"
    answers: list[Any] = [api.get(at("ext-1")) for _ in range(6)]

    assert shown(answers[0])
    assert_error(answers[-1], TOO_MANY)
    assert int(answers[-1]["Retry-After"]) >= 1


def test_an_error_is_answered_with_a_request_id(api: APIClient) -> None:
    answers = [api.get(at("unknown")), api.put(PATH), APIClient().get(PATH), api.get(f"{PATH}/")]

    assert len({answer["X-Request-Id"] for answer in answers}) == 4
