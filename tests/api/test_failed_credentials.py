"""Wrong credentials: so many from one address in a window, and those that work go on working."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from customers.models import ApiKey, Organization, RequestCount
from customers.rest import credential_cache, failed_credentials
from customers.values.api_keys import complete
from tests import factories
from tests.api.contract_table import TABLE
from tests.api.harness import Harness, key_client
from tests.stored import stored

#: Ten seconds after a minute has begun.
START = datetime(2026, 3, 1, 0, 0, 10, tzinfo=UTC)
HERE, ELSEWHERE = "203.0.113.1", "203.0.113.2"
each_contract = pytest.mark.parametrize("harness", TABLE, ids=str)
#: Keys of no one: of the right form, of a wrong one, and what is no key.
WRONG = [complete("live", "guess" * 6 + "42"), "live_short", "nonsense", ""]


@pytest.fixture(autouse=True)
def clock(settings: Settings) -> Iterator[Any]:
    settings.FAILED_KEY_RATE_LIMIT = "5/min"
    credential_cache.forget_all()
    failed_credentials.forget_all()
    with time_machine.travel(START, tick=False) as clock:
        yield clock
    credential_cache.forget_all()
    failed_credentials.forget_all()


def shown(secret: str, address: str = HERE, path: str = "/customers") -> Any:
    """The answer to a request that shows a secret in each way in which a contract reads one."""
    headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_X_API_KEY": secret}
    return APIClient().get(path, REMOTE_ADDR=address, **headers)  # type: ignore[arg-type]


def fail(times: int, harness: Harness = TABLE[0], address: str = HERE) -> list[Any]:
    return [shown(WRONG[n % 3], address, harness.list_path) for n in range(times)]


@each_contract
def test_what_is_too_much_is_429_until_the_time_given(
    acme: Organization, clock: Any, harness: Harness
) -> None:
    found = fail(8, harness)
    clock.shift(int(found[-1]["Retry-After"]) - 1)
    early = fail(1, harness)
    clock.shift(1)
    again = fail(6, harness)

    assert {answer.status_code for answer in found[:5]} <= {401, 403}
    for answer in (*found[5:], *early, again[-1]):
        harness.assert_error(answer, 429)
    assert found[-1]["Retry-After"] == "50"
    assert early[0]["Retry-After"] == "1"
    assert {answer.status_code for answer in again[:5]} <= {401, 403}


@pytest.mark.parametrize("wrong", WRONG)
def test_every_kind_of_wrong_credential_counts(db: None, wrong: str) -> None:
    assert [shown(wrong).status_code for _ in range(6)][4:] == [401, 429]


def test_a_revoked_and_an_expired_key_count(acme: Organization) -> None:
    key, secret = ApiKey.issue(acme, "live")
    assert shown(secret).status_code == 200
    key.revoke()

    assert [shown(secret).status_code for _ in range(6)] == [401] * 5 + [429]


@each_contract
def test_a_refused_request_is_no_work_for_the_database(
    acme: Organization, django_assert_num_queries: DjangoAssertNumQueries, harness: Harness
) -> None:
    fail(6, harness)
    before = stored()

    with django_assert_num_queries(0):
        harness.assert_error(fail(1, harness)[0], 429)
    assert stored() == before


@each_contract
def test_a_key_that_was_accepted_before_works_from_that_address(
    acme: Organization, harness: Harness
) -> None:
    _, known = ApiKey.issue(acme, "live")
    _, new = ApiKey.issue(acme, "live")
    key_client(acme)
    assert shown(known, path=harness.list_path).status_code == 200
    fail(6, harness)

    assert shown(known, path=harness.list_path).status_code == 200
    harness.assert_error(shown(new, path=harness.list_path), 429)
    assert shown(new, ELSEWHERE, harness.list_path).status_code == 200
    assert shown(new, path=harness.list_path).status_code == 200  # accepted meanwhile


def test_a_token_that_was_accepted_before_works_from_that_address(
    acme: Organization, settings: Settings
) -> None:
    settings.CREDENTIAL_CACHE_SECONDS = 10
    token = factories.access_token(
        factories.oauth_client(acme), expires_at=datetime.max.replace(tzinfo=UTC)
    )
    caller = factories.bearer(token)
    assert caller.get("/customers", REMOTE_ADDR=HERE).status_code == 200
    fail(6)

    assert caller.get("/customers", REMOTE_ADDR=HERE).status_code == 200


def test_a_known_key_lets_no_wrong_one_through(acme: Organization) -> None:
    """A caller may show two, of which a contract reads one."""
    _, known = ApiKey.issue(acme, "live")
    assert shown(known).status_code == 200
    caller = APIClient(headers={"Authorization": f"Bearer {known}", "X-API-Key": WRONG[0]})

    found = [caller.get("/api/v1.0/customer", REMOTE_ADDR=HERE).status_code for _ in range(7)]

    assert found == [401] * 5 + [429] * 2


def test_addresses_have_counts_of_their_own(db: None) -> None:
    fail(6)

    assert [answer.status_code for answer in fail(1, address=ELSEWHERE)] == [401]


def test_behind_a_trusted_proxy_the_address_is_the_one_it_saw(db: None, settings: Settings) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}

    def status(n: int, address: str) -> int:
        headers = {"HTTP_X_FORWARDED_FOR": f"192.0.2.{n}, {address}", "HTTP_X_API_KEY": WRONG[0]}
        return int(APIClient().get("/api/v1.0/customer", **headers).status_code)  # type: ignore[arg-type]

    assert [status(n, HERE) for n in range(6)] == [401] * 5 + [429]
    assert status(7, ELSEWHERE) == 401


def test_what_shows_no_credential_is_not_counted(db: None) -> None:
    assert {APIClient().get("/customers").status_code for _ in range(10)} == {401}
    assert not RequestCount.objects.exists()


def test_the_count_is_shared_by_all_workers(db: None) -> None:
    fail(6)
    failed_credentials.forget_all()  # another worker has not heard of it

    assert [answer.status_code for answer in fail(2)] == [429, 429]


def test_only_so_many_addresses_are_remembered(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failed_credentials, "MAX_ADDRESSES", 2)
    for number in range(4):
        fail(6, address=f"198.51.100.{number}")

    assert len(failed_credentials._refused_until) == 2


def test_who_is_refused_is_logged_once_for_each_window(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    fail(20)

    assert caplog.text.count(f"too many wrong credentials from {HERE}") == 1


def test_control_without_a_limit_all_are_answered(db: None, settings: Settings) -> None:
    settings.FAILED_KEY_RATE_LIMIT = ""

    assert [answer.status_code for answer in fail(60)] == [401] * 60
    assert not RequestCount.objects.exists()
