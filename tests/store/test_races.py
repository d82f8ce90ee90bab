"""Claims of an email, expected versions and users, by writers at once, with controls."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest
from django.db import transaction

from customers.models import Customer, CustomerUser, Organization
from customers.models.credential import Tenant
from customers.models.errors import EmailTaken, UserEmailTaken, VersionMismatch
from customers.models.querysets import CustomerQuerySet
from tests import factories
from tests.threads import (
    TIMEOUT,
    held_up_by_open_transaction,
    race,
    raised,
    without_constraint,
)

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 16
ROUNDS = 3


@pytest.fixture
def acme(transactional_db: None) -> Organization:
    return factories.organization("acme")


@pytest.fixture
def tenant(acme: Organization) -> Tenant:
    return factories.tenant(acme)


def claim(tenant: Tenant, email: str) -> Customer:
    return Customer.objects.register(tenant, {"email": email}, email_must_be_free=True)


@pytest.fixture
def customer(acme: Organization) -> Customer:
    return factories.customer(acme, name="Acme")


def test_an_email_claimed_by_many_at_once_goes_to_exactly_one(tenant: Tenant) -> None:
    for number in range(ROUNDS):
        spellings = [f"ada{number}@example.org", f"ADA{number}@Example.org"]
        results = race(
            *(
                lambda spelling=spellings[writer % 2]: claim(tenant, spelling)
                for writer in range(WRITERS)
            )
        )

        assert Counter(map(type, results)) == {Customer: 1, EmailTaken: WRITERS - 1}
        assert Customer.objects.with_email(spellings[0]).count() == 1


def test_a_claim_waits_for_the_claim_before_it(tenant: Tenant) -> None:
    with held_up_by_open_transaction(
        lambda: claim(tenant, "ada@example.org"), lambda: claim(tenant, "ADA@example.org")
    ) as second:
        pass

    assert isinstance(second.exception(TIMEOUT), EmailTaken)


def test_a_claim_that_is_taken_back_leaves_the_email_free(tenant: Tenant) -> None:
    with held_up_by_open_transaction(
        lambda: claim(tenant, "ada@example.org"), lambda: claim(tenant, "ada@example.org")
    ) as second:
        transaction.set_rollback(True)

    assert Customer.objects.get() == second.result(TIMEOUT)


def test_claims_of_other_emails_modes_and_organizations_do_not_wait(
    acme: Organization, tenant: Tenant
) -> None:
    others = [
        (tenant, "bob@example.org"),
        (factories.tenant(acme, "test"), "ada@example.org"),
        (factories.tenant(factories.organization("globex")), "ada@example.org"),
    ]
    with transaction.atomic():
        claim(tenant, "ada@example.org")
        results = race(*(lambda other=other: claim(*other) for other in others))

    assert raised(results) == []


def test_control_without_the_lock_two_claims_both_succeed(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_only(self: CustomerQuerySet, tenant: Tenant, email: str, **_: object) -> None:
        if self.visible_to(tenant).live().with_email(email).exists():
            raise EmailTaken
        looked.wait()

    looked = threading.Barrier(2, timeout=TIMEOUT)
    monkeypatch.setattr(CustomerQuerySet, "claim_email", look_only)

    results = race(*[lambda: claim(tenant, "ada@example.org")] * 2)

    assert raised(results) == []
    assert Customer.objects.with_email("ada@example.org").count() == 2


def test_of_many_writers_who_expect_one_version_exactly_one_writes(customer: Customer) -> None:
    copies = [Customer.objects.get() for _ in range(WRITERS)]

    results = race(
        *(
            lambda copy=copy, name=f"name {number}": copy.revise({"name": name}, expecting={1})
            for number, copy in enumerate(copies)
        )
    )

    assert Counter(map(type, results)) == {type(None): 1, VersionMismatch: WRITERS - 1}
    customer.refresh_from_db()
    assert customer.version == 2
    assert customer.name == f"name {results.index(None)}"


def test_control_without_the_lock_two_writers_who_expect_one_version_both_write(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_only(self: Customer, expecting: Any = None) -> None:
        self.refresh_from_db()
        if expecting is not None and self.version not in expecting:
            raise VersionMismatch
        looked.wait()

    one, two = Customer.objects.get(), Customer.objects.get()
    looked = threading.Barrier(2, timeout=TIMEOUT)
    monkeypatch.setattr(Customer, "lock", look_only)

    results = race(
        lambda: one.revise({"name": "one"}, expecting={1}),
        lambda: two.revise({"name": "two"}, expecting={1}),
    )

    assert raised(results) == []
    assert Customer.objects.get().version == 3


def test_a_user_added_by_many_at_once_is_added_once(customer: Customer) -> None:

    results = race(*[lambda: customer.add_user(email="ada@example.org")] * WRITERS)

    assert Counter(map(type, results)) == {CustomerUser: 1, UserEmailTaken: WRITERS - 1}
    assert CustomerUser.objects.count() == 1


def test_control_without_the_constraint_a_user_is_added_twice(customer: Customer) -> None:
    with without_constraint(CustomerUser, "customeruser_email_unique_per_customer"):
        results = race(*[lambda: customer.add_user(email="ada@example.org")] * 2)

        assert raised(results) == []
        assert CustomerUser.objects.count() == 2
