"""GET /api/v1/customers/{external_id}: by any id that the caller can have chosen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.lago.support import (
    CUSTOMER_NOT_FOUND,
    DINESH,
    FIELDS,
    PATH,
    assert_error,
    at,
    post,
    shown,
    slug,
    upsert,
)

NOON = datetime(2026, 1, 31, 12, 0, 0, 999_999, tzinfo=UTC)

ODD_IDS = [
    "a/b",
    "/",
    "//",
    "/a",
    "a/",
    "a//b",
    "a/restore",
    "x/current_usage",
    "a b",
    " a",
    "a ",
    ".",
    "..",
    "../x",
    "a.b",
    "a.json",
    "openapi.json",
    "customers",
    "%",
    "50%",
    "%2F",
    "%252F",
    "%00",
    "%zz",
    "%ff",
    "+",
    "a+b",
    "?",
    "a?b=c",
    "#a",
    "a;b",
    "a&b",
    "a=b",
    "a:b",
    "a@b",
    "a\\b",
    '"',
    "'; --",
    "<a>",
    "_",
    "*",
    "$",
    "^$",
    "\\Z",
    "Zoë & Söhne",
    "e\u0301",
    "株式会社",
    "😀",
    "عميل",
    "null",
    "0",
    "-1",
    "4111111111111111",
    "00000000-0000-0000-0000-000000000000",
]


def test_answers_the_customer_with_its_version_as_etag(api: APIClient) -> None:
    posted = post(api, DINESH)

    response = api.get(at(DINESH["customer_id"]))

    assert response.status_code == 200
    assert response.json() == posted.json()
    assert response["ETag"] == '"1"'


def test_every_key_is_there_for_a_customer_that_has_nothing(
    api: APIClient, acme: Organization
) -> None:
    customer = factories.customer(acme, created_at=NOON)
    Customer.objects.filter(pk=customer.pk).update(legal_number=None)

    answered = shown(api.get(at(customer.pk)))

    updated_at = answered.pop("updated_at")
    assert updated_at > "2026-01-31T12:00:00Z"
    assert len(updated_at) == len("2026-01-31T12:00:00Z")
    assert answered == {
        "billing_configuration": {"provider_customer_id": None},
        "metadata": [],
        "lago_id": str(customer.pk),
        "sequential_id": 1,
        "slug": slug(customer),
        "customer_id": str(customer.pk),
        "external_id": str(customer.pk),
        "created_at": "2026-01-31T12:00:00Z",
        "applicable_timezone": "UTC",
        **dict.fromkeys(FIELDS),
    }


def test_a_customer_of_another_contract_is_found_by_its_uuid(
    api: APIClient, acme: Organization
) -> None:
    customer = factories.customer(
        acme,
        name="Acme",
        reference="label",
        processor_reference="cus_1",
        ein="12-3456789",
        metadata={"a": "b"},
        country="DE",
        postal_code="10115",
    )

    found = shown(api.get(at(customer.pk)))

    assert found["lago_id"] == found["customer_id"] == found["external_id"] == str(customer.pk)
    assert (found["name"], found["country"], found["zipcode"]) == ("Acme", "DE", "10115")
    for other in ("reference", "label", "cus_1", "b"):
        assert_error(api.get(at(other)), CUSTOMER_NOT_FOUND)


def test_a_customer_with_an_id_is_not_found_by_its_uuid(api: APIClient, customer: Customer) -> None:
    assert_error(api.get(at(customer.pk)), CUSTOMER_NOT_FOUND)
    assert shown(api.get(at("ext-1")))["lago_id"] == str(customer.pk)


def test_another_spelling_of_the_uuid_is_another_id(api: APIClient, acme: Organization) -> None:
    id = factories.customer(acme, name="Acme").pk

    for other in (str(id).upper(), id.hex, f"{{{id}}}", f"urn:uuid:{id}", f" {id}", f"{id}/"):
        assert_error(api.get(at(other)), CUSTOMER_NOT_FOUND)


@pytest.mark.parametrize("id", ODD_IDS)
def test_an_id_of_any_characters_is_found(api: APIClient, id: str) -> None:
    upsert(api, "x", name="Another")
    created = upsert(api, id, name="Odd")

    found = shown(api.get(at(id)))

    assert found == created
    assert found["customer_id"] == id


def test_each_odd_id_is_its_own_customers(api: APIClient) -> None:
    created = {id: upsert(api, id)["lago_id"] for id in ODD_IDS}

    assert len(set(created.values())) == len(ODD_IDS)
    for id in ODD_IDS:
        assert shown(api.get(at(id)))["lago_id"] == created[id]


def test_slashes_need_no_encoding(api: APIClient) -> None:
    created = upsert(api, "team/7/lead")

    assert shown(api.get(f"{PATH}/team/7/lead")) == created


def test_case_counts(api: APIClient, customer: Customer) -> None:
    assert_error(api.get(at("EXT-1")), CUSTOMER_NOT_FOUND)


@pytest.mark.parametrize(
    "id", ["ext-2", "ext", "ext-1 ", "ext-1/", "ext-1\n", "%", "ext-1\0", "\0", "x" * 5000, "ext%"]
)
def test_an_unknown_id_is_404(api: APIClient, customer: Customer, id: str) -> None:
    assert_error(api.get(at(id)), CUSTOMER_NOT_FOUND)


@pytest.mark.parametrize("path", ["%FF", "%C0%AF", "a%ED%A0%80", "%80ext-1"])
def test_what_is_not_utf_8_is_404(api: APIClient, customer: Customer, path: str) -> None:
    assert_error(api.get(f"{PATH}/{path}"), CUSTOMER_NOT_FOUND)


def test_others_and_the_other_mode_are_404(
    api: APIClient, acme: Organization, globex: Organization
) -> None:
    others: list[tuple[Organization, str]] = [(globex, "live"), (acme, "test")]
    for number, (organization, mode) in enumerate(others):
        named = factories.customer(organization, mode, external_id=f"theirs-{number}")
        nameless = factories.customer(organization, mode, name="Theirs")
        for id in (named.external_id, nameless.pk):
            assert_error(api.get(at(id)), CUSTOMER_NOT_FOUND)
            assert shown(factories.client(organization, mode).get(at(id)))
