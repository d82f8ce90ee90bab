"""Errors of every status: always JSON of this contract's shape, whoever raises them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InterfaceError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import Settings
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIClient

from customers.models import Customer
from customers.models.querysets import ApiKeyQuerySet, CustomerQuerySet
from tests.api.billabear.support import BASE, assert_error, create, send

JSON = "application/json"
GOOD = {"email": "new@example.org", "country": "DE"}


@pytest.fixture(params=[False, True], ids=["DEBUG=False", "DEBUG=True"], autouse=True)
def debug(request: pytest.FixtureRequest, settings: Settings) -> None:
    """Everything here holds in development too."""
    settings.DEBUG = request.param


@pytest.fixture
def path(customer: Customer) -> str:
    return f"{BASE}/{customer.pk}"


@pytest.fixture
def server(api: APIClient) -> APIClient:
    """A client that answers what a server would, where the test client would raise."""
    api.raise_request_exception = False
    return api


# --- What cannot be read -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"{",
            b"[]",
            b"null",
            b'"x"',
            b"5",
            b"{} {}",
            b"\xff\xfe",
            b"NaN",
            b'{"email": NaN}',
        ),
        *(b'{"email": "a\\u0000b"}', b'{"email": "\\ud800"}', b'{"email": 1, "email": 2}'),
        b'{email: "iain.cambridge@example.org", country: "DE"}',
        b'{"a":' * 40 + b"1" + b"}" * 40,
    ],
)
def test_a_body_that_is_no_json_object_is_400(api: APIClient, body: bytes) -> None:
    assert_error(send(api, "PUT", BASE, body, JSON), 400)
    assert not Customer.objects.exists()


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 3 * 1024 * 1024])
@pytest.mark.parametrize(
    "extra", [{}, {"HTTP_IDEMPOTENCY_KEY": "one"}], ids=["plain", "with a key"]
)
def test_a_body_above_1_mib_is_413(api: APIClient, size: int, extra: dict[str, str]) -> None:
    body = b'{"email": "a@example.org", "country": "DE"}'.ljust(size)

    response = send(api, "PUT", BASE, body, JSON, **extra)

    assert "reason" in assert_error(response, 413)
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"],
)
def test_another_content_type_is_415(api: APIClient, content_type: str) -> None:
    response = send(api, "PUT", BASE, b"email=a%40example.org&country=DE", content_type)

    assert "reason" in assert_error(response, 415)


# --- Methods, paths and hosts --------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "X" * 100])
def test_another_method_of_the_list_is_405(api: APIClient, method: str) -> None:
    response = send(api, method, BASE, b"{}", JSON)

    assert "reason" in assert_error(response, 405)
    assert {"GET", "PUT"} <= set(response["Allow"].split(", ")) <= {"GET", "HEAD", "PUT"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_a_customer_can_only_be_got(
    api: APIClient, customer: Customer, path: str, method: str
) -> None:
    response = send(api, method, path, b'{"email": "a@example.org", "country": "DE"}', JSON)

    assert_error(response, 405)
    assert {"GET"} <= set(response["Allow"].split(", ")) <= {"GET", "HEAD"}
    assert Customer.objects.get().version == customer.version


@pytest.mark.parametrize(
    "unknown", ["/", "/{id}/", "/{id}/x", "//{id}", "//", "/x/%0A/y", "/a/b/c"]
)
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE", "OPTIONS"])
def test_unknown_paths_are_404(
    api: APIClient, customer: Customer, method: str, unknown: str
) -> None:
    for each in (api, APIClient()):
        response = send(each, method, BASE + unknown.format(id=customer.pk), b"{", JSON)
        assert assert_error(response, 404) == {"success": False}


def test_a_path_that_only_begins_alike_is_not_ours(db: None) -> None:
    for path in (f"{BASE}s", "/api/v1.0", "/api/v1x0/customer", "/api/v1.0/Customer"):
        response: Any = APIClient().get(path)
        assert response.status_code == 404
        assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("host", ["evil.example", "a b", "testserver:x", "", "[::1", "ä.example"])
def test_a_bad_host_is_400(server: APIClient, path: str, host: str) -> None:
    for each in (BASE, path, f"{BASE}/unknown/path"):
        assert "reason" in assert_error(server.get(each, HTTP_HOST=host), 400)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense", "image/*;q=0"])
def test_answers_are_json_whatever_is_accepted(api: APIClient, path: str, accept: str) -> None:
    assert api.get(path, HTTP_ACCEPT=accept)["Content-Type"] == JSON
    assert_error(api.get(f"{BASE}/unknown", HTTP_ACCEPT=accept), 404)


# --- 429, 500 and 503 ----------------------------------------------------------------------------


def test_too_many_requests_are_429_with_retry_after(api: APIClient, settings: Settings) -> None:
    settings.RATE_LIMIT = "3/day"

    answers: list[Any] = [api.get(BASE) for _ in range(4)]

    assert [answer.status_code for answer in answers[:3]] == [200, 200, 200]
    assert "reason" in assert_error(answers[3], 429)
    assert int(answers[3]["Retry-After"]) >= 1
    assert_error(create(api, GOOD), 429)
    assert not Customer.objects.exists()


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise error

    return fail


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
    server: APIClient, path: str, monkeypatch: pytest.MonkeyPatch, where: tuple[type, str]
) -> None:
    monkeypatch.setattr(*where, raising(RuntimeError("planted")))

    for response in (server.get(path), server.get(BASE), create(server, GOOD)):
        assert "reason" in assert_error(response, 500)
        assert b"planted" not in response.content
        assert b"Traceback" not in response.content


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_gone_is_503_with_retry_after(
    server: APIClient, path: str, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(BaseDatabaseWrapper, "cursor", raising(error("planted")))
        answers: list[Any] = [server.get(path), server.get(BASE), create(server, GOOD)]

    for response in answers:
        assert "reason" in assert_error(response, 503)
        assert int(response["Retry-After"]) >= 1
        assert b"planted" not in response.content
