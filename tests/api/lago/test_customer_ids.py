"""POST /api/v1/customers: what an id is, under which name it comes, and whose it is."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.lago.support import assert_invalid, at, only, post, shown, upsert

# --- The two names of the id ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "ids",
    [
        {"customer_id": "x"},
        {"external_id": "x"},
        {"customer_id": "x", "external_id": "x"},
        {"customer_id": "x", "external_id": None},
        {"customer_id": None, "external_id": "x"},
    ],
)
def test_either_name_of_the_id_will_do(api: APIClient, ids: dict[str, Any]) -> None:
    created = shown(post(api, {**ids, "name": "One"}))
    again = shown(post(api, {"customer_id": "x"}))
    and_again = shown(post(api, {"external_id": "x"}))

    assert created["customer_id"] == created["external_id"] == "x"
    assert created == again == and_again
    assert only().external_id == "x"


@pytest.mark.parametrize("second", ["y", "X", "x ", "ẋ"])
def test_two_different_ids_are_refused(api: APIClient, second: str) -> None:
    upsert(api, "x", name="Before")

    response = post(api, {"customer_id": "x", "external_id": second, "name": "After"})

    assert_invalid(response, customer_id=["value_is_invalid"])
    assert only().name == "Before"


@pytest.mark.parametrize(
    "ids",
    [
        {},
        {"customer_id": None},
        {"external_id": None},
        {"customer_id": ""},
        {"external_id": " \t\n"},
        {"customer_id": None, "external_id": None},
        {"customer_id": "", "external_id": ""},
    ],
)
def test_one_of_the_two_is_mandatory(api: APIClient, ids: dict[str, Any]) -> None:
    response = post(api, {"name": "Nobody", **ids})

    assert_invalid(response, customer_id=["value_is_mandatory"])
    assert not Customer.objects.exists()


@pytest.mark.parametrize("name", ["customer_id", "external_id"])
@pytest.mark.parametrize("id", [5, 0, False, True, 1.5, [], ["x"], {}, {"a": "b"}])
def test_an_id_that_is_no_text_is_refused(api: APIClient, name: str, id: Any) -> None:
    """It is reported as `customer_id`, the field's documented name, whichever was used."""
    assert_invalid(post(api, {name: id}), customer_id=["value_is_invalid"])
    assert not Customer.objects.exists()


@pytest.mark.parametrize("name", ["customer_id", "external_id"])
def test_an_id_has_at_most_255_characters(api: APIClient, name: str) -> None:
    assert shown(post(api, {name: "ä" * 255}))[name] == "ä" * 255
    assert_invalid(post(api, {name: "ä" * 256}), customer_id=["value_is_too_long"])


def test_what_is_wrong_under_either_name_is_reported(api: APIClient) -> None:
    response = post(api, {"customer_id": "x" * 256, "external_id": 5})

    assert response.status_code == 422
    codes = response.json()["error_details"]
    assert codes.keys() == {"customer_id"}
    assert set(codes["customer_id"]) == {"value_is_too_long", "value_is_invalid"}


def test_ids_are_kept_to_the_character(api: APIClient) -> None:
    ids = ["x", "X", " x", "x ", "\u00e9", "e\u0301", "4111111111111111"]
    for id in ids:
        assert upsert(api, id)["customer_id"] == id

    assert set(Customer.objects.values_list("external_id", flat=True)) == set(ids)
    assert Customer.objects.count() == len(ids)


# --- Whose id it is ------------------------------------------------------------------------------


def test_an_id_is_of_one_organization_and_mode(
    api: APIClient, acme: Organization, globex: Organization
) -> None:
    clients = [api, factories.client(acme, "test"), factories.client(globex)]
    created = [upsert(client, "x", name=str(n)) for n, client in enumerate(clients)]
    again = [upsert(client, "x") for client in clients]

    assert len({customer["lago_id"] for customer in created}) == 3
    assert again == created
    assert [customer["name"] for customer in again] == ["0", "1", "2"]


def test_an_archived_customers_id_is_free(api: APIClient, customer: Customer) -> None:
    customer.archive()

    created = upsert(api, "ext-1", city="Ulm")

    assert created["lago_id"] != str(customer.pk)
    assert (created["name"], created["city"]) == (None, "Ulm")
    customer.refresh_from_db()
    assert (customer.name, customer.city) == ("Coleman-Blair", None)
    assert Customer.objects.live().count() == 1


def test_a_customer_without_an_id_of_its_own_is_known_by_its_uuid(
    api: APIClient, acme: Organization
) -> None:
    customer = factories.customer(acme, name="Made elsewhere", email="a@example.org")

    for name in ("customer_id", "external_id"):
        updated = shown(post(api, {name: str(customer.pk), "name": f"By {name}"}))
        assert updated["lago_id"] == updated["customer_id"] == str(customer.pk)
        assert (updated["name"], updated["email"]) == (f"By {name}", "a@example.org")

    assert only().external_id is None  # no one gave it one


def test_the_uuid_of_a_customer_that_has_an_id_is_the_id_of_another(
    api: APIClient, customer: Customer
) -> None:
    created = upsert(api, str(customer.pk), name="Another")

    assert created["lago_id"] != str(customer.pk)
    assert upsert(api, str(customer.pk)) == created
    assert upsert(api, "ext-1")["lago_id"] == str(customer.pk)


@pytest.mark.parametrize("whose", ["another organization", "the other mode", "archived"])
def test_the_uuid_of_a_customer_out_of_sight_is_an_id_like_any(
    api: APIClient, acme: Organization, globex: Organization, whose: str
) -> None:
    organization = globex if whose == "another organization" else acme
    mode = "test" if whose == "the other mode" else "live"
    other = factories.customer(organization, mode, name="Theirs")
    if whose == "archived":
        other.archive()

    created = upsert(api, str(other.pk), name="Mine")

    assert created["lago_id"] != str(other.pk)
    assert created["customer_id"] == str(other.pk)
    other.refresh_from_db()
    assert other.name == "Theirs"


@pytest.mark.parametrize("form", ["{0}", "urn:uuid:{0}"])
def test_another_spelling_of_a_uuid_is_another_id(
    api: APIClient, acme: Organization, form: str
) -> None:
    customer = factories.customer(acme, name="Made elsewhere")
    spelt = form.format(customer.pk).upper()

    assert upsert(api, spelt)["lago_id"] != str(customer.pk)
    assert upsert(api, customer.pk.hex)["lago_id"] != str(customer.pk)
    assert Customer.objects.count() == 3


def test_an_id_that_is_ones_own_comes_before_a_uuid(api: APIClient, acme: Organization) -> None:
    nameless = factories.customer(acme, name="Known by its UUID")
    named = factories.customer(acme, name="Has it for its id", external_id=str(nameless.pk))

    assert upsert(api, str(nameless.pk), city="Ulm")["lago_id"] == str(named.pk)
    assert shown(api.get(at(nameless.pk)))["lago_id"] == str(named.pk)
