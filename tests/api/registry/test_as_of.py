"""`as_of`: customers and what belongs to them, answered from the history as they stood."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from customers.insights.timeline import events_of
from customers.models import ApiKey, Customer, Organization
from tests import factories
from tests.api.registry.support import CUSTOMERS, assert_error, get, names_in, path_of

LONG_AGO = "2020-01-01T00:00:00Z"


def now() -> str:
    """The database's clock, as a parameter."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return instant(cursor.fetchone()[0])


def instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def shown(api: APIClient, path: str, query: str = "") -> Any:
    answer = get(api, f"{path}?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_customer_is_shown_whole_as_it_was_shown_then(api: APIClient, customer: Customer) -> None:
    user = factories.user(customer, first_name="Ada")
    method = customer.add_payment_method(type="card", brand="visa", last4="4242")
    expanded = "expand=users,payment_methods"
    known = shown(api, path_of(customer), expanded)
    at = now()
    user.revise({"first_name": "Grace"})
    user.remove()
    method.remove()
    customer.revise({"name": "New", "metadata": {"a": "b"}})
    customer.archive()
    factories.user(customer, first_name="Joan")

    assert shown(api, path_of(customer), f"{expanded}&as_of={at}") == known
    assert known["users"]["data"][0]["first_name"] == "Ada"
    assert known["payment_methods"]["data"][0]["is_default"] is True
    lists = {"/users": "users", "/payment_methods": "payment_methods"}
    for rest, name in lists.items():
        found = shown(api, path_of(customer, rest), f"as_of={at}")
        assert found["data"] == known[name]["data"]
    assert "ETag" not in get(api, path_of(customer, f"?as_of={at}"))


def test_an_archived_state_is_of_its_time(api: APIClient, customer: Customer) -> None:
    live = now()
    customer.archive()
    archived = now()
    customer.restore()

    assert shown(api, path_of(customer), f"as_of={live}")["archived_at"] is None
    assert shown(api, path_of(customer), f"as_of={archived}")["archived_at"] is not None
    for at, listed in ((live, ("false", "any")), (archived, ("true", "any"))):
        for which in ("false", "true", "any"):
            names = names_in(api, f"archived={which}&as_of={at}")
            assert names == (["Coleman-Blair"] if which in listed else [])


#: Filters, and whether they find the customer before and after its change.
FILTERS = {
    "country=FR": (True, False),
    "country=DE": (False, True),
    "email=ADA@example.org": (True, False),
    "external_id=ext-1": (True, False),
    "external_id=ext-2": (False, True),
    "reference=r": (True, False),
    "metadata[plan]=gold": (True, False),
    "metadata[plan]=": (False, True),
    "metadata[plan]=gold&country=DE": (False, False),
    "created_from=2000-01-01T00:00:00Z": (True, True),
    "created_to=2000-01-01T00:00:00Z": (False, False),
    "updated_to=2000-01-01T00:00:00Z": (False, False),
    "sort=created": (True, True),
}


def test_filters_are_about_what_stood_then(api: APIClient, acme: Organization) -> None:
    values: dict[str, Any] = {"country": "FR", "email": "ada@example.org", "external_id": "ext-1"}
    customer = factories.customer(acme, **values, reference="r", metadata={"plan": "gold"})
    before = now()
    customer.revise({"country": "DE", "email": None, "external_id": "ext-2", "reference": None})
    customer.revise({"metadata": {}})
    after = now()

    found = {
        query: tuple(bool(names_in(api, f"{query}&as_of={at}")) for at in (before, after))
        for query in FILTERS
    }
    assert found == FILTERS
    between = f"updated_from={before}&as_of="
    assert [len(names_in(api, between + at)) for at in (before, after)] == [0, 1]


@pytest.mark.parametrize("query", ["q=cole", "sort=updated", "sort=-updated"])
def test_what_the_history_cannot_answer_is_refused(
    api: APIClient, customer: Customer, query: str
) -> None:
    answer = get(api, f"{CUSTOMERS}?{query}&as_of={now()}")

    problem = assert_error(answer, 400, **{query.partition("=")[0]: "invalid_query"})
    assert problem["errors"][0]["message"] == "Cannot be combined with as_of."


def test_expiry_is_refused_with_it(api: APIClient, customer: Customer) -> None:
    path = path_of(customer, f"/payment_methods?expired=true&as_of={now()}")

    assert_error(get(api, path), 400, expired="invalid_query")


@pytest.mark.parametrize("rest", ["", "/users", "/payment_methods"])
def test_a_time_before_the_record_is_404_with_a_sentence(
    api: APIClient, customer: Customer, rest: str
) -> None:
    problem = assert_error(get(api, path_of(customer, f"{rest}?as_of={LONG_AGO}")), 404)

    begins = instant(events_of(Customer).get().pgh_created_at)
    assert problem["detail"] == (
        f"The record begins at {begins}. Nothing is known of earlier times."
    )


def test_so_it_is_of_a_list(api: APIClient, customer: Customer) -> None:
    problem = assert_error(get(api, f"{CUSTOMERS}?as_of={LONG_AGO}"), 404)

    assert "The record begins at" in problem["detail"]


@pytest.mark.parametrize("rest", ["", "/{id}", "/{id}/users", "/{id}/payment_methods"])
def test_a_time_in_the_future_is_refused(api: APIClient, customer: Customer, rest: str) -> None:
    future = instant(timezone.now() + timedelta(seconds=5))

    path = f"{CUSTOMERS}{rest.format(id=customer.pk)}?as_of={future}"

    assert_error(get(api, path), 400, as_of="future")


def test_an_empty_time_asks_for_now(api: APIClient, customer: Customer) -> None:
    assert shown(api, path_of(customer), "as_of=") == shown(api, path_of(customer))


@pytest.mark.parametrize("rest", ["", "/users", "/payment_methods"])
def test_the_past_of_other_tenants_is_404(
    acme: Organization, globex: Organization, customer: Customer, rest: str
) -> None:
    at = now()
    for client in (factories.client(globex), factories.client(acme, "test")):
        for time in (at, LONG_AGO):
            problem = assert_error(get(client, path_of(customer, f"{rest}?as_of={time}")), 404)
            assert problem["detail"] == "There is no such customer for this credential."
        assert names_in(client, f"as_of={at}") == []


@pytest.mark.parametrize("sort", ["created", "-created"])
def test_pages_of_the_past_skip_and_repeat_no_one(
    api: APIClient, acme: Organization, sort: str
) -> None:
    made = [factories.customer(acme, name=str(number)) for number in range(7)]
    made[2].archive()
    at = now()
    for customer in made[3:5]:
        customer.archive()
    factories.customer(acme, name="later")

    names: list[Any] = []
    following = f"http://testserver{CUSTOMERS}?as_of={at}&limit=2&sort={sort}"
    pages = []
    while following:
        page = get(api, following).json()
        pages.append(page)
        names += [row["name"] for row in page["data"]]
        following = page["links"]["next"]

    wanted = ["0", "1", "3", "4", "5", "6"]
    assert names == (wanted if sort == "created" else wanted[::-1])
    assert get(api, pages[1]["links"]["previous"]).json()["data"] == pages[0]["data"]


def test_pages_of_users_as_they_stood(api: APIClient, customer: Customer) -> None:
    users = [factories.user(customer, email=f"{n}@example.org") for n in range(5)]
    ids = [str(user.pk) for user in users]
    at = now()
    for user in users:
        user.remove()

    first = shown(api, path_of(customer, "/users"), f"as_of={at}&limit=3")
    second = get(api, first["links"]["next"]).json()

    assert [row["id"] for row in (*first["data"], *second["data"])] == ids[::-1]


@pytest.mark.parametrize(
    ("rest", "number"),
    [
        ("?limit=30", 2),
        ("?limit=30&country=DE&expand=users,payment_methods", 4),
        ("/{id}?expand=users,payment_methods", 4),
        ("/{id}/users?limit=30", 3),
        ("/{id}/payment_methods", 3),
    ],
)
def test_the_queries_are_as_many_as_now(
    acme: Organization,
    django_assert_num_queries: DjangoAssertNumQueries,
    rest: str,
    number: int,
) -> None:
    api = factories.client(acme)
    ApiKey.objects.update(last_used_at=timezone.now())
    made = [factories.customer(acme, name=str(n), country="DE") for n in range(30)]
    for each in made:
        each.revise({"city": "Kyiv"})
        factories.user(made[0], email=f"{each.name}@example.org")
        each.add_payment_method(type="card")
    path = f"{CUSTOMERS}{rest.format(id=made[0].pk)}"
    path += f"{'&' if '?' in path else '?'}as_of={now()}"

    with django_assert_num_queries(number):
        answer = get(api, path)
    assert answer.status_code == 200
