"""PUT /registry/v1/customers/external/{external_id}"""

from __future__ import annotations

from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.registry.support import assert_error, get, put
from tests.stored import stored


def test_an_unknown_external_id_makes_a_customer(api: APIClient) -> None:
    answer = put(api, "K%2F1", {"name": "New", "metadata": {"a": "1"}})

    assert (answer.status_code, answer["ETag"]) == (201, '"1"')
    assert answer.json()["external_id"] == "K/1"
    assert get(api, answer["Location"]).json() == answer.json()


def test_a_known_one_is_changed_in_what_is_given(api: APIClient, acme: Organization) -> None:
    """Metadata as a whole: a merge by key is PATCH's."""
    customer = factories.customer(
        acme, external_id="K1", name="Old", city="Kiel", metadata={"a": "1"}
    )

    answer = put(api, "K1", {"name": "New", "metadata": {"b": "2"}})

    shown = answer.json()
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    assert "Location" not in answer
    assert shown["id"] == str(customer.pk)
    assert (shown["name"], shown["city"], shown["metadata"]) == ("New", "Kiel", {"b": "2"})


def test_the_external_id_of_an_archived_customer_makes_another(
    api: APIClient, customer: Customer
) -> None:
    customer.archive()

    answer = put(api, "ext-1", {"name": "New"})

    assert answer.status_code == 201
    assert answer.json()["id"] != str(customer.pk)


def test_a_uuid_makes_a_customer_of_that_external_id(api: APIClient, acme: Organization) -> None:
    """It stands for no customer, as it does in Lago."""
    other = factories.customer(acme, name="Other")

    answer = put(api, str(other.pk), {"name": "New"})

    assert answer.status_code == 201
    assert answer.json()["external_id"] == str(other.pk)
    assert put(api, str(other.pk), {"name": "Newer"}).json()["id"] == answer.json()["id"]


def test_the_body_may_repeat_the_external_id_but_name_no_other(api: APIClient) -> None:
    before = stored()
    assert_error(put(api, "K1", {"external_id": "K2"}), 422, external_id="differs")
    assert_error(put(api, "K1", {"external_id": None}), 422, external_id="differs")
    assert stored() == before

    assert put(api, "K1", {"external_id": "K1"}).status_code == 201


def test_an_external_id_that_cannot_be_seen_is_refused(api: APIClient) -> None:
    assert_error(put(api, "%20", {"name": "x"}), 422, external_id="blank")
    assert_error(put(api, "a%E2%80%8Bb", {"name": "x"}), 422, external_id="unseen")


def test_with_if_match_none_is_made(api: APIClient, customer: Customer) -> None:
    assert_error(put(api, "K1", {"name": "x"}, HTTP_IF_MATCH="*"), 412)
    assert put(api, "ext-1", {"name": "x"}, HTTP_IF_MATCH='"1"')["ETag"] == '"2"'
    assert_error(put(api, "ext-1", {"name": "y"}, HTTP_IF_MATCH='"1"'), 412)
    assert Customer.objects.count() == 1
