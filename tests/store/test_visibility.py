"""Who sees which rows: one gate for credentials, one for staff."""

from __future__ import annotations

from typing import Any

import pytest

from customers.models import ApiKey, Customer, CustomerUser, Organization, PaymentMethod
from customers.models.querysets import visible_to_staff
from customers.staff.models import StaffUser
from tests import factories


def rows_of(organization: Organization, mode: str) -> dict[type[Any], Any]:
    """One row of everything, by its model."""
    customer = factories.customer(organization, mode, name="One")
    key, _ = ApiKey.issue(organization, mode)
    return {
        Customer: customer,
        CustomerUser: factories.user(customer),
        PaymentMethod: factories.payment_method(customer),
        ApiKey: key,
    }


MODELS = [Customer, CustomerUser, PaymentMethod, ApiKey]


@pytest.mark.parametrize("model", MODELS)
def test_a_credential_opens_its_organizations_rows_in_its_mode_only(
    model: Any, acme: Organization, globex: Organization
) -> None:
    mine = rows_of(acme, "live")
    rows_of(acme, "test")
    rows_of(globex, "live")
    rows_of(globex, "test")

    found = model.objects.visible_to(factories.tenant(acme, "live"))

    assert list(found) == [mine[model]]


def test_a_credential_sees_archived_customers_too(acme: Organization) -> None:
    customer = factories.customer(acme, name="Gone")
    customer.archive()

    assert list(Customer.objects.visible_to(factories.tenant(acme))) == [customer]


def test_live_and_archived_are_two_halves(acme: Organization) -> None:
    here, gone = factories.customer(acme, name="Here"), factories.customer(acme, name="Gone")
    gone.archive()

    assert list(Customer.objects.live()) == [here]
    assert list(Customer.objects.archived()) == [gone]


def test_scopes_do_not_widen_or_narrow_what_is_visible(acme: Organization) -> None:
    customer = factories.customer(acme, name="One")

    assert list(Customer.objects.visible_to(factories.credential(acme, scopes=[]).tenant)) == [
        customer
    ]


@pytest.mark.parametrize("model", MODELS)
def test_staff_see_the_organizations_they_belong_to_in_both_modes(
    model: Any, acme: Organization, globex: Organization
) -> None:
    live, test = rows_of(acme, "live"), rows_of(acme, "test")
    rows_of(globex, "live")
    ada = StaffUser.objects.create_user("ada")
    acme.staff.add(ada)

    assert set(visible_to_staff(model.objects.all(), ada)) == {live[model], test[model]}


def test_staff_of_several_organizations_see_every_row_once(
    acme: Organization, globex: Organization
) -> None:
    rows = [factories.customer(acme, name="A"), factories.customer(globex, name="G")]
    ada, bob = StaffUser.objects.create_user("ada"), StaffUser.objects.create_user("bob")
    acme.staff.add(ada, bob)
    globex.staff.add(ada, bob)

    assert sorted(visible_to_staff(Customer.objects.all(), ada), key=lambda row: row.pk) == rows
    assert set(Organization.objects.visible_to_staff(ada)) == {acme, globex}
    assert Organization.objects.visible_to_staff(ada).count() == 2


def test_staff_of_no_organization_see_nothing(acme: Organization) -> None:
    factories.customer(acme, name="A")
    ada = StaffUser.objects.create_user("ada", is_staff=True)

    assert not visible_to_staff(Customer.objects.all(), ada).exists()
    assert not Organization.objects.visible_to_staff(ada).exists()


def test_a_superuser_sees_all(acme: Organization, globex: Organization) -> None:
    rows = {factories.customer(acme, name="A"), factories.customer(globex, "test", name="G")}
    root = StaffUser.objects.create_superuser("root")

    assert set(visible_to_staff(Customer.objects.all(), root)) == rows
    assert set(Organization.objects.visible_to_staff(root)) == {acme, globex}


def test_staff_see_only_their_own_organizations(acme: Organization, globex: Organization) -> None:
    ada = StaffUser.objects.create_user("ada")
    globex.staff.add(ada)

    assert list(Organization.objects.visible_to_staff(ada)) == [globex]
