"""POST /api/v1/customers: one address to create and to update, by the caller's own id."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
import time_machine
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.lago.support import (
    DINESH,
    FIELDS,
    only,
    post,
    shown,
    slug,
    upsert,
)

NOON = datetime(2026, 1, 31, 12, 0, 0, 999_999, tzinfo=UTC)


def test_the_documented_request_is_answered_as_documented(api: APIClient) -> None:
    with time_machine.travel(NOON, tick=False):
        response = post(api, DINESH)

    assert response.status_code == 200
    assert response["ETag"] == '"1"'
    assert response.json() == {
        "customer": {
            "lago_id": str(only().pk),
            "sequential_id": 1,
            "slug": slug(only()),
            **DINESH,
            "external_id": DINESH["customer_id"],
            "billing_configuration": {"provider_customer_id": None},
            "metadata": [],
            "created_at": "2026-01-31T12:00:00Z",
            "updated_at": "2026-01-31T12:00:00Z",
            "applicable_timezone": "UTC",
        }
    }


def test_every_key_is_there_and_null_when_unset(api: APIClient) -> None:
    customer = upsert(api, "ext-1")

    assert {name: customer[name] for name in FIELDS} == dict.fromkeys(FIELDS)
    assert UUID(customer["lago_id"]).version == 7
    assert customer["applicable_timezone"] == "UTC"


def test_what_is_posted_is_stored_for_the_other_contracts(api: APIClient) -> None:
    post(api, DINESH)

    stored = only()
    assert stored.external_id == DINESH["customer_id"]
    assert stored.postal_code == DINESH["zipcode"]
    for name in set(FIELDS) - {"zipcode"}:
        assert getattr(stored, name) == DINESH[name], name
    assert (stored.reference, stored.processor_reference, stored.ein) == (None, None, None)
    assert stored.metadata == {}


def test_a_known_id_is_an_update_and_also_200(api: APIClient) -> None:
    created = shown(post(api, DINESH))
    response = post(api, {**DINESH, "name": "Gilfoyle"})

    updated = shown(response)
    assert response["ETag"] == '"2"'
    assert updated == {**created, "name": "Gilfoyle", "updated_at": updated["updated_at"]}
    assert Customer.objects.count() == 1


def test_updated_at_moves_and_created_at_does_not(api: APIClient, acme: Organization) -> None:
    factories.customer(acme, external_id="old", created_at=NOON)

    customer = upsert(api, "old", name="New")

    assert customer["created_at"] == "2026-01-31T12:00:00Z"
    assert customer["updated_at"] > customer["created_at"]


# --- Fields --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "read"), [("us", "US"), ("De", "DE"), (" gb ", "GB"), ("FR", "FR")]
)
def test_a_country_is_read_in_small_letters_too(api: APIClient, given: str, read: str) -> None:
    assert upsert(api, country=given)["country"] == read
    assert only().country == read


@pytest.mark.parametrize("blank", ["", " ", "\t\n", None])
def test_a_blank_country_is_no_country(api: APIClient, blank: str | None) -> None:
    assert upsert(api, country=blank)["country"] is None
    upsert(api, country="DE")
    assert upsert(api, country=blank)["country"] is None
    assert only().country is None


@pytest.mark.parametrize("name", sorted(set(FIELDS) - {"country"}))
def test_blank_text_is_none(api: APIClient, name: str) -> None:
    for blank in ("", "  "):
        assert upsert(api, **{name: blank})[name] is None


def test_a_name_is_not_mandatory(api: APIClient) -> None:
    assert upsert(api, "nameless")["name"] is None
    assert upsert(api, "nameless too", name=None)["name"] is None


def test_unknown_keys_are_ignored(api: APIClient) -> None:
    unknown = {
        "vat_rate": 20.5,
        "billing_configuration": {"payment_provider": "stripe", "sync": True},
        "currency": "EUR",
        "lago_id": "019470a0-0000-7000-8000-000000000000",
        "id": "019470a0-0000-7000-8000-000000000000",
        "created_at": "2020-01-01T00:00:00Z",
        "applicable_timezone": "Europe/Paris",
        "organization": "globex",
        "mode": "test",
        "archived_at": "2020-01-01T00:00:00Z",
        "version": 9,
        "ein": "12-3456789",
        "reference": "label",
        "postal_code": "10115",
        "": None,
    }

    customer = upsert(api, "ext-1", name="Known", **unknown)

    assert customer.keys().isdisjoint({"vat_rate", "currency"})
    stored = only()
    assert str(stored.pk) == customer["lago_id"] != unknown["lago_id"]
    assert (stored.mode, stored.archived_at, stored.version) == ("live", None, 1)
    assert (stored.ein, stored.reference, stored.postal_code) == (None, None, None)
    assert (stored.metadata, stored.processor_reference) == ({}, None)
    assert stored.created_at.year >= 2026


def test_keys_beside_the_root_are_ignored(api: APIClient) -> None:
    body = {"customer": {"customer_id": "x"}, "name": "Stray", "customers": []}
    response = api.post("/api/v1/customers", body, format="json")

    assert shown(response)["name"] is None
