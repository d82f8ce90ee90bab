"""Entity tags of the answers of a customer, and two writers at once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from customers.models import Customer
from tests import factories

Write = Callable[..., Any]


def test_every_answer_of_one_customer_has_its_etag(api: APIClient) -> None:
    created: Any = api.post("/customers", {"name": "Acme"}, format="json")
    path = f"/customers/{created.json()['id']}"
    answers = [
        created,
        api.get(path),
        api.patch(path, {"name": "New"}, format="json"),
        api.delete(path),
        api.post(f"{path}/restore"),
        api.head(path),
    ]

    assert [answer["ETag"] for answer in answers] == ['"1"', '"1"', '"2"', '"3"', '"4"', '"4"']


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The answers of calls that start together, each on its own connection."""
    barrier = Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            answers[number] = call()
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number, call)) for number, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def patcher(client: APIClient, path: str, headers: dict[str, str], **body: str) -> Write:
    return lambda: client.patch(path, body, format="json", **headers)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_different_fields_lose_nothing() -> None:
    acme = factories.organization("acme")
    customer = factories.customer(acme, name="Acme")
    path = f"/customers/{customer.pk}"
    clients = [factories.client(acme) for _ in range(2)]

    for number in range(10):
        answers = at_once(
            patcher(clients[0], path, {}, city=f"city {number}"),
            patcher(clients[1], path, {}, state=f"state {number}"),
        )
        assert [answer.status_code for answer in answers] == [200, 200]
        assert {answer["ETag"] for answer in answers} == {
            f'"{2 * number + 2}"',
            f'"{2 * number + 3}"',
        }
        customer.refresh_from_db()
        assert (customer.city, customer.state) == (f"city {number}", f"state {number}")

    assert customer.version == 21


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_at_one_version_exactly_one_wins() -> None:
    acme = factories.organization("acme")
    customer = factories.customer(acme, name="Acme")
    path = f"/customers/{customer.pk}"
    clients = [factories.client(acme) for _ in range(2)]

    for version in range(1, 11):
        headers = {"HTTP_IF_MATCH": f'"{version}"'}
        answers = at_once(
            *(
                patcher(client, path, headers, name=f"{version} by {number}")
                for number, client in enumerate(clients)
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]
        (winner,) = (number for number, answer in enumerate(answers) if answer.status_code == 200)
        customer.refresh_from_db()
        assert (customer.version, customer.name) == (version + 1, f"{version} by {winner}")


@pytest.mark.django_db(transaction=True)
def test_of_two_creates_with_one_external_id_exactly_one_wins() -> None:
    acme = factories.organization("acme")
    clients = [factories.client(acme) for _ in range(2)]

    def creator(client: APIClient, external_id: str) -> Write:
        return lambda: client.post("/customers", {"external_id": external_id}, format="json")

    for number in range(10):
        answers = at_once(*(creator(client, f"ext-{number}") for client in clients))
        assert sorted(answer.status_code for answer in answers) == [201, 409]

    assert Customer.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_of_two_users_with_one_email_exactly_one_is_added() -> None:
    acme = factories.organization("acme")
    path = f"/customers/{factories.customer(acme, name='Acme').pk}/users"
    clients = [factories.client(acme) for _ in range(2)]

    def adder(client: APIClient, email: str) -> Write:
        return lambda: client.post(path, {"email": email}, format="json")

    for number in range(10):
        emails = (f"ada{number}@example.org", f"ADA{number}@example.org")
        answers = at_once(
            *(adder(client, email) for client, email in zip(clients, emails, strict=True))
        )
        assert sorted(answer.status_code for answer in answers) == [201, 409]
