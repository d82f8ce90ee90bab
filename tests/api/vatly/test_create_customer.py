"""POST /v1/customers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from customers.values.cus_ids import encode
from tests.api.vatly.support import BASE, ORIGIN, assert_error, create, get

EMAIL = "john@example.com"
GOOD = {"email": EMAIL}
LARGEST = {f"{n:🚀>40}": "é" * 500 for n in range(50)}


def test_the_documented_example_is_201_with_the_customer(
    api: APIClient, acme: Organization
) -> None:
    with time_machine.travel(datetime(2024, 1, 15, 10, 30, 0, 999_999, tzinfo=UTC), tick=False):
        response = create(api, GOOD)

    customer = Customer.objects.get()
    id = encode(customer.pk)
    assert response.status_code == 201
    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "id": id,
        "resource": "customer",
        "testmode": False,
        "email": EMAIL,
        "createdAt": "2024-01-15T10:30:00Z",
        "metadata": {},
        "links": {"self": {"href": f"{ORIGIN}{BASE}/{id}", "type": "application/json"}},
    }
    assert (customer.organization, customer.mode, customer.email) == (acme, "live", EMAIL)


def test_the_answer_has_the_version_as_its_tag(api: APIClient) -> None:
    assert create(api, GOOD)["ETag"] == '"1"'


def test_its_link_leads_to_it(api: APIClient) -> None:
    created = create(api, {**GOOD, "metadata": {"plan": "pro"}}).json()

    assert get(api, created["links"]["self"]["href"]) == created


def test_spaces_around_an_email_are_not_part_of_it(api: APIClient) -> None:
    assert create(api, {"email": f" {EMAIL}  "}).json()["email"] == EMAIL


def test_unknown_members_are_ignored(api: APIClient) -> None:
    more = {"id": "cus_01h2xcejqtf2nbrexx3vqjhp41", "testmode": True, "name": "x", "links": {}}

    response = create(api, {**GOOD, **more})

    assert response.status_code == 201
    assert response.json()["id"] != more["id"]
    assert response.json()["testmode"] is False
    assert Customer.objects.get().name is None


# --- Metadata ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "metadata",
    [
        {"plan": "pro"},
        {"plan": "", "a b/c.d": "  ", "クラス": "値 🚀", "__proto__": "x", "null": "null"},
        {str(n): str(n) for n in range(50)},
        {"k" * 40: "v" * 500},
        LARGEST,
    ],
    ids=["one", "odd", "50 keys", "the longest", "the largest"],
)
def test_metadata_comes_back_as_it_was_given(api: APIClient, metadata: dict[str, str]) -> None:
    created = create(api, {**GOOD, "metadata": metadata})

    assert created.status_code == 201
    assert created.json()["metadata"] == metadata
    assert get(api, f"{BASE}/{created.json()['id']}")["metadata"] == metadata


@pytest.mark.parametrize("metadata", [None, {}])
def test_no_metadata_is_an_empty_object(api: APIClient, metadata: object) -> None:
    assert create(api, {**GOOD, "metadata": metadata}).json()["metadata"] == {}


def test_every_wrong_field_is_reported(api: APIClient) -> None:
    assert_error(create(api, {"email": "x", "metadata": 5}), 422, "email", "metadata")


def test_a_refused_value_is_not_repeated(api: APIClient) -> None:
    response = create(api, {"email": "planted", "metadata": {"planted": ["planted"]}})

    assert_error(response, 422, "email", "metadata")
    assert b"planted" not in response.content
