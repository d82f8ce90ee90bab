"""Users and payment methods: added, changed, removed, and the one that is paid with."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from customers.models import Customer, PaymentMethod
from customers.models.errors import UserEmailTaken, VersionMismatch
from tests import factories


def test_the_first_payment_method_becomes_the_default(customer: Customer) -> None:
    first = customer.add_payment_method(type="card")
    second = customer.add_payment_method(type="card")

    assert customer.default_payment_method == first
    assert (first.is_default, second.is_default) == (True, False)


def test_another_is_the_default_when_it_is_made_so(customer: Customer) -> None:
    customer.add_payment_method(type="card")
    second = customer.add_payment_method(type="standard_ach", bank_name="Savings Bank")

    customer.set_default_payment_method(second)

    customer.refresh_from_db()
    assert customer.default_payment_method == second
    assert str(second) == "Savings Bank"


def test_removing_the_default_leaves_none(customer: Customer) -> None:
    method = customer.add_payment_method(type="card")

    method.remove()

    customer.refresh_from_db()
    assert customer.default_payment_method is None


def test_anothers_payment_method_cannot_be_the_default(customer: Customer) -> None:
    theirs = factories.payment_method(factories.customer(customer.organization))

    customer.set_default_payment_method(theirs)

    with pytest.raises(IntegrityError), connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    customer.set_default_payment_method(None)  # what is not so cannot be committed


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"type": "cash"}, "type"),
        ({"type": None}, "type"),
        ({"type": "card", "brand": "4242 4242 4242 4242"}, "brand"),
        ({"type": "card", "last4": "42424"}, "last4"),
        ({"type": "card", "bank_name": "a\0b"}, "bank_name"),
        ({"type": "card", "last4": "42"}, "last4"),
        ({"type": "card", "last4": "४२४२"}, "last4"),
        ({"type": "card", "exp_month": 13, "exp_year": 2030}, "exp_month"),
        ({"type": "card", "exp_month": 0, "exp_year": 2030}, "exp_month"),
        ({"type": "card", "exp_month": 1, "exp_year": 30}, "exp_year"),
        ({"type": "card", "exp_month": 1}, "exp_year"),
        ({"type": "card", "exp_year": 2030}, "exp_year"),
    ],
)
def test_a_value_against_a_fields_rule_is_refused(
    customer: Customer, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        customer.add_payment_method(**values)

    assert field in refused.value.message_dict
    assert not PaymentMethod.objects.exists()


def test_half_an_expiry_cannot_be_cleared(customer: Customer) -> None:
    method = customer.add_payment_method(type="card", exp_month=1, exp_year=2030)

    with pytest.raises(ValidationError) as refused:
        method.revise({"exp_month": None})

    assert list(refused.value.message_dict) == ["exp_month"]
    method.revise({"exp_month": None, "exp_year": None})
    assert (method.exp_month, method.exp_year) == (None, None)


def test_blank_text_is_absent(customer: Customer) -> None:
    method = customer.add_payment_method(type="card", brand="  ", processor="")
    user = factories.user(customer, first_name=" ")
    user.revise({"last_name": "  "})

    assert (method.brand, method.processor) == (None, None)
    assert (user.first_name, user.last_name, user.version) == (None, None, 1)


def test_a_version_that_is_not_the_rows_changes_and_removes_nothing(customer: Customer) -> None:
    for row in (factories.user(customer), factories.payment_method(customer)):
        with pytest.raises(VersionMismatch):
            row.remove(expecting=[2])
        with pytest.raises(VersionMismatch):
            row.revise({}, expecting=[2])
        row.remove(expecting=[1])
        assert not type(row)._default_manager.exists()


def test_a_users_email_cannot_become_anothers(customer: Customer) -> None:
    factories.user(customer, email="ada@example.org")
    bob = factories.user(customer, email="bob@example.org")

    with pytest.raises(UserEmailTaken):
        bob.revise({"email": "ADA@example.org"})


def test_a_user_of_another_customer_may_have_the_same_email(customer: Customer) -> None:
    other = factories.customer(customer.organization)

    assert factories.user(customer).email == factories.user(other).email


@pytest.mark.parametrize(
    ("today", "has_expired"),
    [
        (date(2028, 2, 28), False),
        (date(2028, 2, 29), False),
        (date(2028, 3, 1), True),
        (date(2027, 12, 31), False),
        (date(2029, 1, 1), True),
    ],
)
def test_a_card_is_valid_until_its_month_ends(
    customer: Customer, today: date, *, has_expired: bool
) -> None:
    method = factories.payment_method(customer, exp_month=2, exp_year=2028)

    assert method.has_expired(today) is has_expired
    found = Customer.objects.all().with_card_expired(today)
    assert list(found) == ([customer] if has_expired else [])


def test_what_has_no_expiry_never_expires(customer: Customer) -> None:
    method = factories.payment_method(
        customer, type="standard_ach", exp_month=None, exp_year=None, brand=None
    )

    assert not method.has_expired(date(2199, 1, 1))
    assert not Customer.objects.all().with_card_expired(date(2199, 1, 1)).exists()


def test_a_customer_with_two_expired_cards_is_found_once(customer: Customer) -> None:
    for _ in range(2):
        factories.payment_method(customer, exp_month=1, exp_year=2020)

    assert Customer.objects.all().with_card_expired(date(2026, 1, 1)).count() == 1
