"""POST /registry/v1/customers/{id}/archive and /restore"""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.registry.support import assert_error, path_of, post
from tests.stored import stored


def contexts() -> list[Any]:
    """What the history has of each change of a customer, besides it."""
    events: Any = apps.get_model("customers", "CustomerEvent")
    return [event.pgh_context for event in events.objects.order_by("pgh_id")]


def test_the_reason_is_kept_in_the_history(api: APIClient, customer: Customer) -> None:
    archived = post(api, path_of(customer, "/archive"), {"reason": "They asked for it"})
    restored = post(api, path_of(customer, "/restore"), {"reason": "They are back"})

    assert archived.json()["archived_at"] is not None
    assert restored.json()["archived_at"] is None
    _made, first, second = contexts()
    assert (first["reason"], second["reason"]) == ("They asked for it", "They are back")
    assert first["contract"] == second["contract"] == "registry"
    assert first["request_id"] == archived["X-Request-Id"]
    assert first["actor"]["kind"] == "api_key"


@pytest.mark.parametrize("body", [None, {}, {"reason": None}, {"reason": " "}])
def test_it_may_be_left_out(api: APIClient, customer: Customer, body: Any) -> None:
    assert post(api, path_of(customer, "/archive"), body).status_code == 200
    assert "reason" not in contexts()[-1]


@pytest.mark.parametrize(
    ("reason", "code"),
    [(5, "type"), ("a" * 256, "max_length"), ("card 4242 4242 4242 4242", "card_number")],
)
@pytest.mark.parametrize("verb", ["archive", "restore"])
def test_a_bad_reason_is_refused_and_nothing_done(
    api: APIClient, customer: Customer, verb: str, reason: Any, code: str
) -> None:
    before = stored()

    assert_error(post(api, path_of(customer, f"/{verb}"), {"reason": reason}), 422, reason=code)

    assert stored() == before


def test_what_is_done_already_changes_nothing(api: APIClient, customer: Customer) -> None:
    assert post(api, path_of(customer, "/restore"))["ETag"] == '"1"'
    assert [post(api, path_of(customer, "/archive"))["ETag"] for _ in range(2)] == ['"2"', '"2"']


def test_a_customer_whose_external_id_was_taken_meanwhile_is_not_restored(
    api: APIClient, acme: Organization, customer: Customer
) -> None:
    customer.archive()
    other = factories.customer(acme, external_id="ext-1")

    problem = assert_error(post(api, path_of(customer, "/restore")), 409, external_id="taken")

    assert str(other.pk) in problem["detail"]
