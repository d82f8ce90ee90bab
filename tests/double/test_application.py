"""What a request meets at the double, before the registry or in place of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client as DjangoClient

from billing.double.application import GONE, Double
from billing.double.faults import Fault, Faults, Kind
from billing.double.server import Dropped
from customers.models import ApiKey, Organization, RequestCount
from customers.rest.contract import Contract, contracts
from customers.rest.throttling import Window
from tests.front.support import Client, part, scope

LAGO = "/api/v1/customers"
#: Headers that each answer has another value of, or that are the business of Django and no client.
OTHERS = {"x-request-id", "x-frame-options", "x-content-type-options", "referrer-policy", "allow"}
OTHERS |= {"cross-origin-opener-policy", "content-security-policy"}


class Registry:
    """Answers 201 with a body of 40 bytes, and counts the requests that it has handled."""

    def __init__(self) -> None:
        self.handled = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        self.handled += 1
        headers = [(b"content-length", b"40")]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": b"0123456789" * 4})


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def double(registry: Registry) -> Double:
    return Double(registry, Faults())


def ask(double: Double, path: str = LAGO, *, method: str = "POST", stays: bool = True) -> Client:
    client = Client(part(b"12"), part(b"345", more=False), stays=stays)
    return client.ask(double, scope(path, method))


def test_without_a_fault_the_registry_answers(double: Double, registry: Registry) -> None:
    client = ask(double)

    assert (client.status, client.content, registry.handled) == (201, b"0123456789" * 4, 1)


def test_pages_meet_no_faults(double: Double) -> None:
    double.faults.add(Fault(Kind.UNAVAILABLE))

    assert ask(double, "/backoffice/").status == 201
    assert ask(double, LAGO).status == 503


@pytest.mark.parametrize("contract", contracts(), ids=lambda contract: contract.slug)
def test_429_is_what_the_contract_answers_to_too_many_requests(
    double: Double,
    registry: Registry,
    contract: Contract,
    acme: Organization,
    client: DjangoClient,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.RATE_LIMIT = "1/min"
    limited = Window.ending_in(7, limit=120)
    monkeypatch.setattr(Window, "now", lambda _: limited)
    monkeypatch.setattr(RequestCount, "add", lambda *_: 121)
    name, _, form = contract.key_header.partition(": ")
    _, secret = ApiKey.issue(acme, "live")
    real = client.get(contract.list_path, headers={name: form.format(api_key=secret)})

    double.faults.add(Fault(Kind.RATE_LIMITED, contract.slug, seconds=7))
    played = ask(double, contract.list_path, method="GET")

    assert (played.status, registry.handled) == (real.status_code, 0)
    assert real.status_code == 429
    headers = {key.lower(): value for key, value in real.headers.items()}
    assert {**played.headers, **dict.fromkeys(OTHERS)} == {**headers, **dict.fromkeys(OTHERS)}
    assert played.headers["x-ratelimit-remaining"] == "0"
    ids = (played.headers["x-request-id"], headers["x-request-id"])
    assert played.content.decode().replace(*ids) == real.content.decode()


@pytest.mark.parametrize("contract", contracts(), ids=lambda contract: contract.slug)
def test_503_is_in_the_shape_of_the_contract(double: Double, contract: Contract) -> None:
    double.faults.add(Fault(Kind.UNAVAILABLE, seconds=2.5))

    client = ask(double, contract.list_path)

    assert (client.status, client.headers["retry-after"]) == (503, "3")
    assert client.headers["content-type"] == contract.error_type
    assert isinstance(json.loads(client.content), dict)


def test_a_reset_connection_has_had_its_request_read_and_not_handled(
    double: Double, registry: Registry
) -> None:
    double.faults.add(Fault(Kind.CONNECTION_RESET))

    with pytest.raises(Dropped) as dropped:
        ask(double)

    assert (dropped.value.reset, registry.handled) == (True, 0)


def test_a_lost_answer_is_to_a_request_that_was_handled(double: Double, registry: Registry) -> None:
    double.faults.add(Fault(Kind.LOST_ANSWER))

    with pytest.raises(Dropped) as dropped:
        ask(double)

    assert (dropped.value.reset, registry.handled) == (False, 1)


def test_a_timeout_lasts_until_the_client_is_gone(double: Double, registry: Registry) -> None:
    double.faults.add(Fault(Kind.TIMEOUT))

    with pytest.raises(Dropped):
        ask(double, stays=False)

    assert registry.handled == 0


def test_a_slow_body_comes_whole_and_bit_by_bit(double: Double) -> None:
    double.faults.add(Fault(Kind.SLOW_BODY, seconds=0.2))

    client = ask(double)

    assert client.content == b"0123456789" * 4
    assert [len(message["body"]) for message in client.got[1:]] == [2] * 20
    assert [message["more_body"] for message in client.got[1:]] == [True] * 19 + [False]


def test_what_came_is_remembered_until_the_reset(double: Double) -> None:
    double.faults.add(Fault(Kind.UNAVAILABLE))
    keyed = Client(part(b"", more=False))
    keyed.ask(double, scope(LAGO, "POST", [(b"idempotency-key", b"k-1")], query_string=b"a=b"))
    ask(double, "/backoffice/", method="GET")

    first, second = double.round.seen

    assert (first.method, first.path, first.query, first.contract) == ("POST", LAGO, "a=b", "lago")
    assert (first.fault, first.status, first.idempotency_key) == ("unavailable", 503, "k-1")
    assert (second.path, second.contract, second.fault) == ("/backoffice/", None, None)
    asyncio.run(double.reset(lambda: None))
    assert double.round.seen == []


def test_a_reset_drops_what_waits_finishes_what_is_at_work_and_then_restores() -> None:
    happened: list[str] = []

    async def registry(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.05)
        happened.append("handled")

    async def scenario() -> None:
        double = Double(registry, Faults())
        double.faults.add(Fault(Kind.TIMEOUT))
        double.faults.add(Fault(Kind.UNAVAILABLE, "vatly"))
        clients = [Client(part(b"", more=False)) for _ in range(2)]
        waiting, working = (
            asyncio.ensure_future(double(scope(LAGO, "POST"), client.receive, client.send))
            for client in clients
        )
        await asyncio.sleep(0.01)
        await double.reset(lambda: happened.append("restored"))
        assert isinstance(waiting.exception(), Dropped)
        assert working.exception() is None
        assert double.faults.described() == []

    asyncio.run(scenario())

    assert happened == ["handled", "restored"]


def test_who_waits_for_something_is_told_at_the_reset_that_the_client_is_gone() -> None:
    async def scenario() -> None:
        told = []

        async def registry(scope: Any, receive: Any, send: Any) -> None:
            told.append(await receive())

        double = Double(registry, Faults())
        client = Client()
        asking = asyncio.ensure_future(double(scope(LAGO), client.receive, client.send))
        await asyncio.sleep(0.01)
        await double.reset(lambda: None)
        await asking
        assert told == [GONE]

    asyncio.run(scenario())
