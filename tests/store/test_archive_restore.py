"""`archive` and `restore`."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from customers.models import Customer, Organization
from customers.models.errors import ExternalIdTaken, VersionMismatch
from tests import factories


def test_an_archived_customer_is_out_of_the_live_ones(customer: Customer) -> None:
    before = timezone.now()

    customer.archive()

    stored = Customer.objects.archived().get()
    assert stored.archived_at is not None
    assert before <= stored.archived_at <= timezone.now()
    assert not Customer.objects.live().exists()
    assert stored.version == customer.version == 2


def test_archiving_takes_no_other_field(customer: Customer) -> None:
    customer.archive()

    stored = Customer.objects.get()
    assert (stored.name, stored.external_id) == ("Coleman-Blair", "ext-1")


def test_archiving_twice_is_archiving_once(customer: Customer) -> None:
    customer.archive()
    first = Customer.objects.get()

    Customer.objects.get().archive()

    again = Customer.objects.get()
    assert (again.archived_at, again.version) == (first.archived_at, first.version)


def test_an_archived_customers_external_id_is_free(acme: Organization, customer: Customer) -> None:
    customer.archive()

    assert factories.customer(acme, external_id="ext-1").pk != customer.pk


def test_many_archived_customers_may_have_one_external_id(acme: Organization) -> None:
    for _ in range(3):
        factories.customer(acme, external_id="again").archive()

    assert Customer.objects.archived().filter(external_id="again").count() == 3


def test_a_restored_customer_is_live_as_it_was(customer: Customer) -> None:
    customer.archive()
    customer.restore()

    stored = Customer.objects.live().get()
    assert (stored.name, stored.external_id) == ("Coleman-Blair", "ext-1")
    assert stored.version == customer.version == 3


def test_restoring_twice_is_restoring_once(customer: Customer) -> None:
    customer.archive()
    customer.restore()

    customer.restore()

    assert Customer.objects.get().version == 3


def test_restoring_a_live_customer_is_no_change(customer: Customer) -> None:
    customer.restore()

    assert Customer.objects.get().version == 1


def test_a_customer_whose_external_id_was_taken_meanwhile_stays_archived(
    acme: Organization, customer: Customer
) -> None:
    customer.archive()
    heir = factories.customer(acme, external_id="ext-1")

    with transaction.atomic(), pytest.raises(ExternalIdTaken) as caught:
        customer.restore()

    assert caught.value.holder == heir.pk
    assert list(Customer.objects.live()) == [heir]
    assert Customer.objects.get(pk=customer.pk).version == 2


def test_it_is_restored_when_the_heir_is_gone(acme: Organization, customer: Customer) -> None:
    customer.archive()
    factories.customer(acme, external_id="ext-1").archive()

    customer.restore()

    assert list(Customer.objects.live()) == [customer]


def test_an_external_id_taken_in_the_other_mode_or_organization_is_no_hindrance(
    acme: Organization, globex: Organization, customer: Customer
) -> None:
    customer.archive()
    factories.customer(acme, "test", external_id="ext-1")
    factories.customer(globex, external_id="ext-1")

    customer.restore()

    assert Customer.objects.get(pk=customer.pk).archived_at is None


def test_an_archived_customer_may_be_revised(customer: Customer) -> None:
    customer.archive()

    customer.revise({"name": "New"})

    stored = Customer.objects.archived().get()
    assert stored.name == "New"


@pytest.mark.parametrize("verb", ["archive", "restore"])
def test_another_version_is_refused(customer: Customer, verb: str) -> None:
    if verb == "restore":
        customer.archive()
    before = Customer.objects.get()

    with pytest.raises(VersionMismatch):
        getattr(customer, verb)(expecting={before.version + 1})

    after = Customer.objects.get()
    assert (after.archived_at, after.version) == (before.archived_at, before.version)


def test_the_expected_version_is_archived_and_restored(customer: Customer) -> None:
    customer.archive(expecting={1})
    customer.restore(expecting={2})

    assert Customer.objects.get().version == 3
