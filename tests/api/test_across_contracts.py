"""One record, five shapes: what is written through one contract is read through the others."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from customers.rest.contract import contracts
from tests import factories
from tests.api.contract_table import ALTERNATIVE_PAYMENTS as AP
from tests.api.contract_table import BILLABEAR, LAGO, TABLE, VATLY
from tests.api.fields import (
    ABSENT,
    VALUES,
    create,
    expected,
    id_in,
    listed,
    read,
    read_fields,
    writable_in,
)
from tests.api.harness import Harness, key_client, send_json
from tests.api.registry_harness import REGISTRY

PAIRS = [(field, harness) for harness in TABLE for field in writable_in(harness)]
each_contract = pytest.mark.parametrize("harness", TABLE, ids=str)

WITHOUT_FRACTION = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_the_table_is_of_every_field_and_every_contract() -> None:
    assert VALUES.keys() == Customer.WRITABLE
    assert {field for harness in TABLE for field in harness.names} == Customer.WRITABLE
    assert {contract.slug: contract.expresses for contract in contracts()} == {
        harness.slug: harness.names.keys() for harness in TABLE
    }


@pytest.mark.parametrize(("field", "harness"), PAIRS, ids=str)
def test_a_field_written_through_one_is_read_through_all(
    caller: APIClient, field: str, harness: Harness
) -> None:
    """And the fields that were not written are absent."""
    values = {**harness.required, field: VALUES[field]}
    if harness is BILLABEAR:
        values["country"] = VALUES["country"]

    customer = create(caller, harness, values)

    for reader in TABLE:
        assert read_fields(caller, reader, customer) == expected(reader, values, customer)


@each_contract
def test_all_its_fields_written_at_once_are_read_through_all(
    caller: APIClient, harness: Harness
) -> None:
    values = {field: VALUES[field] for field in writable_in(harness)}

    customer = create(caller, harness, values)

    for reader in TABLE:
        assert read_fields(caller, reader, customer) == expected(reader, values, customer)
        (shown,) = listed(caller, reader)
        # BillaBear's list has no address.
        names = {field: name for field, name in reader.names.items() if "." not in name}
        found = {field: reader.form(field).read(shown[name]) for field, name in names.items()}
        everything = expected(reader, values, customer)
        assert found == {field: everything[field] for field in names}


@pytest.mark.parametrize(
    ("harness", "form"),
    [(harness, form) for harness in TABLE for form in harness.countries],
    ids=str,
)
def test_a_country_in_each_form_is_one_country(
    caller: APIClient, harness: Harness, form: str
) -> None:
    customer = create(caller, harness, {**harness.required, "country": form})

    assert customer.country == "DE"
    assert read(caller, AP, customer)["country"] == "DEU"
    assert read(caller, BILLABEAR, customer)["country"] == "DE"
    assert read(caller, LAGO, customer)["country"] == "DE"


@each_contract
def test_the_ids_are_spellings_of_one(caller: APIClient, harness: Harness) -> None:
    values = {**harness.required, "email": "ada@example.org"}
    customer = create(caller, harness, values)

    for reader in TABLE:
        assert id_in(reader, read(caller, reader, customer)) == str(customer.pk)
    assert re.fullmatch("cus_[0-9a-hjkmnp-tv-z]{26}", read(caller, VATLY, customer)["id"])


def test_times_of_creation(caller: APIClient, acme: Organization) -> None:
    created_at = datetime(2024, 1, 15, 10, 30, 0, 987654, tzinfo=UTC)
    customer = factories.customer(acme, created_at=created_at)

    in_lago = read(caller, LAGO, customer)
    assert read(caller, AP, customer)["created_at"] == "2024-01-15T10:30:00.987654Z"
    assert in_lago["created_at"] == "2024-01-15T10:30:00Z"
    assert WITHOUT_FRACTION.fullmatch(in_lago["updated_at"])
    assert read(caller, VATLY, customer)["createdAt"] == "2024-01-15T10:30:00Z"
    assert "created_at" not in read(caller, BILLABEAR, customer)


@each_contract
def test_without_an_external_id_lago_knows_a_customer_by_the_uuid(
    caller: APIClient, acme: Organization, harness: Harness
) -> None:
    customer = (
        factories.customer(acme)
        if harness is LAGO
        else create(caller, harness, {**harness.required, "email": "ada@example.org"})
    )

    shown = read(caller, LAGO, customer)
    assert shown["customer_id"] == shown["external_id"] == str(customer.pk)
    assert read(caller, AP, customer)["external_id"] is None


def test_an_upsert_by_the_uuid_is_of_that_customer(caller: APIClient) -> None:
    customer = create(caller, VATLY, {"email": "ada@example.org"})

    body = {"customer": {"customer_id": str(customer.pk), "name": "Ada"}}
    answer = send_json(caller, "POST", "/api/v1/customers", body)

    assert answer.json()["customer"]["lago_id"] == str(customer.pk)
    assert Customer.objects.count() == 1
    assert read(caller, AP, customer)["name"] == "Ada"
    assert read(caller, AP, customer)["external_id"] is None
    assert read(caller, VATLY, customer)["email"] == "ada@example.org"


# --- A change through one contract ---------------------------------------------------------------


def values_of(customer: Customer) -> dict[str, Any]:
    customer.refresh_from_db()
    return {field: getattr(customer, field) for field in Customer.WRITABLE}


NEW: dict[str, Any] = {
    "external_id": "ext-2",
    "email": "new@example.org",
    "ein": "98-7654321",
    "country": "US",
    "url": "https://new.example.org",
    "logo_url": "https://new.example.org/logo",
    "metadata": {"new": "metadata"},
}


#: An id that names the customer, one that is not written, and metadata that is merged.
UNLIKE = {(AP, "external_id"), (AP, "email"), (LAGO, "external_id"), (REGISTRY, "metadata")}


@pytest.mark.parametrize("value", ["new", "null"])
@pytest.mark.parametrize(
    ("harness", "field"),
    [
        (harness, field)
        for harness in (AP, LAGO, REGISTRY)
        for field in writable_in(harness)
        if (harness, field) not in UNLIKE
    ],
    ids=str,
)
def test_updating_one_field_changes_that_field_only(
    caller: APIClient, acme: Organization, harness: Harness, field: str, value: str
) -> None:
    customer = factories.customer(acme, **VALUES)
    before = values_of(customer)
    new = NEW.get(field, f"new {field}") if value == "new" else ABSENT.get(field)
    body: dict[str, Any] = {harness.names[field]: harness.form(field).written(new)}

    if harness is LAGO:
        known = {"customer_id": VALUES["external_id"], **body}
        answer = send_json(caller, "POST", "/api/v1/customers", {"customer": known})
    else:
        answer = send_json(caller, "PATCH", harness.path_of(customer), body)

    assert answer.status_code == 200, answer.content
    assert Customer.objects.count() == 1
    assert values_of(customer) == {**before, field: new}


def test_alternative_payments_patch_leaves_email_and_external_id(
    caller: APIClient, acme: Organization
) -> None:
    """Neither is in its body."""
    customer = factories.customer(acme, **VALUES)
    before = values_of(customer)

    body = {"email": "new@example.org", "external_id": "ext-2", "name": "New"}
    answer = send_json(caller, "PATCH", f"/customers/{customer.pk}", body)

    assert answer.status_code == 200
    assert values_of(customer) == {**before, "name": "New"}


# --- Archived customers --------------------------------------------------------------------------


@pytest.mark.parametrize("harness", [AP, LAGO, REGISTRY], ids=str)
def test_archived_through_one_it_is_hidden_in_all(
    caller: APIClient, acme: Organization, harness: Harness
) -> None:
    customer = factories.customer(acme, email="ada@example.org", external_id="ext-1")
    other = factories.customer(acme, email="other@example.org")

    answer = harness.archive.send(caller, customer)

    assert answer.status_code == 200
    for reader in TABLE:
        assert [id_in(reader, shown) for shown in listed(caller, reader)] == [str(other.pk)]
    for reader in TABLE:
        if reader.shows_archived:
            assert read(caller, reader, customer)["email"] == "ada@example.org"
        else:
            reader.assert_error(caller.get(reader.path_of(customer)), 404)


def test_restored_it_is_back_in_all(caller: APIClient, acme: Organization) -> None:
    customer = factories.customer(acme, email="ada@example.org", external_id="ext-1")
    caller.delete(LAGO.path_of(customer))

    caller.post(f"/customers/{customer.pk}/restore")

    for reader in TABLE:
        assert id_in(reader, read(caller, reader, customer)) == str(customer.pk)
        assert [id_in(reader, shown) for shown in listed(caller, reader)] == [str(customer.pk)]


def test_what_an_archived_customer_had_is_free_in_all(
    caller: APIClient, acme: Organization
) -> None:
    for archived in (AP, LAGO):
        customer = factories.customer(acme, email="ada@example.org", external_id="ext-1")
        caller.delete(archived.path_of(customer))

    made = create(caller, LAGO, {"external_id": "ext-1"})
    create(caller, BILLABEAR, {"email": "ADA@example.org", "country": "DE"})

    assert Customer.objects.live().filter(external_id="ext-1").get() == made
    body = {"email": "ada@example.org"}
    VATLY.assert_error(send_json(caller, "POST", "/v1/customers", body), 422)


# --- Lists ---------------------------------------------------------------------------------------


def test_the_lists_are_of_the_same_customers(acme: Organization, globex: Organization) -> None:
    """Each organization's, each mode's, whichever contract made them."""
    made = {}
    for organization in (acme, globex):
        for mode in ("live", "test"):
            caller = key_client(organization, mode)
            made[organization, mode] = {
                str(
                    create(
                        caller, harness, {**harness.required, "email": f"{harness}@example.org"}
                    ).pk
                )
                for harness in TABLE
            }

    for (organization, mode), ids in made.items():
        caller = key_client(organization, mode)
        assert len(ids) == len(TABLE)
        for harness in TABLE:
            found = [id_in(harness, shown) for shown in listed(caller, harness)]
            assert len(found) == len(ids)
            assert set(found) == ids
        assert {shown["testmode"] for shown in listed(caller, VATLY)} == {mode == "test"}
