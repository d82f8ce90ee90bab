"""POST /customers/{id}/restore"""

from __future__ import annotations

from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.alternative_payments.support import assert_error
from tests.api.harness import send
from tests.stored import stored


def test_answers_200_with_the_customer_which_is_back_in_the_list(
    api: APIClient, customer: Customer
) -> None:
    before = api.get(f"/customers/{customer.pk}").json()
    customer.archive()

    response = api.post(f"/customers/{customer.pk}/restore")

    assert response.status_code == 200
    assert response.json() == before
    assert response["ETag"] == '"3"'
    assert api.get("/customers").json()["data"] == [before]


def test_restoring_twice_is_once(api: APIClient, customer: Customer) -> None:
    customer.archive()
    first = api.post(f"/customers/{customer.pk}/restore")
    after_first = stored()

    second = api.post(f"/customers/{customer.pk}/restore")

    assert second.status_code == 200
    assert second.content == first.content
    assert second["ETag"] == first["ETag"]
    assert stored() == after_first


def test_a_customer_that_was_never_archived_stays_as_it_is(
    api: APIClient, customer: Customer
) -> None:
    before = stored()

    response = api.post(f"/customers/{customer.pk}/restore")

    assert response.status_code == 200
    assert response["ETag"] == '"1"'
    assert stored() == before


def test_an_external_id_taken_meanwhile_is_409_that_names_the_other(
    api: APIClient, acme: Organization, customer: Customer
) -> None:
    customer.archive()
    other = factories.customer(acme, name="Other", external_id="ext-1")
    before = stored()

    answer = assert_error(api.post(f"/customers/{customer.pk}/restore"), 409)

    assert str(other.pk) in answer["message"]
    assert set(answer["validation_errors"]) == {"external_id"}
    assert stored() == before


def test_it_can_be_restored_once_the_other_is_archived(
    api: APIClient, acme: Organization, customer: Customer
) -> None:
    customer.archive()
    other = factories.customer(acme, name="Other", external_id="ext-1")
    refused = api.post(f"/customers/{customer.pk}/restore")
    other.archive()

    assert refused.status_code == 409
    assert api.post(f"/customers/{customer.pk}/restore").status_code == 200


def test_the_same_external_id_elsewhere_is_no_obstacle(
    api: APIClient, acme: Organization, globex: Organization, customer: Customer
) -> None:
    customer.archive()
    factories.customer(globex, external_id="ext-1")
    factories.customer(acme, "test", external_id="ext-1")

    assert api.post(f"/customers/{customer.pk}/restore").status_code == 200


def test_a_body_is_not_read(api: APIClient, customer: Customer) -> None:
    path = f"/customers/{customer.pk}/restore"

    assert send(api, "POST", path, b"{not json", "text/plain").status_code == 200


def test_an_unknown_customer_is_404(api: APIClient) -> None:
    assert_error(api.post("/customers/019470a0-0000-7000-8000-000000000000/restore"), 404)
