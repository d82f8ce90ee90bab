"""Rate limits: of each credential in every contract, and of each address at the OAuth endpoints."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, IdempotencyRecord, Organization, RequestCount
from tests import factories
from tests.api.contract_table import ALTERNATIVE_PAYMENTS, CREATES, TABLE, WRITES
from tests.api.harness import Endpoint, Harness, key_client, send, showing
from tests.stored import stored
from tests.threads import race, raised

#: Ten seconds after a minute, an hour and a day have begun.
START = datetime(2026, 3, 1, 0, 0, 10, tzinfo=UTC)
each_contract = pytest.mark.parametrize("harness", TABLE, ids=str)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def three_a_minute(settings: Settings, clock: Any) -> None:
    settings.RATE_LIMIT = "3/min"


def statuses(client: APIClient, path: str, number: int) -> list[int]:
    return [client.get(path).status_code for _ in range(number)]


@each_contract
def test_what_is_too_much_is_429_until_the_time_given(
    acme: Organization, clock: Any, three_a_minute: None, harness: Harness
) -> None:
    caller = key_client(acme)
    allowed = statuses(caller, harness.list_path, 3)
    refused: Any = caller.get(harness.list_path)
    clock.shift(int(refused["Retry-After"]) - 1)
    early = caller.get(harness.list_path)
    clock.shift(1)
    again = statuses(caller, harness.list_path, 4)

    assert allowed == [200, 200, 200]
    harness.assert_error(refused, 429)
    assert refused["Retry-After"] == "50"
    assert refused["RateLimit-Policy"] == '"default";q=3;w=60'
    assert refused["RateLimit"] == '"default";r=0;t=50'
    # Lago's clients read these alone.
    assert refused["x-ratelimit-limit"] == "3"
    assert refused["x-ratelimit-remaining"] == "0"
    assert refused["x-ratelimit-reset"] == "50"
    harness.assert_error(early, 429)
    assert early["Retry-After"] == "1"
    assert again == [200, 200, 200, 429]


@each_contract
def test_other_credentials_have_their_own_count(
    acme: Organization, globex: Organization, three_a_minute: None, harness: Harness
) -> None:
    used_up = key_client(acme)
    others = [key_client(acme), key_client(acme, "test"), key_client(globex)]

    assert statuses(used_up, harness.list_path, 4)[-1] == 429
    for other in others:
        assert statuses(other, harness.list_path, 3) == [200, 200, 200]


def test_the_contracts_share_the_credentials_count(
    acme: Organization, three_a_minute: None
) -> None:
    caller = key_client(acme)

    found = [caller.get(harness.list_path).status_code for harness in TABLE]

    assert found == [200, 200, 200, 429, 429]


def test_the_tokens_of_one_client_share_its_count(acme: Organization, three_a_minute: None) -> None:
    client = factories.oauth_client(acme)
    expires_at = START + timedelta(hours=1)
    callers = [
        factories.bearer(factories.access_token(client, expires_at=expires_at)) for _ in range(4)
    ]

    found = [caller.get("/customers").status_code for caller in callers]

    assert found == [200, 200, 200, 429]


@pytest.mark.parametrize("write", WRITES, ids=str)
def test_a_write_that_is_too_much_is_not_done(
    acme: Organization, customer: Customer, settings: Settings, clock: Any, write: Endpoint
) -> None:
    caller = key_client(acme)
    write.prepared(customer)
    before = stored()
    settings.RATE_LIMIT = "1/day"
    caller.get("/customers")

    refused = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY="retry-1")

    write.harness.assert_error(refused, 429)
    assert stored() == before
    assert not IdempotencyRecord.objects.exists()


@pytest.mark.parametrize("write", CREATES, ids=str)
def test_what_is_refused_counts_too(
    acme: Organization, customer: Customer, three_a_minute: None, write: Endpoint
) -> None:
    caller = key_client(acme)

    found = [write.send(caller, customer, body=write.invalid).status_code for _ in range(4)]

    assert found == [write.harness.invalid] * 3 + [429]


@each_contract
def test_what_has_no_credential_is_not_counted(
    db: None, three_a_minute: None, harness: Harness
) -> None:
    assert statuses(APIClient(), harness.list_path, 5) == [401] * 5
    assert not RequestCount.objects.exists()


@pytest.mark.parametrize(
    ("rate", "wait"),
    [("1/second", 1), ("1/minute", 50), ("1/min", 50), ("1/hour", 3590), ("1/day", 86390)],
)
def test_windows(acme: Organization, settings: Settings, clock: Any, rate: str, wait: int) -> None:
    settings.RATE_LIMIT = rate
    caller = key_client(acme)
    caller.get("/customers")

    refused: Any = caller.get("/customers")
    clock.shift(wait)

    assert (refused.status_code, refused["Retry-After"]) == (429, str(wait))
    assert caller.get("/customers").status_code == 200


# --- All workers together ------------------------------------------------------------------------

THREADS, EACH, LIMIT = 16, 10, 100


def all_at_once(secret: str) -> Counter[int]:
    """The statuses of all requests of threads that each have their own connection."""
    results = race(*[lambda: statuses(showing(secret), "/customers", EACH)] * THREADS)
    assert raised(results) == []
    return Counter(status for found in results for status in found)


@pytest.fixture
def secret(transactional_db: None, settings: Settings, clock: Any) -> str:
    settings.RATE_LIMIT = f"{LIMIT}/day"
    _, secret = ApiKey.issue(factories.organization("acme"), "live")
    return secret


def test_requests_on_many_connections_are_counted_exactly(secret: str) -> None:
    assert all_at_once(secret) == {200: LIMIT, 429: THREADS * EACH - LIMIT}
    assert RequestCount.objects.get().count == THREADS * EACH


def test_control_counts_that_are_not_shared_let_more_through(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = threading.local()

    def add(caller: str, window_start: datetime) -> int:
        own.count = getattr(own, "count", 0) + 1
        return int(own.count)

    monkeypatch.setattr(RequestCount, "add", add)

    assert all_at_once(secret) == {200: THREADS * EACH}


# --- Off -----------------------------------------------------------------------------------------


@each_contract
def test_off_it_costs_no_query_and_on_it_costs_one(
    acme: Organization, customer: Customer, settings: Settings, clock: Any, harness: Harness
) -> None:
    caller = key_client(acme)
    caller.get(harness.path_of(customer))  # notes when the key was last used
    queries = {}
    for rate in ("", "1000/min"):
        settings.RATE_LIMIT = rate
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert caller.get(harness.path_of(customer)).status_code == 200
        queries[rate] = (
            [query["sql"] for query in captured if RequestCount._meta.db_table in query["sql"]],
            len(captured),
        )

    assert queries[""][0] == []
    assert len(queries["1000/min"][0]) == 1
    assert queries["1000/min"][1] == queries[""][1] + 1


@each_contract
def test_off_there_is_no_limit(acme: Organization, settings: Settings, harness: Harness) -> None:
    settings.RATE_LIMIT = ""

    assert set(statuses(key_client(acme), harness.list_path, 30)) == {200}
    assert not RequestCount.objects.exists()


# --- Addresses at the OAuth endpoints ------------------------------------------------------------


@pytest.fixture
def two_tokens_a_minute(settings: Settings, clock: Any) -> None:
    settings.TOKEN_RATE_LIMIT = "2/min"


def ask(address: str, **headers: str) -> Any:
    """A request for a token from an address, with credentials of nobody's."""
    form = "grant_type=client_credentials"
    return send(
        APIClient(),
        "POST",
        "/oauth/token",
        form,
        "application/x-www-form-urlencoded",
        REMOTE_ADDR=address,
        **headers,
    )


def test_addresses_have_counts_of_their_own(
    db: None, clock: Any, two_tokens_a_minute: None
) -> None:
    here = [ask("203.0.113.1") for _ in range(3)]
    elsewhere = ask("203.0.113.2")
    clock.shift(int(here[-1]["Retry-After"]))
    again = ask("203.0.113.1")

    assert [answer.status_code for answer in here[:2]] == [403, 403]
    ALTERNATIVE_PAYMENTS.assert_error(here[-1], 429)
    assert elsewhere.status_code == again.status_code == 403


def test_behind_a_trusted_proxy_the_address_is_the_one_it_saw(
    db: None, settings: Settings, two_tokens_a_minute: None
) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    seen = ["198.51.100.1"] * 3 + ["198.51.100.2"]

    # What stands before the last comma is the caller's own claim.
    found = [
        ask("10.0.0.1", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}, {address}").status_code
        for number, address in enumerate(seen)
    ]

    assert found == [403, 403, 429, 403]


def test_tokens_and_requests_are_counted_apart(
    acme: Organization, three_a_minute: None, two_tokens_a_minute: None
) -> None:
    assert [ask("127.0.0.1").status_code for _ in range(3)] == [403, 403, 429]
    assert statuses(key_client(acme), "/customers", 4) == [200, 200, 200, 429]
