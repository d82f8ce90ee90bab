"""POST /registry/v1/customers"""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer
from tests.api.fields import VALUES
from tests.api.registry.support import CUSTOMERS, assert_error, get, post
from tests.stored import stored


def test_every_field_of_the_store_is_written_and_returned_by_its_name(api: APIClient) -> None:
    answer = post(api, CUSTOMERS, VALUES)

    shown = answer.json()
    stored_fields = {field.attname for field in Customer._meta.concrete_fields}
    assert answer.status_code == 201
    # `sequential_id` is the number of Lago's documents, and not of the history.
    assert shown.keys() == stored_fields - {"organization_id", "search_text", "sequential_id"}
    assert {name: shown[name] for name in VALUES} == VALUES
    assert (shown["version"], shown["mode"], shown["archived_at"]) == (1, "live", None)
    assert answer["ETag"] == '"1"'
    assert get(api, answer["Location"]).json() == shown


def test_a_customer_of_nothing_is_refused(api: APIClient) -> None:
    bodies: list[dict[str, Any]] = [{}, {"name": " "}, {"metadata": {}}, {"unknown": "x"}]
    for body in bodies:
        problem = assert_error(post(api, CUSTOMERS, body), 422, body="empty")
        assert problem["errors"][0]["pointer"] == "#"
    assert not Customer.objects.exists()


def test_an_external_id_that_is_taken_is_409(api: APIClient, customer: Customer) -> None:
    before = stored()

    problem = assert_error(post(api, CUSTOMERS, {"external_id": "ext-1"}), 409, external_id="taken")

    assert problem["detail"] == "Another customer has this external id."
    assert stored() == before


def test_that_of_an_archived_customer_is_free(api: APIClient, customer: Customer) -> None:
    customer.archive()

    assert post(api, CUSTOMERS, {"external_id": "ext-1"}).status_code == 201


@pytest.mark.parametrize("country", ["de", "DEU", "Germany"])
def test_a_country_has_one_form(api: APIClient, country: str) -> None:
    assert_error(post(api, CUSTOMERS, {"country": country}), 422, country="country")


def test_several_faults_are_reported_at_once_each_with_a_pointer(api: APIClient) -> None:
    body = {"email": "nobody", "ein": "1", "url": 5, "metadata": {"plan": 1}}

    problem = assert_error(
        post(api, CUSTOMERS, body), 422, email="invalid", ein="ein", url="type", metadata="metadata"
    )

    assert {fault["pointer"] for fault in problem["errors"]} == {f"#/{name}" for name in body}
