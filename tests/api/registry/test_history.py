"""The history of a customer: versions with what changed, and who last set each member."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, Organization
from customers.models.credential import Actor
from customers.models.history import acting, recording
from tests import factories
from tests.api.registry.support import assert_error, get, patch, path_of, post

ADA = Actor("staff", "7", "ada")


def versions(api: APIClient, customer: Customer, query: str = "") -> list[Any]:
    answer = get(api, path_of(customer, f"/history?{query}"))
    assert answer.status_code == 200, answer.content
    rows: list[Any] = answer.json()["data"]
    return rows


def blame(api: APIClient, customer: Customer) -> Any:
    answer = get(api, path_of(customer, "/blame"))
    assert answer.status_code == 200, answer.content
    return answer.json()["last_set"]


def test_versions_are_newest_first_with_what_changed(api: APIClient, customer: Customer) -> None:
    method = customer.add_payment_method(type="card")
    customer.revise({"city": "Kyiv", "metadata": {"a": "1"}})
    customer.archive()
    customer.restore()

    found = versions(api, customer)

    actions = [(row["version"], row["action"]) for row in found]
    assert actions == [
        (5, "restored"),
        (4, "archived"),
        (3, "updated"),
        (2, "updated"),
        (1, "created"),
    ]
    assert [row["changes"] for row in found[2:]] == [
        {
            "city": {"old": None, "new": "Kyiv"},
            "metadata": {"old": {}, "new": {"a": "1"}},
        },
        {"default_payment_method_id": {"old": None, "new": str(method.pk)}},
        {
            "external_id": {"old": None, "new": "ext-1"},
            "name": {"old": None, "new": "Coleman-Blair"},
        },
    ]
    assert found[0]["changes"]["archived_at"]["new"] is None


def test_a_version_tells_who_how_and_why(api: APIClient, customer: Customer) -> None:
    answer = post(api, path_of(customer, "/archive"), {"reason": "They asked for it"})
    with acting(ADA, request_id="req-1"), recording(reason="A mistake"):
        customer.restore()

    restored, archived, created = versions(api, customer)

    assert restored["actor"] == {"kind": "staff", "id": "7", "label": "ada"}
    assert (restored["contract"], restored["reason"]) == (None, "A mistake")
    key = ApiKey.objects.get()
    assert (archived["actor"]["kind"], archived["actor"]["id"]) == ("api_key", str(key.pk))
    assert (archived["contract"], archived["reason"]) == ("registry", "They asked for it")
    assert archived["request_id"] == answer["X-Request-Id"]
    assert (created["actor"], created["request_id"], created["import_id"]) == (None, None, None)


def test_versions_come_in_pages(api: APIClient, customer: Customer) -> None:
    for city in "abcdef":
        customer.revise({"city": city})
    whole = versions(api, customer)

    pages, path = [], path_of(customer, "/history?limit=3")
    while path:
        page = get(api, path).json()
        pages.append(page)
        path = page["links"]["next"]

    assert [len(page["data"]) for page in pages] == [3, 3, 1]
    assert [row for page in pages for row in page["data"]] == whole
    assert get(api, pages[1]["links"]["previous"]).json()["data"] == pages[0]["data"]
    assert (pages[0]["previous_cursor"], pages[2]["next_cursor"]) == (None, None)


def test_blame_tells_who_last_set_each_member(api: APIClient, customer: Customer) -> None:
    with acting(ADA):
        customer.revise({"city": "Kyiv", "metadata": {"a": "1", "b": "1"}})
        customer.revise({"phone": "1"})
    answer = patch(api, path_of(customer), {"phone": None, "metadata": {"b": "2"}})
    assert answer.status_code == 200

    found = blame(api, customer)

    assert {name: last["version"] for name, last in found.items()} == {
        "city": 2,
        "external_id": 1,
        "metadata": 4,
        "metadata[a]": 2,
        "metadata[b]": 4,
        "name": 1,
        "phone": 4,  # which cleared it
    }
    assert found["city"]["actor"]["label"] == "ada"
    assert found["phone"]["contract"] == "registry"
    assert found["phone"]["request_id"] == answer["X-Request-Id"]


def test_what_was_set_again_to_the_same_is_no_one_else_s(
    api: APIClient, customer: Customer
) -> None:
    customer.revise({"city": "Kyiv"})
    customer.revise({"city": "Lviv"})
    customer.revise({"city": "Kyiv"})
    customer.revise({"city": "Kyiv"})

    assert blame(api, customer)["city"]["version"] == 4


@pytest.mark.parametrize("rest", ["/history", "/blame"])
def test_the_history_of_other_tenants_is_404(
    acme: Organization, globex: Organization, customer: Customer, rest: str
) -> None:
    for client in (factories.client(globex), factories.client(acme, "test")):
        assert_error(get(client, path_of(customer, rest)), 404)


def test_an_archived_customer_has_its_history(api: APIClient, customer: Customer) -> None:
    customer.archive()

    assert len(versions(api, customer)) == 2


@pytest.mark.parametrize("count", [1, 25])
@pytest.mark.parametrize(("rest", "number"), [("/history?limit=30", 4), ("/blame", 3)])
def test_the_queries_do_not_depend_on_how_many_versions(
    acme: Organization,
    customer: Customer,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
    rest: str,
    number: int,
) -> None:
    api = factories.client(acme)
    ApiKey.objects.update(last_used_at=timezone.now())
    for city in range(count):
        customer.revise({"city": str(city)})

    with django_assert_num_queries(number):
        assert get(api, path_of(customer, rest)).status_code == 200
