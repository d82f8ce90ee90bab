"""Idempotency-Key: what is refused or fails is not recorded, and its retry is a new try."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, IdempotencyRecord, Organization
from tests import factories
from tests.api.contract_table import ALTERNATIVE_PAYMENTS, BILLABEAR, CONDITIONAL, VATLY, WRITES
from tests.api.harness import NOTHING, Endpoint, is_replay, showing
from tests.stored import stored

KEY = "retry-1"

every_write = pytest.mark.parametrize("write", WRITES, ids=str)


def assert_new_try(caller: APIClient, customer: Customer, write: Endpoint) -> None:
    """The key is still free: nothing was recorded, and the write with it is done."""
    assert not IdempotencyRecord.objects.exists()
    answer = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY)
    assert answer.status_code == write.route.ok, answer.content
    assert not is_replay(answer)


@pytest.mark.parametrize("write", [each for each in WRITES if each.route.invalid], ids=str)
def test_a_body_that_is_refused(caller: APIClient, customer: Customer, write: Endpoint) -> None:
    write.prepared(customer)

    refused = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY, body=write.invalid)

    write.harness.assert_error(refused, write.harness.invalid)
    assert_new_try(caller, customer, write)


@pytest.mark.parametrize("write", [each for each in WRITES if each.route.of_one], ids=str)
def test_a_customer_who_is_not_there(
    caller: APIClient, customer: Customer, write: Endpoint
) -> None:
    write.prepared(customer)

    refused = write.send(caller, NOTHING, HTTP_IDEMPOTENCY_KEY=KEY)

    write.harness.assert_error(refused, 404)
    assert_new_try(caller, customer, write)


@pytest.mark.parametrize("write", CONDITIONAL, ids=str)
def test_a_customer_at_another_version(
    caller: APIClient, customer: Customer, write: Endpoint
) -> None:
    write.prepared(customer)

    refused = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY, HTTP_IF_MATCH='"99"')

    write.harness.assert_error(refused, 412)
    assert_new_try(caller, customer, write)


@pytest.mark.parametrize(
    ("write", "values", "status"),
    [
        (ALTERNATIVE_PAYMENTS.create, {"external_id": "ext-1"}, 409),
        (BILLABEAR.create, {"email": "A@b.org"}, 409),
        (VATLY.create, {"email": "A@b.org"}, 422),
    ],
    ids=str,
)
def test_what_another_customer_has(
    caller: APIClient, acme: Organization, write: Endpoint, values: Any, status: int
) -> None:
    holder = factories.customer(acme, external_id="ext-1", email="a@b.org")
    asked = {"body": write.body_of(holder, **values), "HTTP_IDEMPOTENCY_KEY": KEY}

    refused = write.send(caller, holder, **asked)
    holder.archive()
    answer = write.send(caller, holder, **asked)

    write.harness.assert_error(refused, status)
    assert answer.status_code == 201
    assert not is_replay(answer)


@every_write
def test_a_credential_without_the_scope(
    acme: Organization, customer: Customer, write: Endpoint
) -> None:
    key, secret = ApiKey.issue(acme, "live", scopes=["customers:read"])
    write.prepared(customer)

    refused = write.send(showing(secret), customer, HTTP_IDEMPOTENCY_KEY=KEY)
    ApiKey.objects.filter(pk=key.pk).update(scopes=["customers:read", "customers:write"])

    write.harness.assert_error(refused, 403)
    assert_new_try(showing(secret), customer, write)


@every_write
def test_what_fails_after_its_change_leaves_neither_change_nor_record(
    caller: APIClient, customer: Customer, write: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    write.prepared(customer)
    before = stored()
    view, action = write.handler
    does = getattr(view, action)
    changed = []

    def fails(*args: Any, **kwargs: Any) -> None:
        does(*args, **kwargs)
        changed.append(stored() != before)
        raise RuntimeError("after the change")

    with monkeypatch.context() as patch:
        patch.setattr(view, action, fails)
        failed = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY)

    assert changed == [True]
    write.harness.assert_error(failed, 500)
    assert stored() == before
    assert_new_try(caller, customer, write)
