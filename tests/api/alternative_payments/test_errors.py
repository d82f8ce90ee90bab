"""Errors of every status: always JSON of this contract's shape, whoever raises them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.alternative_payments.conftest import Post, basic
from tests.api.alternative_payments.support import assert_error, send

Call = Callable[[APIClient, str], Any]


@pytest.fixture(params=[False, True], ids=["DEBUG=False", "DEBUG=True"], autouse=True)
def debug(request: pytest.FixtureRequest, settings: Settings) -> None:
    """Everything here holds in development too."""
    settings.DEBUG = request.param


@pytest.fixture
def path(customer: Customer) -> str:
    return f"/customers/{customer.pk}"


@pytest.fixture
def client(api: APIClient) -> APIClient:
    """A client that answers what a server would, where the test client would raise."""
    api.raise_request_exception = False
    return api


# --- What a caller does wrong --------------------------------------------------------------------

STATUSES: dict[str, tuple[int, str, Call]] = {
    "not JSON": (
        400,
        "bad_request",
        lambda api, _path: send(api, "POST", "/customers", b"{", "application/json"),
    ),
    "bad query": (400, "bad_request", lambda api, _path: api.get("/customers?limit=0")),
    "no credential": (401, "unauthorized", lambda _api, path: APIClient().get(path)),
    "bad token": (401, "unauthorized", lambda _api, path: factories.bearer("bad").get(path)),
    "unknown": (404, "not_found", lambda api, _path: api.get("/customers/unknown")),
    "method": (405, "method_not_allowed", lambda api, path: api.put(path)),
    "version": (
        412,
        "precondition_failed",
        lambda api, path: api.delete(path, HTTP_IF_MATCH='"9"'),
    ),
    "too large": (
        413,
        "payload_too_large",
        lambda api, path: send(
            api, "PATCH", path, b'{"name": "%s"}' % (b"a" * 1024 * 1024), "application/json"
        ),
    ),
    "content type": (
        415,
        "unsupported_media_type",
        lambda api, path: send(api, "PATCH", path, b"name=x", "text/plain"),
    ),
    "value": (
        422,
        "validation_failed",
        lambda api, path: api.patch(path, {"country": "XX"}, format="json"),
    ),
    "taken": (
        409,
        "conflict",
        lambda api, _path: api.post("/customers", {"external_id": "ext-1"}, format="json"),
    ),
}


@pytest.mark.parametrize("name", STATUSES)
def test_each_status_has_the_shape_and_its_own_word(api: APIClient, path: str, name: str) -> None:
    status, code, call = STATUSES[name]

    assert_error(call(api, path), status, code)


def test_a_missing_scope_is_403(acme: Organization, path: str) -> None:
    reader = factories.client(acme, scopes=["customers:read"])

    assert_error(reader.delete(path), 403, "forbidden")


def test_wrong_client_credentials_are_403(post_form: Post) -> None:
    assert_error(post_form("/oauth/token", authorization=basic("x", "y")), 403, "forbidden")


def test_too_many_requests_are_429(post_form: Post, three_a_minute: None) -> None:
    answers = [post_form("/oauth/token") for _ in range(4)]

    assert_error(answers[-1], 429, "too_many_requests")


def test_401_challenges_with_bearer(api: APIClient, path: str) -> None:
    for anyone in (APIClient(), factories.bearer("bad"), factories.bearer("live_bad")):
        assert anyone.get(path)["WWW-Authenticate"].startswith("Bearer ")


def test_405_says_what_is_allowed(api: APIClient, path: str) -> None:
    allowed = {
        "/customers": {"GET", "POST", "HEAD"},
        path: {"GET", "PATCH", "DELETE", "HEAD"},
        f"{path}/restore": {"POST"},
        f"{path}/users": {"GET", "POST", "HEAD"},
        f"{path}/payment-methods": {"GET", "HEAD"},
    }
    for each, methods in allowed.items():
        response = api.put(each)
        assert_error(response, 405)
        assert set(response["Allow"].split(", ")) >= methods - {"HEAD"}
        assert set(response["Allow"].split(", ")) <= methods


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PROPFIND", "X" * 100])
def test_methods_of_no_one_are_405(api: APIClient, path: str, method: str) -> None:
    assert_error(send(api, method, path), 405)


@pytest.mark.parametrize(
    "unknown",
    [
        "/customers/",
        "/oauth",
        "/oauth/",
        "/oauth/token/",
        "/oauth/authorize",
        "/oauth/introspect",
        "/oauth/applications/",
        "/oauth/.well-known",
        "/customers/{id}/",
        "/customers/{id}/users/",
        "/customers/{id}/users/{id}",
        "/customers/{id}/restore/",
        "/customers/{id}/payment-methods/",
        "/customers/{id}/payment-methods/{id}/x",
        "/customers/{id}/unknown",
        "/customers//{id}",
        "/customers/a/b/c/d",
        "/customers/x/%0A/y",
    ],
)
def test_unknown_paths_are_404(api: APIClient, customer: Customer, unknown: str) -> None:
    for method in ("GET", "POST", "PATCH", "DELETE", "OPTIONS"):
        response = send(api, method, unknown.format(id=customer.pk), b"{", "application/json")
        assert_error(response, 404, "not_found")


def test_unknown_paths_are_404_without_a_credential_too(db: None) -> None:
    assert_error(APIClient().get("/customers/a/b/c"), 404)


def test_a_path_that_only_begins_alike_is_not_ours(db: None) -> None:
    assert APIClient().get("/customersx")["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("host", ["evil.example", "a b", "testserver:x", "", "[::1", "ä.example"])
def test_a_bad_host_is_400(client: APIClient, path: str, host: str) -> None:
    for each in (path, "/customers", "/oauth/token", "/customers/unknown/path"):
        assert_error(client.get(each, HTTP_HOST=host), 400, "bad_request")


def test_an_error_is_answered_with_a_request_id(api: APIClient, path: str) -> None:
    answers = [call(api, path) for _, _, call in STATUSES.values()]

    assert len({answer["X-Request-Id"] for answer in answers}) == len(STATUSES)
