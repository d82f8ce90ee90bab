"""`add_user`: a person who acts for a customer."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from customers.models import Customer, CustomerUser, Organization
from customers.models.errors import UserEmailTaken, VersionMismatch
from tests import factories

CARD = "4242 4242 4242 4242"


def test_a_user_belongs_to_the_customers_organization_and_mode(acme: Organization) -> None:
    customer = factories.customer(acme, "test", name="Acme")

    user = customer.add_user(email="ada@example.org", first_name="Ada", last_name="Lovelace")

    stored = CustomerUser.objects.get()
    assert stored == user
    assert (stored.organization_id, stored.mode, stored.customer_id) == (
        acme.pk,
        "test",
        customer.pk,
    )
    assert (stored.email, stored.first_name, stored.last_name) == (
        "ada@example.org",
        "Ada",
        "Lovelace",
    )
    assert stored.version == 1


@pytest.mark.parametrize("email", ["ada@example.org", "ADA@example.org", "Ada@Example.Org"])
def test_an_email_that_a_user_of_the_customer_has_is_refused(
    customer: Customer, email: str
) -> None:
    customer.add_user(email="ada@example.org")

    with transaction.atomic(), pytest.raises(UserEmailTaken):
        customer.add_user(email=email)

    assert CustomerUser.objects.count() == 1


def test_one_person_may_act_for_several_customers(acme: Organization, customer: Customer) -> None:
    other = factories.customer(acme, name="Other")

    customer.add_user(email="ada@example.org")
    other.add_user(email="ada@example.org")

    assert CustomerUser.objects.count() == 2


def test_users_without_an_email_may_be_many(customer: Customer) -> None:
    customer.add_user(first_name="Ada")
    customer.add_user(first_name="Bob", email="")

    assert list(CustomerUser.objects.values_list("email", flat=True)) == [None, None]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "4242424242424242@example.org"}, "email"),
        ({"first_name": CARD}, "first_name"),
        ({"last_name": CARD}, "last_name"),
        ({"first_name": "\0"}, "first_name"),
        ({"last_name": "n" * 256}, "last_name"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_its_field(
    customer: Customer, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        customer.add_user(**values)

    assert list(caught.value.message_dict) == [field]
    assert "4242" not in str(caught.value)
    assert not CustomerUser.objects.exists()


def test_a_blank_name_is_absent(customer: Customer) -> None:
    customer.add_user(email="ada@example.org", first_name="", last_name=" ")

    user = CustomerUser.objects.get()
    assert (user.first_name, user.last_name) == (None, None)


def test_the_customer_is_not_changed(customer: Customer) -> None:
    customer.add_user(email="ada@example.org")

    assert Customer.objects.get().version == 1


def test_the_expected_version_gets_the_user(customer: Customer) -> None:
    customer.add_user(email="ada@example.org", expecting={1})

    assert CustomerUser.objects.count() == 1


def test_another_version_is_refused(customer: Customer) -> None:
    with pytest.raises(VersionMismatch):
        customer.add_user(email="ada@example.org", expecting={2})

    assert not CustomerUser.objects.exists()


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"first_name": "Ada", "last_name": "Lovelace"}, "Ada Lovelace"),
        ({"last_name": "Lovelace", "email": "ada@example.org"}, "Lovelace"),
        ({"email": "ada@example.org"}, "ada@example.org"),
    ],
)
def test_a_user_is_shown_by_name_or_email(
    customer: Customer, values: dict[str, Any], shown: str
) -> None:
    assert str(customer.add_user(**values)) == shown
