"""Concurrent requests of two people."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from customers.models import Customer, Organization
from customers.models.base import Versioned
from customers.models.querysets import CustomerQuerySet
from customers.staff.models import FormSubmission
from tests import factories
from tests.backoffice.support import at, form_of, signed_in, text
from tests.threads import both_at_once, held_up_by_open_transaction, race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def acme(transactional_db: None) -> Organization:
    return factories.organization("acme")


@pytest.fixture
def customer(acme: Organization) -> Customer:
    return factories.customer(acme, name="Coleman-Blair", external_id="ext-1", city="Paris")


@pytest.fixture
def two(acme: Organization) -> tuple[Client, Client]:
    return signed_in(acme, "Editor", username="ada"), signed_in(acme, "Editor", username="bob")


def test_of_two_concurrent_saves_one_wins_and_the_other_gets_409(
    two: tuple[Client, Client], customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = at("customer_edit", customer.pk)
    forms = [
        form_of(client.get(address), city=city) for client, city in zip(two, "AB", strict=True)
    ]
    both_at_once(monkeypatch, Versioned, "lock")

    results = race(
        lambda: two[0].post(address, forms[0]),
        lambda: two[1].post(address, forms[1]),
    )

    assert sorted(response.status_code for response in results) == [302, 409]
    winner = "A" if results[0].status_code == 302 else "B"
    loser: Any = next(response for response in results if response.status_code == 409)
    customer.refresh_from_db()
    assert (customer.city, customer.version) == (winner, 2)
    (conflict,) = loser.context["conflicts"]
    assert (conflict.base.shown, conflict.theirs.shown) == ("Paris", winner)


def test_of_two_concurrent_creates_with_one_external_id_one_is_refused(
    two: tuple[Client, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    both_at_once(monkeypatch, CustomerQuerySet, "register")  # after both have checked

    results = race(
        *(
            lambda client=client: client.post(at("customer_new"), {"external_id": "new"})
            for client in two
        )
    )

    assert sorted(response.status_code for response in results) == [302, 400]
    refused = next(response for response in results if response.status_code == 400)
    assert "has this external id" in text(refused)
    assert Customer.objects.filter(external_id="new").count() == 1


def test_of_two_concurrent_adds_of_one_user_one_is_refused(
    two: tuple[Client, Client], customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_at_once(monkeypatch, Customer, "add_user")
    address, sent = at("user_add", customer.pk), {"email": "ada@example.org"}

    results = race(lambda: two[0].post(address, sent), lambda: two[1].post(address, sent))

    assert sorted(response.status_code for response in results) == [302, 400]
    refused = next(response for response in results if response.status_code == 400)
    assert "already has a user with this email" in text(refused)
    assert customer.users.count() == 1


def test_the_first_of_two_payment_methods_is_the_default(
    two: tuple[Client, Client], customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_at_once(monkeypatch, Customer, "add_payment_method")
    address, sent = at("payment_method_add", customer.pk), {"type": "card"}

    results = race(lambda: two[0].post(address, sent), lambda: two[1].post(address, sent))

    assert [response.status_code for response in results] == [302, 302]
    customer.refresh_from_db()
    assert customer.default_payment_method is not None
    assert customer.version == 2


def test_a_customer_whose_external_id_is_taken_while_restoring_is_not_restored(
    two: tuple[Client, Client], customer: Customer
) -> None:
    customer.archive()
    taking = {"name": "Hooli", "external_id": "ext-1"}
    address = at("customer_restore", customer.pk)

    with held_up_by_open_transaction(
        lambda: Customer.objects.register(factories.tenant(customer.organization), taking),
        lambda: two[0].post(address, {"reason": "back", "version": "2"}),
    ) as restoring:
        pass

    response = restoring.result()
    assert response.status_code == 409
    assert "Hooli" in text(response)
    customer.refresh_from_db()
    assert customer.archived_at is not None


@pytest.mark.parametrize("page", ["user_edit", "user_remove"])
def test_a_user_removed_meanwhile_is_not_found(
    two: tuple[Client, Client], customer: Customer, page: str
) -> None:
    user = factories.user(customer)
    address = at(page, customer.pk, user.pk)

    with held_up_by_open_transaction(
        user.remove,
        lambda: two[0].post(address, {"version": "1", "email": "bob@example.org"}),
    ) as waiting:
        pass

    assert waiting.result().status_code in {404, 409}


def test_a_save_that_waits_for_another_is_not_lost(
    two: tuple[Client, Client], customer: Customer
) -> None:
    address = at("customer_edit", customer.pk)
    sent = form_of(two[0].get(address), city="Kyiv")

    with held_up_by_open_transaction(
        lambda: customer.revise({"city": "Rome"}), lambda: two[0].post(address, sent)
    ) as waiting:
        assert transaction.get_connection().in_atomic_block

    assert waiting.result().status_code == 409
    customer.refresh_from_db()
    assert customer.city == "Rome"


def test_a_form_that_is_sent_twice_at_once_creates_one_customer(
    acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor, again = signed_in(acme, "Editor"), Client()
    again.cookies = editor.cookies
    sent = {"name": "Hooli", "once": "a token"}
    both_at_once(monkeypatch, FormSubmission.objects, "get_or_create")

    results = race(
        *(lambda client=client: client.post(at("customer_new"), sent) for client in (editor, again))
    )

    customer = Customer.objects.get()
    assert [response.url for response in results] == [at("customer", customer.pk)] * 2
