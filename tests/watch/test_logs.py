"""The log: a line for each request, as text or JSON, and one for a database that is away."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from psycopg import errors
from pytest_django import Settings
from rest_framework.test import APIClient

from billing import logs
from billing.watch import outages
from billing.watch.outages import Outages
from customers.models import ApiKey, Customer, Organization
from customers.values.demo_credentials import API_KEYS
from tests.api.contract_table import TABLE
from tests.api.harness import Harness
from tests.backoffice.support import signed_in
from tests.watch.support import away

CARD = "4111.1111.1111.1111"


def written(style: str = "line", *, access: bool = True) -> io.StringIO:
    """Log as production does, into a text."""
    logging.config.dictConfig(logs.configuration(logging.INFO, style=style, access=access))
    (handler,) = logging.getLogger("django").handlers
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    handler.setStream(stream)
    return stream


@pytest.fixture(autouse=True)
def as_before(settings: Settings) -> Iterator[None]:
    settings.ACCESS_LOG = True
    yield
    logging.getLogger("django.request").filters.clear()
    logging.config.dictConfig(settings.LOGGING)


def lines(stream: io.StringIO) -> list[str]:
    return stream.getvalue().splitlines()


# --- A line for each request ---------------------------------------------------------------------


@pytest.mark.parametrize("harness", TABLE, ids=str)
def test_a_request_has_one_line_with_what_is_known_of_it(
    acme: Organization, customer: Customer, harness: Harness
) -> None:
    log = written("json")
    key, secret = ApiKey.issue(acme, "live")
    client = harness.bearer(secret)

    response: Any = client.get(harness.path_of(customer), {"limit": "5"})

    (line,) = lines(log)
    record = json.loads(line)
    assert record["request_id"] == response["X-Request-Id"]
    assert record["logger"] == "billing.access"
    assert (record["method"], record["status"]) == ("GET", response.status_code)
    assert record["bytes"] == len(response.content)
    assert record["contract"] == harness.slug
    assert record["by"] == f"api_key:{key.pk}"
    assert record["milliseconds"] > 0
    assert record["path"] == harness.path_of(customer)
    assert record["route"] == harness.one.route.in_urlconf
    assert "limit" not in line


@pytest.mark.django_db
@pytest.mark.parametrize("style", ["line", "json"])
def test_a_refusal_has_one_line_too(client: Client, style: str) -> None:
    log = written(style)
    for path in ("/customers", "/customers/x/y", "/nowhere", "/admin/", "/api/v1.0/customer"):
        client.get(path)
    client.generic("MADEUP", "/customers")

    assert len(lines(log)) == 6
    assert "MADEUP" not in log.getvalue()


def test_a_person_is_named_by_id(acme: Organization) -> None:
    client = signed_in(acme, "Viewer")
    log = written()

    client.get("/backoffice/acme/live/")

    assert "by=staff:" in log.getvalue()
    assert "contract=-" in log.getvalue()
    assert " 200 " in log.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("style", ["line", "json"])
@pytest.mark.parametrize("secret", [CARD, API_KEYS["live"], "%34111%2d1111-1111-1111"])
def test_what_is_secret_in_a_path_is_masked(client: Client, style: str, secret: str) -> None:
    log = written(style)
    client.get(f"/customers/{secret}")
    client.get(f"/v1/customers/{secret}/01890a5d-ac96-774b-bcce-b302099a8057")

    assert len(lines(log)) == 2
    assert secret not in log.getvalue()
    assert "1111-1111" not in log.getvalue()
    assert ("(card number)" in log.getvalue()) or ("(secret)" in log.getvalue())
    assert "01890a5d-ac96-774b-bcce-b302099a8057" in log.getvalue()


@pytest.mark.django_db
def test_a_path_cannot_begin_a_line(client: Client) -> None:
    log = written()

    client.get("/customers/%0AERROR made up")

    assert len(lines(log)) == 1


def test_json_has_an_error_on_one_line_without_the_row(acme: Organization) -> None:
    log = written("json")
    told = "failed\nDETAIL:  {}@example.org {}".format("ada", API_KEYS["live"])
    try:
        raise ValueError(told)
    except ValueError:
        logging.getLogger("customers").exception("no %s", CARD)

    (line,) = lines(log)
    record = json.loads(line)
    assert record["level"] == "ERROR"
    assert record["message"] == "no (card number)"
    assert "Traceback" in record["exc_info"]
    assert datetime.fromisoformat(record["time"]).utcoffset() == timedelta()
    assert "ada@" not in line
    assert API_KEYS["live"] not in line


def test_without_it_there_is_no_line(api: APIClient, settings: Settings) -> None:
    settings.ACCESS_LOG = False
    log = written(access=False)

    api.get("/customers")

    assert lines(log) == []


# --- A database that is away ---------------------------------------------------------------------


def ask_all(times: int) -> list[int]:
    """The statuses of requests to every contract and to a page."""
    client = APIClient(raise_request_exception=False)
    client.credentials(
        HTTP_AUTHORIZATION=f"Bearer {API_KEYS['live']}", HTTP_X_API_KEY=API_KEYS["live"]
    )
    paths = [harness.listing.route.path for harness in TABLE]
    paths += ["/backoffice/", "/admin/"]
    client.cookies["sessionid"] = "x" * 32
    return [client.get(path).status_code for _ in range(times) for path in paths]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_one_line_beside_those_of_the_requests() -> None:
    log = written()
    with away():
        statuses = ask_all(10)

    assert set(statuses) == {503}
    assert "Traceback" not in log.getvalue()
    told = [line for line in lines(log) if " billing.access " not in line]
    assert len(told) == 1
    assert "the database is not available: " in told[0]
    assert len(lines(log)) == len(statuses) + 1


@pytest.mark.django_db(transaction=True)
def test_without_the_filter_there_are_many_lines_for_each_request() -> None:
    """The control."""
    log = written()
    (handler,) = logging.getLogger("django").handlers
    handler.filters = [f for f in handler.filters if not isinstance(f, Outages)]
    with away():
        statuses = ask_all(2)

    assert "Traceback" in log.getvalue()
    assert len(lines(log)) > 20 * len(statuses)


@pytest.mark.django_db(transaction=True)
def test_its_return_is_told_once() -> None:
    log = written()
    with away():
        ask_all(1)
    for _ in range(2):
        connection.close()
        connection.ensure_connection()

    told = [line for line in lines(log) if "the database is back after" in line]
    assert len(told) == 1
    assert " WARNING " in told[0]


def noted(outage: Outages, error: Exception) -> str | None:
    """What becomes of a record of the error."""
    record = logging.LogRecord(
        "x", logging.ERROR, "", 1, "failed", (), (type(error), error, error.__traceback__)
    )
    return record.getMessage() if outage.filter(record) else None


def test_as_long_as_it_lasts_it_is_told_again_with_how_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outage = Outages()
    error = OperationalError("connection refused\nis it running?")

    assert noted(outage, error) == "the database is not available: connection refused"
    assert [noted(outage, error) for _ in range(599)] == [None] * 599
    monkeypatch.setattr(outages, "SECONDS", 0)
    assert noted(outage, error) == (
        "the database is not available: connection refused (599 more times)"
    )


def test_another_reason_is_another_line() -> None:
    outage = Outages()
    slow = OperationalError("canceling statement due to statement timeout")
    slow.__cause__ = errors.QueryCanceled()

    assert noted(outage, OperationalError("refused"))
    assert noted(outage, slow)
    assert noted(outage, slow) is None


def test_other_errors_keep_their_traceback() -> None:
    assert [noted(Outages(), ValueError("x")) for _ in range(2)] == ["failed", "failed"]


def test_a_new_connection_says_nothing_if_none_was_missed(caplog: pytest.LogCaptureFixture) -> None:
    Outages()._connected()

    assert caplog.records == []
