"""GET /v1/customers/{id}."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from customers.values.cus_ids import encode
from tests import factories
from tests.api.vatly.support import BASE, NOT_FOUND, ORIGIN, assert_error, get, page


@pytest.fixture
def path(customer: Customer) -> str:
    return f"{BASE}/{encode(customer.pk)}"


def test_it_is_the_documented_resource(api: APIClient, acme: Organization) -> None:
    customer = factories.customer(
        acme,
        email="john@example.com",
        metadata={"plan": "pro"},
        created_at=datetime(2024, 1, 15, 10, 30, 0, 999_999, tzinfo=UTC),
    )
    id = encode(customer.pk)

    response: Any = api.get(f"{BASE}/{id}")

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert list(response.json().items()) == [
        ("id", id),
        ("resource", "customer"),
        ("testmode", False),
        ("email", "john@example.com"),
        ("createdAt", "2024-01-15T10:30:00Z"),
        ("metadata", {"plan": "pro"}),
        ("links", {"self": {"href": f"{ORIGIN}{BASE}/{id}", "type": "application/json"}}),
    ]
    assert page(api)["data"] == [response.json()]


def test_its_link_leads_to_itself(api: APIClient, path: str) -> None:
    body = get(api, path)

    assert get(api, body["links"]["self"]["href"]) == body


def test_a_customer_of_a_name_only_has_no_email_and_no_metadata(api: APIClient, path: str) -> None:
    body = get(api, path)

    assert (body["email"], body["metadata"]) == (None, {})
    assert "Coleman-Blair" not in str(body)


def test_a_test_customer_says_so(acme: Organization) -> None:
    customer = factories.customer(acme, "test")

    body = get(factories.client(acme, "test"), f"{BASE}/{encode(customer.pk)}")

    assert body["testmode"] is True


def test_head_is_get_without_the_body(api: APIClient, path: str) -> None:
    response: Any = api.head(path)

    assert (response.status_code, response.content) == (200, b"")
    assert response["ETag"] == '"1"'


def test_the_tag_is_the_version(api: APIClient, customer: Customer, path: str) -> None:
    tags = [api.get(path)["ETag"]]
    customer.revise({"name": "New"})
    tags.append(api.get(path)["ETag"])

    assert tags == ['"1"', '"2"']


@pytest.mark.parametrize("header", ['"1"', 'W/"1"', '"9", "1"', "*"])
def test_what_the_caller_has_is_304_without_a_body(api: APIClient, path: str, header: str) -> None:
    response: Any = api.get(path, HTTP_IF_NONE_MATCH=header)

    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == '"1"'


@pytest.mark.parametrize("header", ['"1"', '"3"', "2", "", '"*"'])
def test_what_the_caller_has_not_is_200(
    api: APIClient, customer: Customer, path: str, header: str
) -> None:
    customer.revise({"name": "New"})

    assert api.get(path, HTTP_IF_NONE_MATCH=header).status_code == 200


def test_an_archived_customer_is_404_until_it_is_restored(
    api: APIClient, customer: Customer, path: str
) -> None:
    customer.archive()
    assert assert_error(api.get(path), 404) == NOT_FOUND
    assert assert_error(api.get(path, HTTP_IF_NONE_MATCH="*"), 404) == NOT_FOUND

    customer.restore()
    assert api.get(path).status_code == 200


def test_a_customer_of_others_is_404(acme: Organization, globex: Organization, path: str) -> None:
    for stranger in (
        factories.client(acme, "test"),
        factories.client(globex),
        factories.client(globex, "test"),
    ):
        assert assert_error(stranger.get(path), 404) == NOT_FOUND
        assert assert_error(stranger.get(path, HTTP_IF_NONE_MATCH='"1"'), 404) == NOT_FOUND


@pytest.mark.parametrize(
    "id",
    [
        "cus_01h2xcejqtf2nbrexx3vqjhp41",
        "cus_00000000000000000000000000",
        "cus_7zzzzzzzzzzzzzzzzzzzzzzzzz",
        "cus_zzzzzzzzzzzzzzzzzzzzzzzzzz",
        "cus_abc123def456",
        "cus_",
        "unknown",
        "ext-1",
        "%00",
        "%F0%28",
        "..",
    ],
)
def test_an_unknown_id_is_404(api: APIClient, customer: Customer, id: str) -> None:
    assert assert_error(api.get(f"{BASE}/{id}"), 404) == NOT_FOUND


def test_another_spelling_of_an_id_is_404(api: APIClient, customer: Customer) -> None:
    id = encode(customer.pk)
    digits = id.removeprefix("cus_")

    for other in (
        *(str(customer.pk), customer.pk.hex, digits, id.upper(), f"cus_{digits.upper()}"),
        *(f"cus_{id}", f"cus_0{digits}", f"{id}%20", f"%20{id}", f"{id}0", id[:-1]),
    ):
        assert assert_error(api.get(f"{BASE}/{other}"), 404) == NOT_FOUND
    assert get(api, f"{BASE}/{id}")["id"] == id


def test_a_query_parameter_is_422(api: APIClient, path: str) -> None:
    assert_error(api.get(f"{path}?limit=1"), 422, "limit")
