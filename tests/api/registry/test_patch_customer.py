"""PATCH /registry/v1/customers/{id}: JSON merge patches (RFC 7396)."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from customers.values.cus_ids import encode
from tests import factories
from tests.api.fields import VALUES
from tests.api.harness import send
from tests.api.registry.support import CUSTOMERS, MERGE_PATCH, assert_error, patch, path_of, post
from tests.stored import stored


@pytest.fixture
def whole(acme: Organization) -> Customer:
    return factories.customer(acme, **VALUES)


@pytest.mark.parametrize("content_type", [MERGE_PATCH, "application/json"])
def test_null_clears_and_what_is_absent_stays(
    api: APIClient, whole: Customer, content_type: str
) -> None:
    answer = send(api, "PATCH", path_of(whole), b'{"name": "New", "city": null}', content_type)

    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in VALUES} == {
        **VALUES,
        "name": "New",
        "city": None,
    }
    assert answer["ETag"] == '"2"'


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"c": "3"}, {"a": "1", "b": "2", "c": "3"}),
        ({"a": "4"}, {"a": "4", "b": "2"}),
        ({"a": None}, {"b": "2"}),
        ({"x": None}, {"a": "1", "b": "2"}),
        ({"a": None, "b": "", "c": "3"}, {"b": "", "c": "3"}),
        ({}, {"a": "1", "b": "2"}),
        (None, {}),
    ],
)
def test_metadata_is_merged_by_key(
    api: APIClient, acme: Organization, given: Any, left: dict[str, str]
) -> None:
    customer = factories.customer(acme, metadata={"a": "1", "b": "2"})

    assert patch(api, path_of(customer), {"metadata": given}).json()["metadata"] == left


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"a": 1}, "metadata"),
        ({"a": {"b": None}}, "metadata"),
        (["a"], "metadata"),
        ("a", "metadata"),
        ({f"new {number}": "x" for number in range(50)}, "metadata_limits"),
        ({"a": "4242 4242 4242 4242"}, "card_number"),
    ],
)
def test_what_metadata_would_become_is_checked(
    api: APIClient, whole: Customer, given: Any, code: str
) -> None:
    before = stored()

    assert_error(patch(api, path_of(whole), {"metadata": given}), 422, metadata=code)

    assert stored() == before


def test_two_patches_of_other_keys_do_not_undo_each_other(
    api: APIClient, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is merged is what is stored when the row is locked, not what was read before."""
    customer = factories.customer(acme, metadata={"a": "1"})
    lock = Customer.lock

    def late(self: Customer, *args: Any) -> None:
        monkeypatch.undo()
        Customer.objects.get(pk=self.pk).revise({"metadata": {"a": "1", "b": "2"}})
        lock(self, *args)

    monkeypatch.setattr(Customer, "lock", late)

    shown = patch(api, path_of(customer), {"metadata": {"c": "3"}}).json()

    assert shown["metadata"] == {"a": "1", "b": "2", "c": "3"}


def test_the_same_again_changes_nothing(api: APIClient, whole: Customer) -> None:
    before = stored()

    answer = patch(api, path_of(whole), VALUES)

    assert (answer.status_code, answer["ETag"]) == (200, '"1"')
    assert stored() == before


def test_an_archived_customer_may_be_changed(api: APIClient, whole: Customer) -> None:
    whole.archive()

    assert patch(api, path_of(whole), {"name": "New"}).json()["name"] == "New"


def test_an_external_id_may_change_unless_it_is_taken(
    api: APIClient, customer: Customer, whole: Customer
) -> None:
    problem = assert_error(
        patch(api, path_of(whole), {"external_id": "ext-1"}), 409, external_id="taken"
    )

    assert str(customer.pk) in problem["detail"]
    assert patch(api, path_of(whole), {"external_id": "ext-2"}).status_code == 200


def test_the_id_may_be_spelled_cus(api: APIClient, customer: Customer) -> None:
    path = f"{CUSTOMERS}/{encode(customer.pk)}"

    assert patch(api, path, {"name": "New"}).json()["id"] == str(customer.pk)
    assert post(api, f"{path}/archive").status_code == 200


def test_a_merge_patch_is_no_type_of_other_writes(api: APIClient, customer: Customer) -> None:
    answers = [
        send(api, "POST", CUSTOMERS, b'{"name": "x"}', MERGE_PATCH),
        send(api, "PUT", f"{CUSTOMERS}/external/x", b'{"name": "x"}', MERGE_PATCH),
    ]

    for answer in answers:
        assert_error(answer, 415)
