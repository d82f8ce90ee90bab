"""What is kept of an Idempotency-Key, for how long, and what is never kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from rest_framework.test import APIClient

from customers.models import Customer, IdempotencyRecord, Organization, RequestCount
from tests import factories
from tests.api.contract_table import ALTERNATIVE_PAYMENTS, WRITES
from tests.api.harness import Endpoint, is_replay, send_json

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)
CARD = "4242 4242 4242 4242"


def create(caller: APIClient, name: str = "Hooli") -> Any:
    return send_json(caller, "POST", "/customers", {"name": name}, HTTP_IDEMPOTENCY_KEY="retry-1")


def test_an_answer_is_kept_for_24_hours(caller: APIClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        first = create(caller)
        clock.move_to(START + DAY)
        again = create(caller)

    assert is_replay(again)
    assert again.content == first.content
    assert Customer.objects.count() == 1


def test_then_the_key_may_be_used_anew(caller: APIClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        first = create(caller)
        clock.move_to(START + DAY + SECOND)
        another = create(caller, "Raviga")
        clock.shift(DAY)
        replay = create(caller, "Raviga")
        refused = create(caller)

    assert first.status_code == another.status_code == 201
    assert not is_replay(another)
    assert is_replay(replay)
    assert replay.content == another.content
    ALTERNATIVE_PAYMENTS.assert_error(refused, 409)
    assert set(Customer.objects.values_list("name", flat=True)) == {"Hooli", "Raviga"}


def test_an_expired_key_whose_new_request_is_refused_stays_as_it_was(caller: APIClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        create(caller)
        clock.move_to(START + DAY + SECOND)
        refused = create(caller, name="x" * 256)
        another = create(caller, "Raviga")

    ALTERNATIVE_PAYMENTS.assert_error(refused, 422)
    assert another.status_code == 201
    assert not is_replay(another)


# --- manage.py sweep -----------------------------------------------------------------------------


def test_sweep_deletes_answers_of_yesterday_and_before(
    caller: APIClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        create(caller)
        clock.shift(SECOND)
        send_json(caller, "POST", "/customers", {"name": "x"}, HTTP_IDEMPOTENCY_KEY="retry-2")
        kept = IdempotencyRecord.objects.latest("created_at")
        clock.move_to(START + DAY + SECOND)
        call_command("sweep")

    assert list(IdempotencyRecord.objects.all()) == [kept]
    assert "1 recorded response" in capsys.readouterr().out
    assert Customer.objects.count() == 2


def test_sweep_deletes_nothing_that_still_counts(caller: APIClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        create(caller)
        RequestCount.add("somebody", START)
        clock.move_to(START + DAY)
        call_command("sweep")

    assert IdempotencyRecord.objects.count() == 1
    assert RequestCount.objects.count() == 1


def test_sweep_deletes_request_counts_of_yesterday_and_before(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with time_machine.travel(START, tick=False):
        for hours in (0, 24, 25, 500):
            RequestCount.add("somebody", START - timedelta(hours=hours))
        call_command("sweep")

    left = RequestCount.objects.order_by("window_start").values_list("window_start", flat=True)
    assert list(left) == [START - DAY, START]
    assert "2 request counts" in capsys.readouterr().out


def test_sweep_deletes_access_tokens_that_have_expired(acme: Organization) -> None:
    client = factories.oauth_client(acme)
    now = timezone.now()
    factories.access_token(client, expires_at=now - timedelta(minutes=1))
    valid = factories.access_token(client, expires_at=now + timedelta(hours=1))

    call_command("sweep")

    assert get_access_token_model().objects.count() == 1
    assert factories.bearer(valid).get("/customers").status_code == 200


def test_sweep_of_nothing(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sweep")

    assert "Deleted 0 recorded responses and 0 request counts." in capsys.readouterr().out


# --- What is never kept --------------------------------------------------------------------------


def records() -> str:
    """All that the table holds, as text; bodies are stored as bytes."""
    table = IdempotencyRecord._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT r::text, convert_from(r.body, 'UTF8') FROM \"{table}\" r")
        return "\n".join(text for row in cursor.fetchall() for text in row)


@pytest.mark.parametrize("write", WRITES, ids=str)
@pytest.mark.parametrize("key", ["hunter2-hunter2", CARD, CARD.replace(" ", "")])
def test_neither_keys_nor_credentials_nor_what_was_not_taken(
    caller: APIClient, customer: Customer, write: Endpoint, key: str
) -> None:
    """Unknown members of a body are ignored: what is in them is kept nowhere, not here either."""
    write.prepared(customer)
    body = {**(write.body_of(customer) or {}), "note": f"card {CARD}", "password": "correct horse"}

    answer = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=key, body=body)

    assert answer.status_code == write.route.ok
    text = records()
    assert answer.content.decode() in text  # it is this table that the answers are in
    secret = caller._credentials["HTTP_X_API_KEY"]  # type: ignore[attr-defined]
    for planted in (key, secret, secret[9:], CARD, CARD.replace(" ", ""), "correct horse"):
        assert planted not in text
