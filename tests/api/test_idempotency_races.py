"""Idempotency-Key with real connections: duplicates at once, a claim in flight, a crash."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, IdempotencyRecord, Organization
from customers.models.credential import Credential
from customers.rest import idempotency
from customers.rest.views import ContractView
from tests.api.contract_table import ALTERNATIVE_PAYMENTS, CREATES, WRITES
from tests.api.harness import Endpoint, is_replay, send_json, showing
from tests.stored import stored
from tests.threads import TIMEOUT, race, raised

KEY = "retry-1"
CLIENTS = 16
KEYS = 25
TRIES = 1000  # until a claim of others is over; one is nearly always enough


@pytest.fixture
def issued(acme: Organization) -> tuple[Credential, str]:
    key, secret = ApiKey.issue(acme, "live")
    return key.credential, secret


@contextmanager
def claimed_elsewhere(credential: Credential, key: str) -> Iterator[None]:
    """Another connection, with an open transaction that has claimed the key."""
    claimed, finish = threading.Event(), threading.Event()

    def hold() -> bool:
        try:
            with transaction.atomic():
                digest = hashlib.sha256(key.encode()).hexdigest()
                got = IdempotencyRecord.claim(credential, digest)
                claimed.set()
                finish.wait(TIMEOUT)
                return got
        finally:
            claimed.set()
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        holder = pool.submit(hold)
        try:
            assert claimed.wait(TIMEOUT)
            yield
        finally:
            finish.set()
        assert holder.result(TIMEOUT)


@pytest.mark.parametrize("write", WRITES, ids=str)
def test_in_flight_it_is_409_and_says_when_to_retry(
    issued: tuple[Credential, str], customer: Customer, write: Endpoint
) -> None:
    credential, secret = issued
    caller = showing(secret)
    write.prepared(customer)
    before = stored()

    with claimed_elsewhere(credential, KEY):
        refused = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY)
        after = stored()
    answer = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY)

    write.harness.assert_error(refused, 409)
    assert int(refused["Retry-After"]) >= 1
    assert after == before
    assert answer.status_code == write.route.ok
    assert not is_replay(answer)


@pytest.mark.parametrize("write", CREATES, ids=str)
def test_a_claim_holds_up_neither_other_keys_nor_other_callers(
    issued: tuple[Credential, str], acme: Organization, customer: Customer, write: Endpoint
) -> None:
    credential, secret = issued
    _, other_secret = ApiKey.issue(acme, "live")

    with claimed_elsewhere(credential, KEY):
        other_key = write.send(showing(secret), customer, HTTP_IDEMPOTENCY_KEY="retry-2")
        other_caller = write.send(
            showing(other_secret),
            customer,
            HTTP_IDEMPOTENCY_KEY=KEY,
            body=write.other_body_of(customer),
        )

    assert [other_key.status_code, other_caller.status_code] == [write.route.ok] * 2


@pytest.mark.parametrize("write", WRITES, ids=str)
def test_a_crash_between_commit_and_answer(
    issued: tuple[Credential, str],
    customer: Customer,
    write: Endpoint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caller = showing(issued[1])
    write.prepared(customer)
    before = stored()
    open_blocks = len(connection.atomic_blocks)  # the test's own

    def crash(*args: Any, **kwargs: Any) -> None:
        assert len(connection.atomic_blocks) == open_blocks
        raise RuntimeError("after the commit")

    with monkeypatch.context() as patch:
        patch.setattr(ContractView, "finalize_response", crash)
        lost = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY)
    after = stored()
    retry = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY)

    assert lost.status_code == 500
    assert after != before
    assert retry.status_code == write.route.ok
    assert is_replay(retry)
    assert stored() == after


def create_until_done(client: APIClient, key: str) -> list[Any]:
    """The answers of a client that repeats its request until it gets an object."""
    answers: list[Any] = []
    for _ in range(TRIES):
        answer = send_json(client, "POST", "/customers", {"name": key}, HTTP_IDEMPOTENCY_KEY=key)
        answers.append(answer)
        if answer.status_code != 409:
            break
    return answers


def all_at_once(secret: str, clients: int, keys: int) -> dict[str, list[Any]]:
    """Each of the clients creates one customer for each of the same keys: the answers by key."""

    def work() -> dict[str, list[Any]]:
        client = showing(secret)
        return {key: create_until_done(client, key) for key in (f"key-{n}" for n in range(keys))}

    results = race(*[work] * clients)
    assert raised(results) == []
    return {key: [answer for done in results for answer in done[key]] for key in results[0]}


@pytest.mark.django_db(transaction=True)
def test_16_clients_with_the_same_25_keys_make_25_objects(issued: tuple[Credential, str]) -> None:
    answers = all_at_once(issued[1], CLIENTS, KEYS)

    assert Counter(Customer.objects.values_list("name", flat=True)) == dict.fromkeys(answers, 1)
    assert len(answers) == KEYS
    for of_one_key in answers.values():
        assert {answer.status_code for answer in of_one_key} <= {200, 201, 409}
        done = [answer for answer in of_one_key if answer.status_code != 409]
        assert len(done) == CLIENTS
        assert len({answer.content for answer in done}) == 1
        assert sum(not is_replay(answer) for answer in done) == 1
        for answer in of_one_key:
            if answer.status_code == 409:
                ALTERNATIVE_PAYMENTS.assert_error(answer, 409)
                assert "Retry-After" in answer
    assert IdempotencyRecord.objects.count() == KEYS


@pytest.mark.django_db(transaction=True)
def test_control_without_the_safeguard_they_make_more(
    issued: tuple[Credential, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "once", lambda handler, *_: handler)

    all_at_once(issued[1], CLIENTS, 2)

    assert Customer.objects.count() == CLIENTS * 2
