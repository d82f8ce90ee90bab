"""Unseen characters in identifiers and email addresses, through every contract."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from customers.models import Customer
from tests.api.contract_table import LAGO, TABLE
from tests.api.fields import create
from tests.api.harness import Harness, send_json

each_contract = pytest.mark.parametrize("harness", TABLE, ids=str)


@each_contract
@pytest.mark.parametrize("around", ["\u200b", "\u00a0", "\t", "\u202e"])
def test_unseen_characters_around_an_email_are_trimmed(
    caller: APIClient, harness: Harness, around: str
) -> None:
    create(caller, harness, {**harness.required, "email": f"{around}zoe@example.com{around}"})

    assert Customer.objects.get().email == "zoe@example.com"


@each_contract
@pytest.mark.parametrize("email", ["zoe@exam\u200bple.com", "zoe@\u202eexample.com"])
def test_an_unseen_character_in_an_email_is_refused(
    caller: APIClient, harness: Harness, email: str
) -> None:
    body = {
        harness.names[name]: value for name, value in {**harness.required, "email": email}.items()
    }
    route = harness.create.route
    answer = send_json(caller, route.method, route.path, harness.wrap(body))

    assert 400 <= answer.status_code < 500
    assert not Customer.objects.exists()


@pytest.mark.parametrize("external_id", ["x\u200b", "\u202ex", "a\u2066b", "x\n", "\u200b"])
def test_an_unseen_character_in_an_id_is_refused(caller: APIClient, external_id: str) -> None:
    body = LAGO.wrap({"external_id": external_id, "name": "Zoe"})
    answer = send_json(caller, "POST", LAGO.create.route.path, body)

    assert answer.status_code == 422
    assert not Customer.objects.exists()
