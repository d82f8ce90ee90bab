"""POST /registry/v1/customers/batch"""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from customers.models import batch as store
from customers.models.credential import Tenant
from tests import factories
from tests.api.fields import VALUES
from tests.api.registry.support import BATCH, CUSTOMERS, assert_error, get, post
from tests.stored import stored
from tests.threads import both_at_once, race, raised


def send(api: APIClient, *customers: Any, **more: Any) -> Any:
    return post(api, BATCH, {"customers": customers, **more})


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    body = answer.json()
    found = [result["outcome"] for result in body["results"]]
    for outcome in ("created", "updated", "unchanged", "refused"):
        assert body[outcome] == found.count(outcome)
    assert [result["index"] for result in body["results"]] == list(range(len(found)))
    return found


def test_each_is_answered_in_order(api: APIClient, acme: Organization) -> None:
    known = factories.customer(acme, external_id="known", name="Old", metadata={"a": "1"})
    same = factories.customer(acme, external_id="same", name="Same")

    answer = send(
        api,
        {"external_id": "new", **{name: VALUES[name] for name in VALUES.keys() - {"external_id"}}},
        {"external_id": "known", "name": None, "city": "Kiel", "metadata": {"b": "2"}},
        {"external_id": "same", "name": "Same", "city": " ", "unknown": 5},
        {"external_id": "bad", "email": "nobody", "country": "XX"},
    )

    assert outcomes(answer) == ["created", "updated", "unchanged", "refused"]
    new, updated, unchanged, refused = answer.json()["results"]
    made = Customer.objects.get(external_id="new")
    assert {name: getattr(made, name) for name in VALUES} == {**VALUES, "external_id": "new"}
    assert (new["id"], new["version"]) == (str(made.pk), 1)
    known.refresh_from_db()
    assert (known.name, known.city, known.metadata) == (None, "Kiel", {"b": "2"})
    assert (updated["id"], updated["version"]) == (str(known.pk), 2)
    assert (unchanged["id"], unchanged["version"]) == (str(same.pk), 1)
    assert (refused["id"], refused["version"]) == (None, None)
    assert {fault["pointer"]: fault["code"] for fault in refused["errors"]} == {
        "#/customers/3/email": "invalid",
        "#/customers/3/country": "country",
    }


@pytest.mark.parametrize(
    ("item", "field", "code"),
    [
        (5, None, "type"),
        ({}, "external_id", "blank"),
        ({"external_id": None, "name": "x"}, "external_id", "blank"),
        ({"external_id": " "}, "external_id", "blank"),
        ({"external_id": 5}, "external_id", "type"),
        ({"external_id": "a\u200bb"}, "external_id", "unseen"),
        ({"external_id": "a" * 256}, "external_id", "max_length"),
        ({"external_id": "a", "name": 5}, "name", "type"),
        ({"external_id": "a", "name": "a" * 256}, "name", "max_length"),
        ({"external_id": "a", "name": "4242 4242 4242 4242"}, "name", "card_number"),
        (
            {"external_id": "a", "name": "4242 4242", "legal_name": "4242 4242"},
            "legal_name",
            "card_number",
        ),
        ({"external_id": "a", "metadata": {"a": 1}}, "metadata", "metadata"),
        ({"external_id": "a", "metadata": {"a": "4242424242424242"}}, "metadata", "card_number"),
        ({"external_id": "a", "url": "ftp://example.org"}, "url", "url"),
        ({"external_id": "first"}, "external_id", "repeated"),
    ],
)
def test_what_is_refused_keeps_no_other_from_being_written(
    api: APIClient, acme: Organization, item: Any, field: str | None, code: str
) -> None:
    answer = send(api, {"external_id": "first"}, item, {"external_id": "last"})

    assert outcomes(answer) == ["created", "refused", "created"]
    (fault,) = answer.json()["results"][1]["errors"]
    assert (fault["field"], fault["code"]) == (field, code)
    assert b"4242" not in answer.content
    assert Customer.objects.count() == 2


def test_all_or_nothing(api: APIClient, customer: Customer) -> None:
    good = ({"external_id": "ext-1", "name": "New"}, {"external_id": "new"})
    before = stored()

    answer = send(api, *good, {"external_id": "bad", "email": "x"}, all_or_nothing=True)

    problem = assert_error(answer, 422, email="invalid")
    assert problem["errors"][0]["pointer"] == "#/customers/2/email"
    assert stored() == before
    assert outcomes(send(api, *good, all_or_nothing=True)) == ["updated", "created"]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({}, {"customers": "size"}),
        ({"customers": []}, {"customers": "size"}),
        ({"customers": {"external_id": "x"}}, {"customers": "size"}),
        ({"customers": [{}] * 1001}, {"customers": "size"}),
        ({"customers": [{}], "all_or_nothing": "yes"}, {"all_or_nothing": "type"}),
        ({"customers": 5, "all_or_nothing": 1}, {"customers": "size", "all_or_nothing": "type"}),
    ],
)
def test_a_bad_body_is_refused_as_a_whole(
    api: APIClient, body: dict[str, Any], codes: dict[str, str]
) -> None:
    assert_error(post(api, BATCH, body), 422, **codes)


def test_a_thousand_are_written_by_few_statements_and_stay_in_order(
    api: APIClient, acme: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    names = [f"{number:04}" for number in range(1000)]
    send(api, {"external_id": "first"})  # notes when the key was last used

    # The credential, the transaction's beginning and end, the known ones, one write, the context.
    with django_assert_num_queries(5):
        answer = send(api, *({"external_id": f"K{name}", "name": name} for name in names))

    assert outcomes(answer) == ["created"] * 1000
    listed = get(api, f"{CUSTOMERS}?sort=created&limit=100").json()["data"][1:]
    assert [row["name"] for row in listed] == names[:99]
    with django_assert_num_queries(5):
        answer = send(api, *({"external_id": f"K{name}", "city": "Kiel"} for name in names))
    assert outcomes(answer) == ["updated"] * 1000


def test_archived_customers_and_those_of_others_are_not_touched(
    api: APIClient, acme: Organization, globex: Organization
) -> None:
    factories.customer(acme, external_id="K1", name="Archived").archive()
    factories.customer(acme, "test", external_id="K1", name="Test")
    factories.customer(globex, external_id="K1", name="Theirs")
    by_id = factories.customer(acme, name="By its UUID")

    answer = send(api, {"external_id": "K1", "name": "New"}, {"external_id": str(by_id.pk)})

    assert outcomes(answer) == ["created", "created"]
    assert Customer.objects.filter(name="New").count() == 1
    assert Customer.objects.count() == 6


def test_the_history_says_who_through_which_contract(api: APIClient, customer: Customer) -> None:
    answer = send(api, {"external_id": "ext-1", "name": "New"}, {"external_id": "new"})

    events: Any = apps.get_model("customers", "CustomerEvent")
    contexts = [event.pgh_context for event in events.objects.order_by("-pgh_id")[:2]]
    assert {context["contract"] for context in contexts} == {"registry"}
    assert {context["request_id"] for context in contexts} == {answer["X-Request-Id"]}


@pytest.mark.django_db(transaction=True)
def test_batches_of_the_same_customers_at_once_write_each_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In opposite orders, so that each waits for what the other holds: neither deadlocks."""
    acme = factories.organization("acme")
    factories.customer(acme, external_id="K0", name="Known")
    factories.customer(acme, external_id="K1", name="Known")
    rows = [{"external_id": f"K{number}", "name": f"N{number}"} for number in range(50)]
    both_at_once(monkeypatch, store, "_lock")

    def upsert(given: list[dict[str, Any]]) -> list[str]:
        batch = [store.BatchRow(row) for row in given]
        store.upsert_many(Tenant(acme.pk, "live"), batch, all_or_nothing=False)
        return sorted(row.outcome.value for row in batch)

    results = race(lambda: upsert(rows), lambda: upsert(rows[::-1]))

    assert raised(results) == []
    assert sorted(results) == [
        ["created"] * 48 + ["updated"] * 2,
        ["unchanged"] * 50,
    ]
    assert Customer.objects.count() == 50
