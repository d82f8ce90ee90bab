"""What goes wrong here: 500 and 503 in Lago's JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import IntegrityError, InterfaceError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import Settings
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIClient

from customers.models import Customer
from customers.models.querysets import ApiKeyQuerySet, CustomerQuerySet
from tests.api.lago.support import PATH, assert_error, at, send

INTERNAL = {"status": 500, "error": "Internal Server Error"}
UNAVAILABLE = {"status": 503, "error": "Service Unavailable"}
UPSERT = b'{"customer": {"customer_id": "ext-1", "name": "New"}}'


@pytest.fixture(params=[False, True], ids=["DEBUG=False", "DEBUG=True"], autouse=True)
def debug(request: pytest.FixtureRequest, settings: Settings) -> None:
    """Everything here holds in development too."""
    settings.DEBUG = request.param


@pytest.fixture
def client(api: APIClient) -> APIClient:
    """A client that answers what a server would, where the test client would raise."""
    api.raise_request_exception = False
    return api


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise error

    return fail


REQUESTS: dict[str, Callable[[APIClient], Any]] = {
    "list": lambda client: client.get(PATH),
    "get": lambda client: client.get(at("ext-1")),
    "delete": lambda client: client.delete(at("ext-1")),
    "upsert": lambda client: send(client, "POST", PATH, UPSERT, "application/json"),
}


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("error", [RuntimeError("planted"), IntegrityError("planted")])
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
    customer: Customer,
    monkeypatch: pytest.MonkeyPatch,
    where: tuple[type, str],
    error: Exception,
    name: str,
) -> None:
    monkeypatch.setattr(*where, raising(error))

    assert_error(REQUESTS[name](client), INTERNAL)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("name", REQUESTS)
def test_a_database_that_is_gone_is_503_with_retry_after(
    client: APIClient,
    customer: Customer,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    error: type[Exception],
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(BaseDatabaseWrapper, "cursor", raising(error("planted")))
        response = REQUESTS[name](client)

    assert_error(response, UNAVAILABLE)
    assert int(response["Retry-After"]) >= 1
    customer.refresh_from_db()
    assert customer.version == 1
