"""GET /api/v1.0/customer/{id}."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.billabear.support import BASE, assert_error, client, create, page


@pytest.fixture
def path(customer: Customer) -> str:
    return f"{BASE}/{customer.pk}"


def test_it_is_the_item_of_the_list(api: APIClient, acme: Organization) -> None:
    customer = factories.customer(
        acme, reference="One", processor_reference="cust_1", email="a@example.org", country="DE"
    )

    response: Any = api.get(f"{BASE}/{customer.pk}")

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "id": str(customer.pk),
        "reference": "One",
        "external_reference": "cust_1",
        "email": "a@example.org",
        "country": "DE",
    }
    assert [response.json()] == page(api)["data"]


def test_it_is_what_creating_answered(api: APIClient) -> None:
    created = create(api, {"email": "a@example.org", "country": "DE"})
    customer = created.json()["customer"]

    response: Any = api.get(f"{BASE}/{customer['id']}")

    assert response.json() == customer
    assert response["ETag"] == created["ETag"]


def test_what_this_contract_does_not_know_of_is_null(api: APIClient, path: str) -> None:
    """A customer of a name and an external id only."""
    body: Any = api.get(path)

    assert [body.json()[name] for name in ("reference", "external_reference", "email")] == [
        None
    ] * 3
    assert body.json()["country"] is None


def test_head_is_get_without_the_body(api: APIClient, path: str) -> None:
    response: Any = api.head(path)

    assert response.status_code == 200
    assert response.content == b""
    assert response["ETag"] == '"1"'


def test_the_tag_is_the_version(api: APIClient, customer: Customer, path: str) -> None:
    tags = [api.get(path)["ETag"]]
    customer.revise({"name": "New"})
    tags.append(api.get(path)["ETag"])

    assert tags == ['"1"', '"2"']


@pytest.mark.parametrize("header", ['"1"', 'W/"1"', '"9", "1"', "*"])
def test_what_the_caller_has_is_304_without_a_body(api: APIClient, path: str, header: str) -> None:
    response: Any = api.get(path, HTTP_IF_NONE_MATCH=header)

    assert response.status_code == 304
    assert response.content == b""
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
    assert_error(api.get(path), 404)
    assert_error(api.get(path, HTTP_IF_NONE_MATCH="*"), 404)

    customer.restore()
    assert api.get(path).status_code == 200


def test_a_customer_of_others_is_404(acme: Organization, globex: Organization, path: str) -> None:
    for stranger in (client(acme, "test"), client(globex), client(globex, "test")):
        assert_error(stranger.get(path), 404)
        assert_error(stranger.get(path, HTTP_IF_NONE_MATCH='"1"'), 404)


@pytest.mark.parametrize(
    "id",
    [
        "019470a0-0000-7000-8000-000000000000",
        "00000000-0000-0000-0000-000000000000",
        "unknown",
        "ext-1",
        "1",
        "%00",
        "%F0%28",
        "..",
        "cus_01h2xcejqtf2nbrexx3vqjhp41",
    ],
)
def test_an_unknown_id_is_404(api: APIClient, customer: Customer, id: str) -> None:
    assert_error(api.get(f"{BASE}/{id}"), 404)


@pytest.mark.parametrize("form", ["{0.hex}", "{{{0}}}", "urn:uuid:{0}", "{0}x", "%20{0}"])
def test_another_spelling_of_an_id_is_404(api: APIClient, customer: Customer, form: str) -> None:
    assert_error(api.get(f"{BASE}/{form.format(customer.pk)}"), 404)


def test_a_query_parameter_is_400(api: APIClient, path: str) -> None:
    assert_error(api.get(f"{path}?per_page=1"), 400)
