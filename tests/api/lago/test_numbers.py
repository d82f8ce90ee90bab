"""`sequential_id` and `slug` of a customer."""

from __future__ import annotations

import re
from typing import Any

from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.contract_table import LAGO
from tests.api.lago.support import PATH, at, shown, slug, upsert


def test_every_answer_has_the_same(caller: APIClient, acme: Organization) -> None:
    factories.customer(acme)
    made = upsert(caller)
    changed = upsert(caller, name="New")
    read = shown(caller.get(at("ext-1")))
    listed = caller.get(PATH).json()["customers"][0]
    deleted = shown(caller.delete(at("ext-1")))

    customer = Customer.objects.get(external_id="ext-1")
    for answer in (made, changed, read, listed, deleted):
        assert answer["sequential_id"] == 2
        assert answer["slug"] == slug(customer)
        assert re.fullmatch("[0-9A-F]{3}-[0-9A-F]{4}-002", answer["slug"])


def test_an_id_that_is_free_again_has_a_new_number(caller: APIClient) -> None:
    first = upsert(caller)
    caller.delete(at("ext-1"))

    assert upsert(caller)["sequential_id"] == first["sequential_id"] + 1


def test_live_and_test_data_are_counted_apart(acme: Organization) -> None:
    answers = [upsert(LAGO.client(acme, mode))["sequential_id"] for mode in ("live", "test")]

    assert answers == [1, 1]


def test_a_slug_has_as_many_digits_as_it_takes(caller: APIClient, acme: Organization) -> None:
    customer = Customer(organization=acme, mode="live", name="Many", sequential_id=12_345)
    customer.save()

    answer: Any = shown(caller.get(at(customer.pk)))

    assert answer["slug"].endswith("-12345")


def test_a_caller_s_own_number_is_ignored(caller: APIClient) -> None:
    answer = upsert(caller, sequential_id=7, slug="MY-SLUG")

    assert answer["sequential_id"] == 1
    assert answer["slug"] != "MY-SLUG"
