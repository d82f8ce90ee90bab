"""DELETE /api/v1/customers/{external_id} archives."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.harness import send
from tests.api.lago.support import (
    CUSTOMER_NOT_FOUND,
    DINESH,
    PATH,
    assert_error,
    at,
    post,
    shown,
    upsert,
)


def test_it_answers_the_customer_as_it_was(api: APIClient) -> None:
    before = shown(post(api, DINESH))

    response = api.delete(at(DINESH["customer_id"]))

    deleted = shown(response)
    assert deleted == {**before, "updated_at": deleted["updated_at"]}
    assert response["ETag"] == '"2"'


def test_it_archives_and_keeps_the_row(api: APIClient, customer: Customer) -> None:
    api.delete(at("ext-1"))

    customer.refresh_from_db()
    assert customer.archived_at is not None
    assert (customer.name, customer.external_id) == ("Coleman-Blair", "ext-1")


def test_a_deleted_customer_is_gone_here(api: APIClient, customer: Customer) -> None:
    api.delete(at("ext-1"))

    assert_error(api.get(at("ext-1")), CUSTOMER_NOT_FOUND)
    assert_error(api.delete(at("ext-1")), CUSTOMER_NOT_FOUND)
    assert api.get(PATH).json()["customers"] == []
    customer.refresh_from_db()
    assert customer.version == 2


def test_its_id_is_free_again_as_often_as_one_likes(api: APIClient) -> None:
    ids = []
    for number in range(3):
        ids.append(upsert(api, "ext-1", name=str(number))["lago_id"])
        assert shown(api.delete(at("ext-1")))["lago_id"] == ids[-1]

    assert len(set(ids)) == 3
    assert Customer.objects.archived().filter(external_id="ext-1").count() == 3


def test_a_customer_of_another_contract_is_deleted_by_its_uuid(
    api: APIClient, acme: Organization
) -> None:
    customer = factories.customer(acme, name="Made elsewhere")

    assert shown(api.delete(at(customer.pk)))["customer_id"] == str(customer.pk)
    assert_error(api.delete(at(customer.pk)), CUSTOMER_NOT_FOUND)
    customer.refresh_from_db()
    assert customer.archived_at is not None


@pytest.mark.parametrize("id", ["a/b", "50% off", "Zoë & Söhne", " spaced ", "openapi.json"])
def test_an_id_of_any_characters_is_deleted(api: APIClient, id: str) -> None:
    upsert(api, "x")
    created = upsert(api, id)

    assert shown(api.delete(at(id)))["lago_id"] == created["lago_id"]
    assert [each["customer_id"] for each in api.get(PATH).json()["customers"]] == ["x"]


@pytest.mark.parametrize("id", ["unknown", "ext-1/", "EXT-1", "\0", "019470a0-0000-7000-8000-0"])
def test_an_unknown_id_is_404(api: APIClient, customer: Customer, id: str) -> None:
    assert_error(api.delete(at(id)), CUSTOMER_NOT_FOUND)
    assert Customer.objects.live().count() == 1


def test_others_and_the_other_mode_are_404(
    api: APIClient, acme: Organization, globex: Organization
) -> None:
    for organization, mode in ((globex, "live"), (acme, "test")):
        factories.customer(organization, mode, external_id="theirs")
        nameless = factories.customer(organization, mode, name="Theirs")
        for id in ("theirs", nameless.pk):
            assert_error(api.delete(at(id)), CUSTOMER_NOT_FOUND)

    assert Customer.objects.live().count() == 4


def test_a_body_is_not_looked_at(api: APIClient, customer: Customer) -> None:
    """Today's client sends a content type with nothing in it."""
    response = send(api, "DELETE", at("ext-1"), b"", "application/json")

    assert shown(response)["lago_id"] == str(customer.pk)
