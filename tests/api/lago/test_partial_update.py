"""An update writes the keys that are there and no others; null clears. Writers lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.lago.support import (
    DINESH,
    FIELDS,
    assert_error,
    assert_invalid,
    at,
    post,
    shown,
    upsert,
)
from tests.threads import race

NEW: dict[str, Any] = {
    **{name: f"new {name}" for name in FIELDS},
    "country": "DE",
    "email": "new@example.org",
    "url": "https://example.org/new",
    "logo_url": "https://example.org/new.png",
}
WHOLE: dict[str, Any] = {name: DINESH[name] or "Suite 5" for name in FIELDS}


@pytest.mark.parametrize("name", FIELDS)
def test_only_the_key_that_is_there_is_written(api: APIClient, name: str) -> None:
    before = upsert(api, **WHOLE)

    after = upsert(api, **{name: NEW[name]})

    assert after == {**before, name: NEW[name], "updated_at": after["updated_at"]}


@pytest.mark.parametrize("name", FIELDS)
def test_null_clears_and_absent_stays(api: APIClient, name: str) -> None:
    before = upsert(api, **WHOLE)

    cleared = shown(post(api, {"customer_id": "ext-1", name: None}))
    again = upsert(api)

    assert cleared == {**before, name: None, "updated_at": cleared["updated_at"]}
    assert again == cleared


def test_fields_of_other_contracts_stay(api: APIClient, acme: Organization) -> None:
    others: dict[str, Any] = {
        "reference": "label",
        "processor_reference": "cus_1",
        "ein": "12-3456789",
        "metadata": {"key": "value"},
    }
    customer = factories.customer(acme, external_id="ext-1", **others)

    post(api, {"customer_id": "ext-1", **dict.fromkeys(FIELDS)})
    upsert(api, **NEW)

    customer.refresh_from_db()
    assert {name: getattr(customer, name) for name in others} == others


def test_an_update_that_changes_nothing_is_no_new_version(api: APIClient) -> None:
    first = post(api, DINESH)
    second = post(api, DINESH)

    assert first.json() == second.json()
    assert first["ETag"] == second["ETag"] == '"1"'


def test_what_is_refused_changes_nothing(api: APIClient) -> None:
    before = upsert(api, **WHOLE)

    response = post(api, {"customer_id": "ext-1", "name": "New", "country": "XX"})

    assert_invalid(response, country=["not_a_valid_country_code"])
    assert api.get(at("ext-1")).json() == {"customer": before}


def test_an_update_does_not_fail_over_what_it_does_not_touch(
    api: APIClient, acme: Organization
) -> None:
    """A value of before a rule was there."""
    customer = factories.customer(acme, external_id="ext-1")
    Customer.objects.filter(pk=customer.pk).update(url="gopher://old", email="not an address")

    updated = upsert(api, name="New")

    assert (updated["name"], updated["url"]) == ("New", "gopher://old")


# --- Writers at once -----------------------------------------------------------------------------


def posting(organization: Organization, **fields: Any) -> Callable[[], Any]:
    """An upsert of `ext-1` by a client of its own, which answers what a server would."""
    client = factories.client(organization)
    client.raise_request_exception = False
    return lambda: post(client, {"customer_id": "ext-1", **fields})


@pytest.mark.django_db(transaction=True)
def test_many_writers_of_two_fields_make_one_customer_and_lose_neither() -> None:
    acme = factories.organization("acme")
    for number in range(5):
        for before in Customer.objects.live():
            before.archive()
        cities = [f"city {number} {writer}" for writer in range(6)]
        states = [f"state {number} {writer}" for writer in range(6)]
        jobs = [posting(acme, city=city) for city in cities]
        jobs += [posting(acme, state=state) for state in states]

        answers = race(*jobs)

        assert [answer.status_code for answer in answers] == [200] * 12
        assert len({answer.json()["customer"]["lago_id"] for answer in answers}) == 1
        customer = Customer.objects.live().get()
        assert customer.city in cities
        assert customer.state in states
        assert customer.version == 12  # every write is there, one after another

    assert Customer.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_writers_of_a_field_each_lose_none() -> None:
    acme = factories.organization("acme")

    answers = race(*(posting(acme, **{name: NEW[name]}) for name in FIELDS))

    assert [answer.status_code for answer in answers] == [200] * len(FIELDS)
    assert len({answer.json()["customer"]["lago_id"] for answer in answers}) == 1
    stored = factories.client(acme).get(at("ext-1")).json()["customer"]
    assert {name: stored[name] for name in FIELDS} == NEW
    assert Customer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_customer_known_by_its_uuid_is_not_made_twice() -> None:
    acme = factories.organization("acme")
    customer = factories.customer(acme, name="Made elsewhere")
    client = factories.client(acme)

    def job(name: str) -> Callable[[], Any]:
        return lambda: post(client, {"external_id": str(customer.pk), name: NEW[name]})

    answers = race(*(job(name) for name in FIELDS))

    assert [answer.status_code for answer in answers] == [200] * len(FIELDS)
    assert {answer.json()["customer"]["lago_id"] for answer in answers} == {str(customer.pk)}
    assert Customer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_upserts_and_deletes_at_once_leave_at_most_one_live() -> None:
    acme = factories.organization("acme")
    client = factories.client(acme)
    missing = {"status": 404, "error": "Not Found", "code": "customer_not_found"}

    for number in range(5):
        upserts = [posting(acme, city=f"{number} {writer}") for writer in range(4)]
        deletes = [lambda: client.delete(at("ext-1"))] * 4
        answers = race(*upserts, *deletes)

        assert [answer.status_code for answer in answers[:4]] == [200] * 4
        for answer in answers[4:]:
            if answer.status_code != 200:
                assert_error(answer, missing)
        assert Customer.objects.live().count() <= 1


@pytest.mark.django_db(transaction=True)
def test_of_writers_at_one_version_exactly_one_wins() -> None:
    acme = factories.organization("acme")
    client = factories.client(acme)
    post(client, {"customer_id": "ext-1"})

    def job(version: int, writer: int) -> Callable[[], Any]:
        body = {"customer_id": "ext-1", "name": f"{version} by {writer}"}
        return lambda: post(client, body, HTTP_IF_MATCH=f'"{version}"')

    for version in range(1, 6):
        answers = race(*(job(version, writer) for writer in range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert Customer.objects.get().version == 6
