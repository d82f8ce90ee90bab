"""The front as a whole, before Django or in place of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from billing.front import application, bodies, lanes
from billing.front.application import Front, quick
from billing.front.lanes import Lane
from billing.postgres import connection
from customers.rest.contract import contracts
from customers.rest.parsers import MAX_BODY_BYTES
from customers.rest.problems import of_status
from customers.rest.request_id import answering
from customers.values.limits import Limits
from tests.front.support import GONE, Client, part, scope

LENGTH = (b"content-length", b"5")


def front(respond: Callable[[dict[str, Any]], Any]) -> Front:
    """A front of one thread a lane, before an application that responds so."""

    def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        response = respond(environ)
        start_response(f"{response.status_code} OK", list(response.items()))
        return response

    return Front(wsgi, threads=1, page_threads=1)


def test_a_response_is_passed_on() -> None:
    def respond(environ: dict[str, Any]) -> HttpResponse:
        return HttpResponse(environ["wsgi.input"].read()[::-1], status=201, headers={"X-A": "b"})

    client = Client(part(b"12345", more=False))
    client.ask(front(respond), scope(method="POST", headers=[LENGTH]))

    assert (client.status, client.content, client.headers["X-A"]) == (201, b"54321", "b")


@pytest.mark.parametrize("contract", contracts(), ids=lambda contract: contract.slug)
def test_a_body_that_is_late_is_408_in_the_shape_of_the_contract(
    contract: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "SECONDS", 0.05)

    client = Client(part(b"12"))
    client.ask(front(lambda _: HttpResponse()), scope(contract.list_path, "POST", [LENGTH]))

    with answering(client.headers["x-request-id"]):
        assert (client.status, json.loads(client.content)) == contract.render_error(of_status(408))
    assert client.headers["cache-control"] == "no-store"
    assert client.headers["vary"] == contract.credential_header


def test_a_page_whose_form_is_late_is_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SECONDS", 0.05)

    client = Client(part(b"12"))
    client.ask(front(lambda _: HttpResponse()), scope("/backoffice/login/", "POST", [LENGTH]))

    assert client.status == 408
    assert b"took too long to arrive" in client.content


def test_a_client_that_goes_before_its_body_is_not_answered() -> None:
    client = Client(part(b"12"), GONE)
    client.ask(front(lambda _: HttpResponse()), scope(method="POST", headers=[LENGTH]))

    assert client.got == []


@pytest.mark.parametrize("path", ["/customers", "/backoffice/"])
def test_a_request_that_finds_all_threads_at_work_is_503(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "WAITING_AT_MOST", 0)

    client = Client().ask(front(lambda _: HttpResponse()), scope(path))

    assert client.status == 503
    assert int(client.headers["retry-after"]) >= 1


def test_pages_do_not_wait_for_apis_and_probes_wait_for_neither() -> None:
    threads = {}

    def respond(environ: dict[str, Any]) -> HttpResponse:
        threads[environ["PATH_INFO"]] = threading.current_thread().name
        return HttpResponse()

    before = front(respond)
    for path in ("/v1/customers", "/", "/readyz"):
        Client().ask(before, scope(path))

    assert threads == {"/v1/customers": "api-1", "/": "pages-1", "/readyz": "probes-1"}


def test_whether_the_process_is_alive_is_told_while_readiness_waits() -> None:
    over = threading.Event()

    def respond(environ: dict[str, Any]) -> HttpResponse:
        if environ["PATH_INFO"] == "/readyz":
            over.wait(10)
        return HttpResponse(environ["PATH_INFO"])

    served = front(respond)
    waiting = threading.Thread(target=lambda: Client().ask(served, scope("/readyz")))
    waiting.start()
    try:
        client = Client()
        client.ask(served, scope("/healthz"))
        assert (client.status, client.content) == (200, b"/healthz")
        assert waiting.is_alive()
    finally:
        over.set()
        waiting.join()


def test_of_a_large_body_an_api_is_given_no_more_than_it_may_read() -> None:
    given = []

    def respond(environ: dict[str, Any]) -> HttpResponse:
        given.append((len(environ["wsgi.input"].read()), environ["CONTENT_LENGTH"]))
        return HttpResponse(status=413)

    size = MAX_BODY_BYTES + 1000
    client = Client(part(b"x" * size, more=False))
    client.ask(front(respond), scope(method="POST", headers=[LENGTH]))

    assert given == [(MAX_BODY_BYTES + 1, str(size))]


def test_a_request_that_a_limit_ended_is_tried_again_in_a_lane_of_its_own() -> None:
    tried = []

    def respond(environ: dict[str, Any]) -> HttpResponse:
        tried.append((threading.current_thread().name, environ["wsgi.input"].read()))
        connection._thread.was_ended = len(tried) == 1
        return HttpResponse(status=409 if len(tried) == 1 else 200)

    client = Client(part(b"12345", more=False))
    client.ask(front(respond), scope(method="POST", headers=[LENGTH]))

    assert tried == [("api-1", b"12345"), ("again-1", b"12345")]
    assert client.status == 200


@pytest.mark.parametrize(("status", "was_ended"), [(409, False), (503, False), (200, True)])
def test_every_other_request_is_tried_once(status: int, was_ended: bool) -> None:  # noqa: FBT001
    tried = []

    def respond(_environ: dict[str, Any]) -> HttpResponse:
        tried.append(threading.current_thread().name)
        connection._thread.was_ended = was_ended
        return HttpResponse(status=status)

    assert Client().ask(front(respond), scope()).status == status
    assert tried == ["api-1"]


def test_an_unforeseen_error_is_500_in_the_shape_of_the_contract() -> None:
    def respond(_environ: dict[str, Any]) -> HttpResponse:
        raise LookupError("planted")

    client = Client().ask(front(respond), scope("/v1/customers"))

    assert client.status == 500
    assert b"planted" not in client.content


def test_a_streamed_response_arrives_in_parts() -> None:
    def respond(_environ: dict[str, Any]) -> StreamingHttpResponse:
        return StreamingHttpResponse(["one ", "two"], headers={"X-Accel-Buffering": "no"})

    client = Client().ask(front(respond), scope("/backoffice/"))

    assert [message["body"] for message in client.got[1:]] == [b"one ", b"two", b""]


def test_small_parts_of_a_download_are_sent_together() -> None:
    client = Client().ask(
        front(lambda _: StreamingHttpResponse(str(n) for n in range(1000))), scope("/backoffice/")
    )

    assert len(client.got) == 3
    assert client.content == "".join(map(str, range(1000))).encode()


def test_a_stream_ends_when_its_client_goes() -> None:
    closed = threading.Event()

    def endless() -> Iterator[str]:
        try:
            while True:
                threading.Event().wait(0.01)
                yield "more"
        finally:
            closed.set()

    def respond(_environ: dict[str, Any]) -> StreamingHttpResponse:
        return StreamingHttpResponse(endless(), headers={"X-Accel-Buffering": "no"})

    Client(stays=False, pause=0.1).ask(front(respond), scope("/backoffice/"))

    assert closed.is_set()


def test_a_first_try_is_quicker_than_the_limits_of_the_settings() -> None:
    assert quick(Limits(statement=5, lock=1, idle=10)) == Limits(
        statement=application.QUICK.statement, lock=application.QUICK.lock, idle=10
    )
    assert quick(Limits(statement=0.5, lock=0, idle=0)) == Limits(
        statement=0.5, lock=application.QUICK.lock, idle=0
    )


def test_a_process_has_the_threads_that_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    class Counted(Lane):
        def __init__(self, name: str, threads: int, *_: Any, **__: Any) -> None:
            made.append((name, threads))

    monkeypatch.setattr(application, "Lane", Counted)

    Front(lambda *_: [], threads=3, page_threads=4)

    assert sum(threads for _name, threads in made) == 3 + 4 + lanes.OTHER_THREADS
