"""The request's id: in its log lines, in its answer, and in the history of what it changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.models import Customer
from customers.rest.middleware import RequestId
from customers.rest.request_id import request_id
from tests.api.contract_table import CREATES
from tests.api.harness import Endpoint, key_client
from tests.threads import TIMEOUT

logger = logging.getLogger("customers.tests")

each_contract = pytest.mark.parametrize("write", CREATES, ids=str)


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the handler of the settings writes."""
    (handler,) = (found for found in logging.getLogger("django").handlers if found.filters)
    assert handler in logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    stream = StringIO()
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


@pytest.fixture
def caller(customer: Customer) -> APIClient:
    return key_client(customer.organization)


def ids_of_lines_with(log: StringIO, part: str) -> list[str]:
    """The ids in the lines that have this in them: `date time LEVEL id logger message`."""
    return [line.split()[3] for line in log.getvalue().splitlines() if part in line]


def ids_in_history() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pgh_context ->> 'request_id' FROM customers_customerevent"
            " WHERE pgh_context ? 'request_id'"
        )
        return {row[0] for row in cursor.fetchall()}


@each_contract
def test_log_answer_and_history_have_the_same_id(
    caller: APIClient,
    customer: Customer,
    log: StringIO,
    write: Endpoint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view, action = write.handler
    does = getattr(view, action)

    def logs(*args: Any, **kwargs: Any) -> Any:
        logger.warning("at work")
        return does(*args, **kwargs)

    monkeypatch.setattr(view, action, logs)

    answer = write.send(caller, customer)

    assert answer.status_code == write.route.ok
    assert ids_of_lines_with(log, "at work") == [answer["X-Request-Id"]]
    assert ids_in_history() == {answer["X-Request-Id"]}


@each_contract
def test_the_line_of_an_unforeseen_error_has_it(
    caller: APIClient,
    customer: Customer,
    log: StringIO,
    write: Endpoint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view, action = write.handler

    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(view, action, fails)

    answer = write.send(caller, customer)

    assert answer.status_code == 500
    assert ids_of_lines_with(log, "unexpected error") == [answer["X-Request-Id"]]


@pytest.mark.parametrize("path", ["/nowhere", "/customers/nobody", "/v1/customers/nobody"])
def test_the_line_that_django_writes_of_a_refusal_has_it(
    caller: APIClient, log: StringIO, path: str
) -> None:
    answer: Any = caller.get(path)

    assert answer.status_code == 404
    assert ids_of_lines_with(log, f"Not Found: {path}") == [answer["X-Request-Id"]]


def test_the_line_of_an_error_outside_of_the_views_has_it(
    caller: APIClient, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("customers.rest.views.ContractView.finalize_response", fails)

    answer: Any = caller.get("/customers")

    assert answer.status_code == 500
    found = ids_of_lines_with(log, "Internal Server Error: /customers")
    assert found
    assert set(found) == {answer["X-Request-Id"]}


def test_it_is_the_trusted_proxy_s(
    caller: APIClient, customer: Customer, log: StringIO, settings: Settings
) -> None:
    settings.TRUST_PROXY_HEADERS = True
    write = CREATES[0]

    answer = write.send(caller, customer, HTTP_X_REQUEST_ID="proxy-42")

    assert answer["X-Request-Id"] == "proxy-42"
    assert ids_in_history() == {"proxy-42"}


def test_what_is_no_id_does_not_get_into_the_log(
    caller: APIClient, log: StringIO, settings: Settings
) -> None:
    settings.TRUST_PROXY_HEADERS = True

    caller.get("/nowhere", HTTP_X_REQUEST_ID="forged\nline ERROR")

    assert log.getvalue()
    assert "forged" not in log.getvalue()


def test_outside_of_a_request_there_is_none(caller: APIClient, log: StringIO) -> None:
    logger.warning("before")
    caller.get("/customers")
    logger.warning("after")

    assert ids_of_lines_with(log, "customers.tests before") == ["-"]
    assert ids_of_lines_with(log, "customers.tests after") == ["-"]
    assert request_id.get() == "-"


def test_a_request_that_fails_leaves_none_behind(log: StringIO) -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        logger.warning("inside")
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError):
        RequestId(fails)(RequestFactory().get("/"))
    logger.warning("after")

    assert ids_of_lines_with(log, "customers.tests inside") != ["-"]
    assert ids_of_lines_with(log, "customers.tests after") == ["-"]


def test_requests_at_once_have_each_their_own(log: StringIO) -> None:
    meeting = threading.Barrier(2, timeout=TIMEOUT)
    answers = {}

    def respond(request: HttpRequest) -> HttpResponse:
        meeting.wait()
        logger.warning("at %s", request.path)
        meeting.wait()
        return HttpResponse()

    def work(path: str) -> None:
        answers[path] = RequestId(respond)(RequestFactory().get(path))["X-Request-Id"]

    threads = [threading.Thread(target=work, args=(path,)) for path in ("/a", "/b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT)

    assert len(set(answers.values())) == 2
    for path, id in answers.items():
        assert ids_of_lines_with(log, f"at {path}") == [id]
