"""`upsert`: the live customer with an external id is revised, or registered."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from customers.models import Customer, Organization
from customers.models.errors import VersionMismatch
from tests import factories


def test_an_unknown_external_id_registers_a_customer(acme: Organization) -> None:
    customer, is_new = Customer.objects.upsert(
        factories.tenant(acme, "test"), "ext-1", {"name": "Acme"}
    )

    stored = Customer.objects.get()
    assert is_new
    assert stored == customer
    assert (stored.organization_id, stored.mode) == (acme.pk, "test")
    assert (stored.external_id, stored.name, stored.version) == ("ext-1", "Acme", 1)


def test_a_known_external_id_revises_its_customer(acme: Organization, customer: Customer) -> None:
    found, is_new = Customer.objects.upsert(factories.tenant(acme), "ext-1", {"city": "Berlin"})

    stored = Customer.objects.get()
    assert not is_new
    assert found == stored == customer
    assert (stored.name, stored.city) == ("Coleman-Blair", "Berlin")
    assert found.version == stored.version == 2


def test_only_the_given_fields_are_written(acme: Organization) -> None:
    factories.customer(acme, external_id="ext-1", name="Acme", city="Berlin", metadata={"a": "b"})

    Customer.objects.upsert(factories.tenant(acme), "ext-1", {"city": None})

    stored = Customer.objects.get()
    assert (stored.name, stored.city, stored.metadata) == ("Acme", None, {"a": "b"})


def test_what_is_already_so_is_no_change(acme: Organization, customer: Customer) -> None:
    Customer.objects.upsert(factories.tenant(acme), "ext-1", {"name": "Coleman-Blair"})

    assert Customer.objects.get().version == 1


def test_an_archived_customers_external_id_registers_a_new_one(
    acme: Organization, customer: Customer
) -> None:
    customer.archive()

    new, is_new = Customer.objects.upsert(factories.tenant(acme), "ext-1", {"name": "New"})

    customer.refresh_from_db()
    assert is_new
    assert new.pk != customer.pk
    assert customer.name == "Coleman-Blair"


def test_an_external_id_belongs_to_its_organization_and_mode(
    acme: Organization, globex: Organization, customer: Customer
) -> None:
    for credential in (factories.tenant(acme, "test"), factories.tenant(globex)):
        assert Customer.objects.upsert(credential, "ext-1", {"name": "Theirs"})[1]

    customer.refresh_from_db()
    assert (customer.name, customer.version) == ("Coleman-Blair", 1)
    assert Customer.objects.count() == 3


def test_external_ids_are_distinguished_by_case(acme: Organization, customer: Customer) -> None:
    assert Customer.objects.upsert(factories.tenant(acme), "Ext-1", {})[1]


def test_an_expected_version_is_revised(acme: Organization, customer: Customer) -> None:
    found, _ = Customer.objects.upsert(
        factories.tenant(acme), "ext-1", {"name": "New"}, expecting={1, 7}
    )

    assert (found.name, found.version) == ("New", 2)


def test_another_version_is_refused(acme: Organization, customer: Customer) -> None:
    with pytest.raises(VersionMismatch):
        Customer.objects.upsert(factories.tenant(acme), "ext-1", {"name": "New"}, expecting={2})

    assert Customer.objects.get().name == "Coleman-Blair"


@pytest.mark.parametrize("expecting", [{1}, set()])
def test_a_customer_that_is_expected_but_not_there_is_refused(
    acme: Organization, expecting: set[int]
) -> None:
    with pytest.raises(VersionMismatch):
        Customer.objects.upsert(factories.tenant(acme), "ext-1", {}, expecting=expecting)

    assert not Customer.objects.exists()


@pytest.mark.parametrize("known", [True, False])
def test_what_breaks_a_rule_is_refused_by_its_field(acme: Organization, known: bool) -> None:  # noqa: FBT001
    if known:
        factories.customer(acme, external_id="ext-1")

    with pytest.raises(ValidationError) as caught:
        Customer.objects.upsert(factories.tenant(acme), "ext-1", {"country": "XX"})

    assert list(caught.value.message_dict) == ["country"]
    assert Customer.objects.count() == known


def test_other_fields_are_a_programming_error(acme: Organization, customer: Customer) -> None:
    with pytest.raises(TypeError, match="archived_at"):
        Customer.objects.upsert(factories.tenant(acme), "ext-1", {"archived_at": None})
