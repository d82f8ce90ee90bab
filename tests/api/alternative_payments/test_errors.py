"""Errors of every status: always JSON of this contract's shape, whoever raises them."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from pytest_django import Settings
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIClient

from billing.logs import WithoutRowValues
from customers.models import Customer, Organization
from customers.querysets import ApiKeyQuerySet, CustomerQuerySet
from tests import factories
from tests.api.alternative_payments.conftest import Post, basic
from tests.api.alternative_payments.support import assert_error

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


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the product writes to its log, as it writes it."""
    handlers = {
        handler
        for logger in (logging.getLogger(), logging.getLogger("django"))
        for handler in logger.handlers
        if isinstance(handler, logging.StreamHandler)
        and isinstance(handler.formatter, WithoutRowValues)
    }
    assert handlers
    written = io.StringIO()
    before = {handler: handler.setStream(written) for handler in handlers}
    yield written
    for handler, stream in before.items():
        if stream is not None:
            handler.setStream(stream)


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise error

    return fail


# --- What a caller does wrong --------------------------------------------------------------------

STATUSES: dict[str, tuple[int, str, Call]] = {
    "not JSON": (
        400,
        "bad_request",
        lambda api, path: api.generic("POST", "/customers", b"{", "application/json"),
    ),
    "bad query": (400, "bad_request", lambda api, path: api.get("/customers?limit=0")),
    "no credential": (401, "unauthorized", lambda api, path: APIClient().get(path)),
    "bad token": (401, "unauthorized", lambda api, path: factories.bearer("bad").get(path)),
    "unknown": (404, "not_found", lambda api, path: api.get("/customers/unknown")),
    "method": (405, "method_not_allowed", lambda api, path: api.put(path)),
    "version": (
        412,
        "precondition_failed",
        lambda api, path: api.delete(path, HTTP_IF_MATCH='"9"'),
    ),
    "too large": (
        413,
        "payload_too_large",
        lambda api, path: api.generic(
            "PATCH", path, b'{"name": "%s"}' % (b"a" * 1024 * 1024), "application/json"
        ),
    ),
    "content type": (
        415,
        "unsupported_media_type",
        lambda api, path: api.generic("PATCH", path, b"name=x", "text/plain"),
    ),
    "value": (
        422,
        "validation_failed",
        lambda api, path: api.patch(path, {"country": "XX"}, format="json"),
    ),
    "taken": (
        409,
        "conflict",
        lambda api, path: api.post("/customers", {"external_id": "ext-1"}, format="json"),
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
    assert_error(api.generic(method, path), 405)


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
        response = api.generic(method, unknown.format(id=customer.pk), b"{", "application/json")
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


# --- What goes wrong here ------------------------------------------------------------------------

SECRET = "planted.address@example.org"

#: As PostgreSQL writes it, with the row that it refuses.
ROW_QUOTED = (
    'duplicate key value violates unique constraint "a_constraint"\n'
    f"DETAIL:  Key (lower(email::text))=({SECRET}) already exists."
)


@pytest.mark.parametrize("error", [RuntimeError("planted"), IntegrityError(ROW_QUOTED)])
@pytest.mark.parametrize(
    "where",
    [
        (CustomerQuerySet, "visible_to"),
        (ApiKeyQuerySet, "with_secret"),
        (JSONRenderer, "render"),
        (SessionStore, "load"),
    ],
    ids=["the store", "authentication", "rendering", "middleware"],
)
def test_an_unforeseen_error_is_500_and_tells_nothing(
    client: APIClient,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
    where: tuple[type, str],
    error: Exception,
    log: io.StringIO,
) -> None:
    client.cookies["sessionid"] = "a" * 32
    monkeypatch.setattr(*where, raising(error))

    response = client.get(path)

    body = assert_error(response, 500, "internal_error")
    assert body["validation_errors"] == {}
    assert b"planted" not in response.content
    assert b"Traceback" not in response.content
    assert type(error).__name__ in log.getvalue()
    assert SECRET not in log.getvalue()


def test_a_real_constraint_that_no_one_foresaw_is_not_quoted(
    client: APIClient, path: str, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    def break_a_rule(*args: Any, **kwargs: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE planted (email text UNIQUE) ON COMMIT DROP")
            for _ in range(2):
                cursor.execute("INSERT INTO planted VALUES (%s)", [f"two\nlines {SECRET}"])

    monkeypatch.setattr(CustomerQuerySet, "visible_to", break_a_rule)

    response = client.get(path)

    assert_error(response, 500)
    assert SECRET.encode() not in response.content
    assert "duplicate key" in log.getvalue()
    assert SECRET not in log.getvalue()


def test_a_constraint_that_a_write_breaks_is_409_and_not_quoted(
    client: APIClient, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    """A rule of the database that no check of ours foresees."""
    monkeypatch.setattr(Customer, "clean_fields", lambda *args, **kwargs: None)
    monkeypatch.setattr("customers.api.alternative_payments.views.CustomerCreate", _Unchecked)

    response: Any = client.post("/customers", {}, format="json")

    assert_error(response, 409)
    assert SECRET.encode() not in response.content
    assert SECRET not in log.getvalue()


class _Unchecked:
    """A body that nobody looks at."""

    validated_data = {"country": "XX", "email": SECRET}

    def __init__(self, data: Any) -> None: ...

    def is_valid(self, *, raise_exception: bool) -> bool:
        return True


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize(
    "where",
    [(CustomerQuerySet, "visible_to"), (ApiKeyQuerySet, "with_secret"), (SessionStore, "load")],
    ids=["the store", "authentication", "middleware"],
)
def test_a_database_that_is_gone_is_503_with_retry_after(
    client: APIClient,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
    where: tuple[type, str],
    error: type[Exception],
) -> None:
    client.cookies["sessionid"] = "a" * 32
    monkeypatch.setattr(*where, raising(error(f"connection to {SECRET} failed")))

    response = client.get(path)

    assert_error(response, 503, "unavailable")
    assert int(response["Retry-After"]) >= 1
    assert SECRET.encode() not in response.content


def test_the_oauth_endpoints_are_503_without_a_database(
    post_form: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "oauth2_provider.oauth2_validators.OAuth2Validator._load_application",
        raising(OperationalError("gone")),
    )

    for path, form in (("/oauth/token", None), ("/oauth/revoke", "token=x")):
        response = post_form(path, *([form] if form else []))
        assert_error(response, 503)
        assert int(response["Retry-After"]) >= 1


def test_a_database_that_only_reads_is_503(client: APIClient, path: str) -> None:
    """A primary that was just demoted: SQLSTATE 25006."""
    client.get(path)  # its use is noted now, not below
    savepoint = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")

    response: Any = client.patch(path, {"name": "New"}, format="json")
    transaction.savepoint_rollback(savepoint)

    assert_error(response, 503, "unavailable")
    assert int(response["Retry-After"]) >= 1
