"""The pages of lists: cursors in either direction, in every order."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from customers.api.registry.pagination import Cursor
from customers.models import Customer, Organization
from tests import factories
from tests.api.registry.support import CUSTOMERS, assert_error, get, path_of

SORTS = ["created", "-created", "updated", "-updated"]
each_sort = pytest.mark.parametrize("sort", SORTS)


@pytest.fixture
def seven(acme: Organization) -> list[Customer]:
    """Seven customers, of which two were changed last at one time, in another order than made."""
    made = [factories.customer(acme, name=str(number)) for number in range(7)]
    for number in (3, 0, 6, 5, 1):
        made[number].revise({"city": "Kiel"})
    return made


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["data"]]


def joined(pages: Iterable[list[str]]) -> list[str]:
    return [name for page in pages for name in page]


def walk(api: APIClient, path: str, way: str) -> list[list[str]]:
    """The names on the pages from a path on, in a direction."""
    found, next_path = [], path
    while next_path:
        answer = get(api, next_path)
        found.append(names(answer))
        assert len(found) < 20
        next_path = answer.json()["links"][way]
    return found


def in_order(sort: str) -> list[str | None]:
    field = "updated_at" if sort.endswith("updated") else "created_at"
    sign = "-" if sort.startswith("-") else ""
    return list(
        Customer.objects.live()
        .order_by(f"{sign}{field}", f"{sign}pk")
        .values_list("name", flat=True)
    )


@each_sort
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_the_pages_have_each_once_in_order_forth_and_back(
    api: APIClient, seven: list[Customer], sort: str, limit: int
) -> None:
    path = f"{CUSTOMERS}?sort={sort}&limit={limit}"
    forth = walk(api, path, "next")
    last = path
    while (link := get(api, last).json()["links"]["next"]) is not None:
        last = link
    back = walk(api, last, "previous")

    assert joined(forth) == in_order(sort)
    assert all(len(page) == limit for page in forth[:-1])
    assert joined(reversed(back[1:])) == in_order(sort)[: -len(forth[-1])]


@each_sort
def test_links_keep_the_other_parameters(api: APIClient, seven: list[Customer], sort: str) -> None:
    answer = get(api, f"{CUSTOMERS}?sort={sort}&limit=2&metadata[a]=&expand=users&archived=any")

    body = answer.json()
    following = get(api, body["links"]["next"])
    assert body["links"]["previous"] is body["previous_cursor"] is None
    assert names(following) == in_order(sort)[2:4]
    assert "users" in following.json()["data"][0]
    assert body["next_cursor"] in body["links"]["next"]
    assert body["links"]["next"].startswith("http://testserver/registry/v1/customers?")


@each_sort
def test_a_page_that_has_become_empty_leads_back(
    api: APIClient, seven: list[Customer], sort: str
) -> None:
    ordered = in_order(sort)
    first = get(api, f"{CUSTOMERS}?sort={sort}&limit=4").json()
    for name in ordered[4:]:
        Customer.objects.get(name=name).archive()

    empty = get(api, first["links"]["next"]).json()

    assert (empty["data"], empty["links"]["next"]) == ([], None)
    assert names(get(api, empty["links"]["previous"])) == ordered[:4]


@each_sort
def test_before_the_first_there_is_a_page_that_leads_on(
    api: APIClient, seven: list[Customer], sort: str
) -> None:
    ordered = in_order(sort)
    second = get(api, get(api, f"{CUSTOMERS}?sort={sort}&limit=2").json()["links"]["next"]).json()
    for name in ordered[:2]:
        Customer.objects.get(name=name).archive()

    empty = get(api, second["links"]["previous"]).json()

    assert (empty["data"], empty["links"]["previous"]) == ([], None)
    assert names(get(api, f"{empty['links']['next']}")) == ordered[2:4]


def test_sorted_by_update_a_customer_that_changes_is_seen_again(
    api: APIClient, seven: list[Customer]
) -> None:
    """And none is skipped: the cursor has the time, and not the row."""
    first = get(api, f"{CUSTOMERS}?sort=updated&limit=3")
    seen = names(first)
    Customer.objects.get(name=seen[-1]).revise({"city": "Ulm"})

    rest = joined(walk(api, first.json()["links"]["next"], "next"))

    assert {*seen, *rest} == {str(number) for number in range(7)}
    assert rest[-1] == seen[-1]


def test_customers_changed_at_one_time_have_an_order(api: APIClient, seven: list[Customer]) -> None:
    """As those of one import have."""
    Customer.objects.update(state="BE")
    assert Customer.objects.values("updated_at").distinct().count() >= 1

    for sort in ("updated", "-updated"):
        path = f"{CUSTOMERS}?sort={sort}&limit=2"
        assert joined(walk(api, path, "next")) == in_order(sort)


def test_a_cursor_is_of_its_own_order_and_list(api: APIClient, seven: list[Customer]) -> None:
    of_created = get(api, f"{CUSTOMERS}?limit=1").json()["next_cursor"]
    of_updated = get(api, f"{CUSTOMERS}?limit=1&sort=updated").json()["next_cursor"]

    for query in (f"cursor={of_updated}", f"sort=updated&cursor={of_created}"):
        assert_error(get(api, f"{CUSTOMERS}?{query}"), 400, cursor="invalid_query")
    users = path_of(seven[0], "/users")
    assert_error(get(api, f"{users}?cursor={of_updated}"), 400, cursor="invalid_query")


@pytest.mark.parametrize(
    "raw",
    [
        b"\xe0" + b"\xff" * 15,
        b"\xe0" + b"\x01" * 17,
        b"\xe2" + b"\x01" * 16,
        b"\xe0" + b"\x01" * 24,
        b"\xe2" + b"\x01" * 16 + b"\xff" * 8,
        b"\xe4" + b"\x01" * 16,
        b"\xd0" + b"\x01" * 16,
        b"",
    ],
)
@pytest.mark.parametrize("sort", ["created", "updated"])
def test_what_no_page_has_given_is_no_cursor(
    api: APIClient, acme: Organization, raw: bytes, sort: str
) -> None:
    text = urlsafe_b64encode(raw).decode().rstrip("=")
    answer = get(api, f"{CUSTOMERS}?sort={sort}&cursor={text}")

    assert answer.status_code == (400 if raw else 200)


def test_a_cursor_is_what_it_was_made_of() -> None:
    id, at = UUID(int=7), datetime(2026, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)

    for cursor in (Cursor(id), Cursor(id, at)):
        for turned in (cursor, cursor._replace(backwards=True)):
            assert Cursor.decode(turned.encode()) == turned


@pytest.mark.parametrize("kind", ["users", "payment_methods"])
def test_users_and_payment_methods_have_pages_too(
    api: APIClient, customer: Customer, kind: str
) -> None:
    for number in range(5):
        if kind == "users":
            factories.user(customer, email=f"{number}@example.org")
        else:
            factories.payment_method(customer, last4=f"000{number}")
    factories.user(factories.customer(customer.organization, name="Other"))
    found: list[str] = []
    path: str | None = path_of(customer, f"/{kind}?limit=2")
    while path:
        body = get(api, path).json()
        found += [row["id"] for row in body["data"]]
        path = body["links"]["next"]

    rows = getattr(customer, kind).order_by("-pk")
    assert found == [str(row.pk) for row in rows]
