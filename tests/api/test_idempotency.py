"""Idempotency-Key: every write of every contract happens once for a key."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, IdempotencyRecord, Organization
from tests import factories
from tests.api.contract_table import CONDITIONAL, CREATES, LAGO, TABLE, WRITES
from tests.api.harness import Endpoint, Harness, in_urlconfs, is_replay, key_client
from tests.stored import stored

KEY = "retry-1"
#: Theirs is the OAuth server's work, which gives a new token each time.
EXEMPT = {"oauth/token", "oauth/revoke"}

every_write = pytest.mark.parametrize("write", WRITES, ids=str)
each_contract = pytest.mark.parametrize("write", CREATES, ids=str)


def headers(response: Any) -> dict[str, str]:
    """The headers of an answer, but for those that distinguish one request from another."""
    distinguished = {"x-request-id", "idempotent-replayed"}
    return {name: text for name, text in response.items() if name.lower() not in distinguished}


def test_the_table_has_every_write_of_every_contract() -> None:
    found = {
        (slug, method, pattern)
        for slug, method, pattern, _, _ in in_urlconfs()
        if method not in ("GET", "*")
        and pattern not in EXEMPT
        and not pattern.startswith("registry/v1/webhook")  # in registry/test_webhooks.py
    }

    assert found == {
        (each.harness.slug, each.route.method, each.route.in_urlconf) for each in WRITES
    }


@every_write
def test_a_replay_is_the_first_answer_and_writes_nothing(
    caller: APIClient, customer: Customer, write: Endpoint
) -> None:
    write.prepared(customer)
    before = stored()

    first = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY)
    after = stored()
    again = [write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY) for _ in range(2)]

    assert first.status_code == write.route.ok, first.content
    assert "Idempotent-Replayed" not in first
    assert after != before
    for replay in again:
        assert is_replay(replay)
        assert (replay.status_code, replay.content) == (first.status_code, first.content)
        assert headers(replay) == headers(first)
    assert stored() == after


@every_write
def test_with_a_key_the_answer_is_as_without_one(acme: Organization, write: Endpoint) -> None:
    answers = []
    for mode, extra in (("live", {}), ("test", {"HTTP_IDEMPOTENCY_KEY": KEY})):
        customer = factories.customer(acme, mode, name="Coleman-Blair", external_id="ext-1")
        write.prepared(customer)
        answers.append(write.send(key_client(acme, mode), customer, **extra))

    plain, keyed = answers
    assert keyed.status_code == plain.status_code == write.route.ok
    assert headers(keyed).keys() == headers(plain).keys()
    assert keyed.headers.get("ETag") == plain.headers.get("ETag")
    assert keyed.json().keys() == plain.json().keys()


@every_write
def test_the_replay_has_the_etag(caller: APIClient, customer: Customer, write: Endpoint) -> None:
    """Where there is one: not of what was removed, nor of many."""
    write.prepared(customer)

    first = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY)
    replay = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY)

    assert first.get("ETag") == replay.get("ETag") != ""
    if write.route.fields and not write.route.of_belongings:
        assert first["ETag"]


@every_write
def test_another_body_is_409(caller: APIClient, customer: Customer, write: Endpoint) -> None:
    write.prepared(customer)
    write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY)
    after = stored()

    refused = write.send(
        caller, customer, HTTP_IDEMPOTENCY_KEY=KEY, body=write.other_body_of(customer)
    )

    error = write.harness.assert_error(refused, 409)
    assert write.harness.faults(error) == set()
    assert write.harness is LAGO or "Idempotency-Key" in str(error)
    assert "Retry-After" not in refused
    assert stored() == after


@every_write
def test_another_path_or_method_is_409(
    caller: APIClient, customer: Customer, write: Endpoint
) -> None:
    """Also of another contract: they all speak to one store."""
    write.prepared(customer)
    write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY)
    after = stored()

    for other in WRITES:
        if other is not write:
            refused = other.send(
                caller, customer, HTTP_IDEMPOTENCY_KEY=KEY, body=write.body_of(customer)
            )
            other.harness.assert_error(refused, 409)
    assert stored() == after


@pytest.mark.parametrize("write", CONDITIONAL, ids=str)
def test_another_if_match_is_409(caller: APIClient, customer: Customer, write: Endpoint) -> None:
    write.prepared(customer)
    version = 2 if write.route.of_archived else 1
    first = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY, HTTP_IF_MATCH=f'"{version}"')
    after = stored()

    replay = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY, HTTP_IF_MATCH=f'"{version}"')
    refused = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY, HTTP_IF_MATCH="*")
    without = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY)

    assert first.status_code == write.route.ok
    assert is_replay(replay)
    assert replay.content == first.content
    write.harness.assert_error(refused, 409)
    write.harness.assert_error(without, 409)
    assert stored() == after


@each_contract
def test_another_credential_s_key_is_another_key(
    acme: Organization, globex: Organization, write: Endpoint
) -> None:
    """A second key of the same organization, its test data's, and another organization's."""
    clients = [
        key_client(acme),
        key_client(acme),
        key_client(acme, "test"),
        key_client(globex),
    ]
    customer = factories.customer(acme, external_id="ext-1")

    # The second of Acme's live data says another body, so as not to find its email taken.
    answers = [
        write.send(client, customer, HTTP_IDEMPOTENCY_KEY=KEY, body=body)
        for client, body in zip(
            clients,
            [
                write.body_of(customer),
                write.other_body_of(customer),
                write.body_of(customer),
                write.body_of(customer),
            ],
            strict=True,
        )
    ]

    assert [answer.status_code for answer in answers] == [write.route.ok] * 4
    assert not any(map(is_replay, answers))
    assert len({answer.content for answer in answers}) == 4


def test_a_renewed_token_of_the_same_client_is_the_same_caller(acme: Organization) -> None:
    oauth_client = factories.oauth_client(acme)
    first, again = (
        factories.bearer(factories.access_token(oauth_client)).post(
            "/customers", {"name": "Hooli"}, format="json", HTTP_IDEMPOTENCY_KEY=KEY
        )
        for _ in range(2)
    )

    assert is_replay(again)
    assert again.content == first.content
    assert Customer.objects.count() == 1


def test_another_oauth_client_is_another_caller(acme: Organization) -> None:
    answers = [
        factories.bearer(factories.access_token(factories.oauth_client(acme))).post(
            "/customers", {"name": "Hooli"}, format="json", HTTP_IDEMPOTENCY_KEY=KEY
        )
        for _ in range(2)
    ]

    assert not any(map(is_replay, answers))
    assert Customer.objects.count() == 2


# --- Keys ----------------------------------------------------------------------------------------

BAD_KEYS = {
    "empty": "",
    "a space": " ",
    "256 characters": "k" * 256,
    "a NUL": "a\x00b",
    "a line break": "a\nb",
    "a tab": "a\tb",
    "delete": "a\x7fb",
    "latin-1": "é",
    "UTF-8": "ключ".encode().decode("latin-1"),
}


@every_write
@pytest.mark.parametrize("key", BAD_KEYS.values(), ids=BAD_KEYS)
def test_a_bad_key_is_400(caller: APIClient, customer: Customer, write: Endpoint, key: str) -> None:
    write.prepared(customer)
    before = stored()

    refused = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=key)

    error = write.harness.assert_error(refused, 400)
    assert write.harness.faults(error) == set()
    assert write.harness is LAGO or "Idempotency-Key" in str(error)
    assert stored() == before


@each_contract
@pytest.mark.parametrize("key", ["k", "k" * 255, "a b", "~!#$%&'()*+,-./:;<=>?@[]^_`{|}"])
def test_a_good_key(caller: APIClient, customer: Customer, write: Endpoint, key: str) -> None:
    first = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=key)
    again = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=key)

    assert first.status_code == write.route.ok
    assert is_replay(again)


@pytest.mark.parametrize("harness", TABLE, ids=str)
@pytest.mark.parametrize("key", [KEY, "", "k" * 256])
def test_reading_ignores_the_key(
    caller: APIClient, customer: Customer, harness: Harness, key: str
) -> None:
    for path in (harness.path_of(customer), harness.list_path):
        for _ in range(2):
            answer: Any = caller.get(path, HTTP_IDEMPOTENCY_KEY=key)
            assert answer.status_code == 200
            assert not is_replay(answer)
    assert not IdempotencyRecord.objects.exists()
