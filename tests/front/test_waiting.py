"""Responses that are held back: no thread waits, and they come when what they await has come."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.http import HttpResponse

from billing.front import waiting
from billing.front.application import Front
from customers.rest.waiting import WAITED, answer_when
from tests.front.support import GONE, Client, scope
from tests.front.test_application import front

SECONDS = 0.3


@pytest.fixture(autouse=True)
def asked_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "EVERY_SECONDS", 0.02)


class Feed:
    """Answers "nothing" at first, and awaits that it was asked for so many times."""

    def __init__(self, comes_after: float = float("inf")) -> None:
        self.comes_after = comes_after
        self.asked = 0
        self.handled: list[bool] = []

    def has_come(self) -> bool:
        self.asked += 1
        return self.asked >= self.comes_after

    def respond(self, environ: dict[str, Any]) -> HttpResponse:
        self.handled.append(WAITED in environ)
        response = HttpResponse("again" if WAITED in environ else "nothing")
        if WAITED not in environ:
            answer_when(response, SECONDS, self.has_come)
        return response


def ask(application: Front, client: Client) -> float:
    """The seconds that the request took."""
    began = time.monotonic()
    client.ask(application, scope())
    return time.monotonic() - began


def test_the_request_is_handled_again_when_it_has_come() -> None:
    feed, client = Feed(comes_after=3), Client()

    seconds = ask(front(feed.respond), client)

    assert client.content == b"again"
    assert (feed.handled, feed.asked) == ([False, True], 3)
    assert seconds < SECONDS


def test_the_request_is_handled_again_when_the_time_is_over() -> None:
    feed, client = Feed(), Client()

    seconds = ask(front(feed.respond), client)

    assert client.content == b"again"
    assert feed.handled == [False, True]
    assert SECONDS <= seconds < SECONDS + 1


def test_a_client_that_has_gone_is_not_answered() -> None:
    feed, client = Feed(), Client(GONE)

    seconds = ask(front(feed.respond), client)

    assert client.got == []
    assert feed.handled == [False]
    assert seconds < SECONDS


def test_what_fails_is_met_by_the_request_itself() -> None:
    feed, client = Feed(), Client()
    feed.has_come = lambda: bool(1 // 0)  # type: ignore[method-assign]

    ask(front(feed.respond), client)

    assert client.content == b"again"


def test_of_too_many_the_others_are_sent_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "AT_MOST", 0)
    feed, client = Feed(), Client()

    seconds = ask(front(feed.respond), client)

    assert client.content == b"again"
    assert (feed.asked, seconds < SECONDS) == (0, True)
