"""What goes wrong here: 500 and 503 in the contract's own shape, no customer's data in the log."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.middleware.common import CommonMiddleware
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from customers.models.compiled import forget_statements
from customers.models.querysets import ApiKeyQuerySet, VisibleQuerySet
from customers.rest.renderers import JSONRenderer
from tests import factories
from tests.api.contract_table import TABLE
from tests.api.harness import NO_METHOD, Endpoint, Harness
from tests.stored import stored

SECRET = "planted.address@example.org"

#: As PostgreSQL writes it, with the row that it refuses.
ROW_QUOTED = (
    'duplicate key value violates unique constraint "a_constraint"\n'
    f"DETAIL:  Key (lower(email::text))=({SECRET}) already exists."
)

each_contract = pytest.mark.parametrize("harness", TABLE, ids=str)


@pytest.fixture
def api(acme: Organization, harness: Harness, debug: None) -> APIClient:
    return harness.client(acme)


@pytest.fixture(autouse=True)
def nothing_is_compiled() -> None:
    """The queries are built again, so what is planted in their building is met."""
    forget_statements()


STORE = (VisibleQuerySet, "visible_to")


def reaching(harness: Harness, where: Any, error: Exception) -> list[Endpoint]:
    """The endpoints whose answer is 500 if this is raised there.

    A new customer is looked for only where their email must be free, and a rule that is broken then
    is a conflict. An upsert looks for none.
    """
    if where is not STORE:
        return harness.endpoints
    looking = [each for each in harness.endpoints if not each.route.blind]
    is_asked = isinstance(error, RuntimeError)
    return [each for each in looking if is_asked or not each.route.creates]


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise error

    return fail


@each_contract
@pytest.mark.parametrize("error", [RuntimeError("planted"), IntegrityError(ROW_QUOTED)])
@pytest.mark.parametrize(
    "where",
    [
        STORE,
        (ApiKeyQuerySet, "with_secret"),
        (JSONRenderer, "render"),
        (CommonMiddleware, "process_request"),
    ],
    ids=["the store", "authentication", "rendering", "middleware"],
)
def test_an_unforeseen_error_is_500_and_reveals_nothing(
    api: APIClient,
    customer: Customer,
    harness: Harness,
    monkeypatch: pytest.MonkeyPatch,
    where: tuple[type, str],
    error: Exception,
    log: io.StringIO,
    settings: Settings,
) -> None:
    monkeypatch.setattr(*where, raising(error))

    asked = reaching(harness, where, error)
    # In development Django makes its long page each time before it is replaced.
    for endpoint in asked[:1] if settings.DEBUG else asked:
        log.truncate(0)
        response = endpoint.send(api, customer)

        assert harness.faults(harness.assert_error(response, 500)) == set()
        assert b"planted" not in response.content
        assert b"Traceback" not in response.content
        assert type(error).__name__ in log.getvalue()
        assert SECRET not in log.getvalue()


@each_contract
def test_a_real_constraint_that_no_one_foresaw_is_not_quoted(
    api: APIClient,
    customer: Customer,
    harness: Harness,
    monkeypatch: pytest.MonkeyPatch,
    log: io.StringIO,
) -> None:
    def break_a_rule(*args: Any, **kwargs: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE planted (email text UNIQUE) ON COMMIT DROP")
            for _ in range(2):
                cursor.execute("INSERT INTO planted VALUES (%s)", [f"two\nlines {SECRET}"])

    monkeypatch.setattr(VisibleQuerySet, "visible_to", break_a_rule)

    response = harness.one.send(api, customer)

    harness.assert_error(response, 500)
    assert SECRET.encode() not in response.content
    assert "duplicate key" in log.getvalue()
    assert SECRET not in log.getvalue()


@each_contract
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("cookies", [{}, {"sessionid": "a" * 32}], ids=["plain", "with a session"])
def test_a_database_that_is_gone_is_503_with_retry_after(
    api: APIClient,
    customer: Customer,
    harness: Harness,
    monkeypatch: pytest.MonkeyPatch,
    cookies: dict[str, str],
    error: type[Exception],
) -> None:
    """Whoever asks it first: the session of a browser, authentication, or the store."""
    api.cookies.load(cookies)
    before = stored()
    for endpoint in harness.endpoints:
        with monkeypatch.context() as patched:
            patched.setattr(BaseDatabaseWrapper, "cursor", raising(error(f"none for {SECRET}")))
            response = endpoint.send(api, customer, method_id=NO_METHOD)

        assert harness.faults(harness.assert_error(response, 503)) == set()
        assert int(response["Retry-After"]) >= 1
        assert SECRET.encode() not in response.content
    assert stored() == before


@each_contract
def test_a_database_that_goes_meanwhile_is_503(
    api: APIClient, customer: Customer, harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VisibleQuerySet, "visible_to", raising(OperationalError("gone")))

    harness.assert_error(harness.one.send(api, customer), 503)


@each_contract
@pytest.mark.django_db(transaction=True)
def test_a_database_that_only_reads_is_503(harness: Harness) -> None:
    """A primary that was just demoted: SQLSTATE 25006. Its connections may be dropped."""
    acme = factories.organization("acme")
    customer = factories.customer(acme, name="Acme", external_id="ext-1")
    client = harness.client(acme)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
        refused = harness.create.send(client, customer)
    finally:
        connection.close()
    done = harness.create.send(client, customer)

    harness.assert_error(refused, 503)
    assert int(refused["Retry-After"]) >= 1
    assert done.status_code == harness.create.route.ok
