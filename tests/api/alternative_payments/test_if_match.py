"""Entity tags: If-Match on every write that addresses a customer, If-None-Match on reading."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from customers.models import Customer
from tests import factories
from tests.api.alternative_payments.support import assert_error, send, stored

Write = Callable[..., Any]

WRITES: dict[str, Write] = {
    "patch": lambda api, path, **headers: api.patch(
        path, {"name": "New"}, format="json", **headers
    ),
    "archive": lambda api, path, **headers: api.delete(path, **headers),
    "restore": lambda api, path, **headers: api.post(f"{path}/restore", **headers),
    "add user": lambda api, path, **headers: api.post(
        f"{path}/users", {"first_name": "Ada"}, format="json", **headers
    ),
}


@pytest.fixture
def path(customer: Customer) -> str:
    """The path of a customer at version 4, archived, so that every write would change something."""
    customer.archive()
    customer.restore()
    customer.archive()
    assert customer.version == 4
    return f"/customers/{customer.pk}"


@pytest.fixture(params=WRITES)
def write(request: pytest.FixtureRequest) -> Write:
    return WRITES[request.param]


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


@pytest.mark.parametrize("tags", ['"4"', '"1", "4"', '"4","9"', ' "4" ', 'W/"1", "4"', "*", " * "])
def test_a_write_goes_through_at_a_version_it_names(
    api: APIClient, path: str, write: Write, tags: str
) -> None:
    assert write(api, path, HTTP_IF_MATCH=tags).status_code in (200, 201)


@pytest.mark.parametrize(
    "tags",
    [
        '"3"',
        '"5"',
        '"1", "2", "3"',
        'W/"4"',
        "4",
        "'4'",
        '"4',
        '4"',
        '"04"',
        '"+4"',
        '" 4"',
        '"4 "',
        '"4.0"',
        '"-4"',
        '"0x4"',
        '"four"',
        '""',
        '"',
        "",
        "nonsense",
        '"*"',
        ",",
        '"٤"',
        '"4"x',
        '"' + "9" * 5000 + '"',
        '"99999999999999999999"',
    ],
)
def test_a_write_at_any_other_version_is_412_and_changes_nothing(
    api: APIClient, path: str, write: Write, tags: str
) -> None:
    before = stored()

    response = write(api, path, HTTP_IF_MATCH=tags)

    assert_error(response, 412, "precondition_failed")
    assert stored() == before


def test_a_write_without_it_goes_through(api: APIClient, path: str, write: Write) -> None:
    assert write(api, path).status_code in (200, 201)


def test_the_etag_of_one_write_is_good_for_the_next(api: APIClient, customer: Customer) -> None:
    path = f"/customers/{customer.pk}"
    tag = api.get(path)["ETag"]
    for name in ("one", "two", "three"):
        response: Any = api.patch(path, {"name": name}, format="json", HTTP_IF_MATCH=tag)
        assert response.status_code == 200
        tag = response["ETag"]

    assert_error(api.delete(path, HTTP_IF_MATCH='"1"'), 412)
    assert api.delete(path, HTTP_IF_MATCH=tag).status_code == 200


def test_a_write_that_would_change_nothing_is_412_too(api: APIClient, customer: Customer) -> None:
    path = f"/customers/{customer.pk}"

    assert_error(api.patch(path, {}, format="json", HTTP_IF_MATCH='"9"'), 412)
    assert_error(api.post(f"{path}/restore", HTTP_IF_MATCH='"9"'), 412)


def test_an_unknown_customer_is_404_whatever_the_precondition(api: APIClient, write: Write) -> None:
    unknown = "/customers/019470a0-0000-7000-8000-000000000000"

    assert_error(write(api, unknown, HTTP_IF_MATCH='"1"'), 404)
    assert_error(write(api, unknown, HTTP_IF_MATCH="*"), 404)


# --- If-None-Match -------------------------------------------------------------------------------


@pytest.mark.parametrize("tags", ['"4"', 'W/"4"', '"1", "4"', "*", '"3",W/"4"'])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_customer_that_the_caller_has_is_304(
    api: APIClient, path: str, method: str, tags: str
) -> None:
    response = send(api, method, path, HTTP_IF_NONE_MATCH=tags)

    assert response.status_code == 304
    assert response["ETag"] == '"4"'
    assert response.content == b""


@pytest.mark.parametrize("tags", ['"3"', "4", '"04"', "", "nonsense", '"' + "9" * 5000 + '"'])
def test_a_customer_that_the_caller_does_not_have_is_200(
    api: APIClient, path: str, tags: str
) -> None:
    assert api.get(path, HTTP_IF_NONE_MATCH=tags).status_code == 200


def test_if_none_match_on_a_write_is_not_heeded(api: APIClient, path: str) -> None:
    response: Any = api.patch(path, {"name": "New"}, format="json", HTTP_IF_NONE_MATCH='"4"')

    assert response.status_code == 200


# --- Two writers at once -------------------------------------------------------------------------


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
