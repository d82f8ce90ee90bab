"""`revise`: the given fields and no others."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from customers.models import Customer, Organization
from customers.models.errors import ExternalIdTaken, VersionMismatch
from tests import factories


def test_only_the_given_fields_are_written(acme: Organization) -> None:
    customer = factories.customer(acme, name="Acme", city="Berlin", metadata={"a": "b"})

    customer.revise({"city": "Paris"})

    stored = Customer.objects.get()
    assert (stored.name, stored.city, stored.metadata) == ("Acme", "Paris", {"a": "b"})
    assert stored.version == customer.version == 2
    assert stored.updated_at == customer.updated_at > stored.created_at


def test_a_stale_copy_does_not_bring_old_values_back(customer: Customer) -> None:
    stale = Customer.objects.get(pk=customer.pk)
    customer.revise({"name": "New"})

    stale.revise({"city": "Paris"})

    stored = Customer.objects.get()
    assert (stored.name, stored.city) == ("New", "Paris")
    assert (stale.name, stale.version) == ("New", 3)


def test_unsaved_attributes_are_not_written(customer: Customer) -> None:
    customer.name = "By the way"

    customer.revise({"city": "Paris"})

    assert Customer.objects.get().name == "Coleman-Blair"


@pytest.mark.parametrize("changes", [{}, {"name": "Coleman-Blair"}, {"city": ""}, {"city": None}])
def test_what_is_already_so_is_no_change(customer: Customer, changes: dict[str, object]) -> None:
    customer.revise(changes)

    stored = Customer.objects.get()
    assert (stored.version, stored.updated_at) == (1, customer.updated_at)


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_blank_text_clears_a_field(customer: Customer, blank: str | None) -> None:
    customer.revise({"name": blank, "external_id": blank, "city": "Kyiv"})

    stored = Customer.objects.get()
    assert (stored.name, stored.external_id) == (None, None)


def test_the_last_value_can_be_cleared(customer: Customer) -> None:
    customer.revise({"name": None, "external_id": None})

    assert not any(getattr(Customer.objects.get(), name) for name in Customer.WRITABLE)


def test_absent_metadata_is_empty(acme: Organization) -> None:
    customer = factories.customer(acme, name="Acme", metadata={"a": "b"})

    customer.revise({"metadata": None})

    assert Customer.objects.get().metadata == {}


def test_metadata_is_replaced_whole(acme: Organization) -> None:
    customer = factories.customer(acme, metadata={"a": "b"})

    customer.revise({"metadata": {"c": "d"}})

    assert Customer.objects.get().metadata == {"c": "d"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("country", "XX"),
        ("name", "4242 4242 4242 4242"),
        ("metadata", {"a": 1}),
        ("metadata", []),
        ("metadata", ""),
    ],
)
def test_what_breaks_a_rule_is_refused_by_its_field(
    acme: Organization, field: str, value: object
) -> None:
    customer = factories.customer(acme, metadata={"a": "b"})
    with pytest.raises(ValidationError) as caught:
        customer.revise({"city": "Paris", field: value})

    assert list(caught.value.message_dict) == [field]
    assert (Customer.objects.get().version, Customer.objects.get().city) == (1, None)


def test_a_field_that_does_not_change_is_not_checked(customer: Customer) -> None:
    Customer.objects.update(email="from older times")

    customer.revise({"email": "from older times", "city": "Paris"})

    assert Customer.objects.get().city == "Paris"


@pytest.mark.parametrize(
    "field", ["id", "mode", "version", "archived_at", "default_payment_method"]
)
def test_other_fields_are_a_programming_error(customer: Customer, field: str) -> None:
    with pytest.raises(TypeError, match=f"not writable: {field}"):
        customer.revise({field: None})


def test_an_external_id_of_another_live_customer_is_refused_and_names_it(
    acme: Organization, customer: Customer
) -> None:
    other = factories.customer(acme, external_id="ext-2")

    with transaction.atomic():
        with pytest.raises(ExternalIdTaken) as caught:
            other.revise({"external_id": "ext-1"})
        assert Customer.objects.get(pk=other.pk).external_id == "ext-2"

    assert caught.value.holder == customer.pk
    assert str(customer.pk) in str(caught.value)


def test_an_external_id_may_be_kept(customer: Customer) -> None:
    customer.revise({"external_id": "ext-1", "name": "New"})

    assert Customer.objects.get().external_id == "ext-1"


def test_an_archived_customers_external_id_may_be_taken(
    acme: Organization, customer: Customer
) -> None:
    customer.archive()

    other = factories.customer(acme, name="Other")
    other.revise({"external_id": "ext-1"})

    assert Customer.objects.live().get().external_id == "ext-1"


@pytest.mark.parametrize("expecting", [None, {1}, [1], {1, 2}])
def test_the_expected_version_is_revised(customer: Customer, expecting: set[int] | None) -> None:
    customer.revise({"name": "New"}, expecting=expecting)

    assert Customer.objects.get().name == "New"


@pytest.mark.parametrize("expecting", [set(), {2}, {0, 3}])
def test_another_version_is_refused(customer: Customer, expecting: set[int]) -> None:
    with pytest.raises(VersionMismatch):
        customer.revise({"name": "New"}, expecting=expecting)

    assert Customer.objects.get().name == "Coleman-Blair"


def test_the_version_is_the_stored_one_and_not_the_copys(customer: Customer) -> None:
    stale = Customer.objects.get(pk=customer.pk)
    customer.revise({"name": "New"})

    with pytest.raises(VersionMismatch):
        stale.revise({"name": "Lost update"}, expecting={1})

    assert Customer.objects.get().name == "New"


def test_an_expected_version_is_asked_for_even_where_nothing_changes(customer: Customer) -> None:
    with pytest.raises(VersionMismatch):
        customer.revise({}, expecting={2})
