"""Idempotency-Key: what is refused or fails is not recorded, and its retry is a new try."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, IdempotencyRecord, Organization
from tests import factories
from tests.api.alternative_payments.support import stored
from tests.api.wires import (
    WRITES,
    Write,
    assert_refused,
    handler,
    prepared,
    replayed,
    send_json,
    showing,
)

KEY = "retry-1"

every_write = pytest.mark.parametrize("write", WRITES, ids=str)


def assert_new_try(caller: APIClient, customer: Customer, write: Write) -> None:
    """The key is still free: nothing was recorded, and the write with it is done."""
    assert not IdempotencyRecord.objects.exists()
    answer = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY)
    assert answer.status_code == write.status, answer.content
    assert not replayed(answer)


@pytest.mark.parametrize("write", [write for write in WRITES if write.invalid], ids=str)
def test_a_body_that_is_refused(caller: APIClient, customer: Customer, write: Write) -> None:
    prepared(write, customer)

    refused = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY, body=write.invalid)

    assert_refused(refused, write.slug, write.invalid_status)
    assert_new_try(caller, customer, write)


@pytest.mark.parametrize("write", [write for write in WRITES if write.missing], ids=str)
def test_a_customer_who_is_not_there(caller: APIClient, customer: Customer, write: Write) -> None:
    prepared(write, customer)

    refused = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY, path=write.missing)

    assert_refused(refused, write.slug, 404)
    assert_new_try(caller, customer, write)


@pytest.mark.parametrize("write", [write for write in WRITES if write.conditional], ids=str)
def test_a_customer_at_another_version(caller: APIClient, customer: Customer, write: Write) -> None:
    prepared(write, customer)

    refused = write.send(caller, customer, HTTP_IDEMPOTENCY_KEY=KEY, HTTP_IF_MATCH='"99"')

    assert_refused(refused, write.slug, 412)
    assert_new_try(caller, customer, write)


@pytest.mark.parametrize(
    ("slug", "method", "path", "body", "status"),
    [
        ("alternative-payments", "post", "/customers", {"external_id": "ext-1"}, 409),
        ("billabear", "put", "/api/v1.0/customer", {"email": "A@b.org", "country": "DE"}, 409),
        ("vatly", "post", "/v1/customers", {"email": "A@b.org"}, 422),
    ],
)
def test_what_another_customer_has(
    caller: APIClient, acme: Organization, slug: str, method: str, path: str, body: Any, status: int
) -> None:
    holder = factories.customer(acme, external_id="ext-1", email="a@b.org")

    refused = send_json(caller, method, path, body, HTTP_IDEMPOTENCY_KEY=KEY)
    holder.archive()
    answer = send_json(caller, method, path, body, HTTP_IDEMPOTENCY_KEY=KEY)

    assert_refused(refused, slug, status)
    assert answer.status_code == 201
    assert not replayed(answer)


@every_write
def test_a_credential_without_the_scope(
    acme: Organization, customer: Customer, write: Write
) -> None:
    key, secret = ApiKey.issue(acme, "live", scopes=["customers:read"])
    prepared(write, customer)

    refused = write.send(showing(secret), customer, HTTP_IDEMPOTENCY_KEY=KEY)
    ApiKey.objects.filter(pk=key.pk).update(scopes=["customers:read", "customers:write"])

    assert_refused(refused, write.slug, 403)
    assert_new_try(showing(secret), customer, write)


@every_write
def test_what_fails_after_its_change_leaves_neither_change_nor_record(
    caller: APIClient, customer: Customer, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(write, customer)
    before = stored()
    view, action = handler(write)
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
    assert_refused(failed, write.slug, 500)
    assert stored() == before
    assert_new_try(caller, customer, write)
