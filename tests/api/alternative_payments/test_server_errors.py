"""What goes wrong here: 500 and 503 in this contract's shape, and no customer's data in the log."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import Settings
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIClient

from billing.logs import WithoutRowValues
from customers.models import Customer
from customers.models.querysets import ApiKeyQuerySet, CustomerQuerySet
from tests import factories
from tests.api.alternative_payments.conftest import Post
from tests.api.alternative_payments.support import assert_error, send


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
        (SessionMiddleware, "process_request"),
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
    monkeypatch.setattr(Customer, "clean_fields", lambda *_args, **_kwargs: None)
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
@pytest.mark.parametrize("cookies", [{}, {"sessionid": "a" * 32}], ids=["plain", "with a session"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_database_that_is_gone_is_503_with_retry_after(
    client: APIClient,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    cookies: dict[str, str],
    error: type[Exception],
) -> None:
    """Whoever asks it first: the session of a browser, authentication, or the store."""
    client.cookies.load(cookies)
    with monkeypatch.context() as patched:
        patched.setattr(BaseDatabaseWrapper, "cursor", raising(error(f"none for {SECRET}")))
        response = send(client, method, path, b"{}", "application/json")

    assert_error(response, 503, "unavailable")
    assert int(response["Retry-After"]) >= 1
    assert SECRET.encode() not in response.content


def test_a_database_that_goes_meanwhile_is_503(
    client: APIClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CustomerQuerySet, "visible_to", raising(OperationalError("gone")))

    assert_error(client.get(path), 503, "unavailable")


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


@pytest.mark.django_db(transaction=True)
def test_a_database_that_only_reads_is_503() -> None:
    """A primary that was just demoted: SQLSTATE 25006. Its connections may be dropped."""
    acme = factories.organization("acme")
    path = f"/customers/{factories.customer(acme, name='Acme').pk}"
    client = factories.client(acme)
    client.raise_request_exception = False
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
        answers: list[Any] = [client.patch(path, {"name": "New"}, format="json")]
    finally:
        connection.close()
    answers.append(client.patch(path, {"name": "New"}, format="json"))

    assert_error(answers[0], 503, "unavailable")
    assert int(answers[0]["Retry-After"]) >= 1
    assert answers[1].status_code == 200
