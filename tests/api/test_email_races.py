"""One email, claimed by many callers at once through the contracts that refuse a second one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.billabear import support as billabear_support
from tests.api.harness import send_json
from tests.api.vatly import support as vatly_support
from tests.threads import race, raised

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 16
ROUNDS = 4

Create = Callable[[str], Any]


def through_billabear(client: APIClient) -> Create:
    return lambda email: billabear_support.create(client, {"email": email, "country": "DE"})


def through_vatly(client: APIClient) -> Create:
    return lambda email: vatly_support.create(client, {"email": email})


def assert_conflict(response: Any) -> None:
    """The answer with which its contract shows a taken email."""
    if response.wsgi_request.path == billabear_support.BASE:
        assert set(billabear_support.assert_error(response, 409)["errors"]) == {"email"}
    else:
        vatly_support.assert_error(response, 422, "email")


def spellings(number: int) -> list[str]:
    return [f"ada{number}@example.org", f"ADA{number}@example.org", f" Ada{number}@Example.org "]


@pytest.fixture
def acme(transactional_db: None) -> Organization:
    return factories.organization("acme")


@pytest.fixture(params=["billabear", "vatly", "both"])
def writers(request: pytest.FixtureRequest, acme: Organization) -> list[Create]:
    """Callers of one contract, or of both by turns, each with a client of its own."""

    def caller(contract: str) -> Create:
        if contract == "billabear":
            return through_billabear(billabear_support.client(acme))
        return through_vatly(factories.client(acme))

    turns = ["billabear", "vatly"] if request.param == "both" else [request.param] * 2
    return [caller(turns[number % 2]) for number in range(WRITERS)]


def test_an_email_goes_to_exactly_one_and_all_others_are_reported(writers: list[Create]) -> None:
    for number in range(ROUNDS):
        emails = spellings(number)

        answers = race(
            *(
                lambda create=create, email=emails[place % 3]: create(email)
                for place, create in enumerate(writers)
            )
        )

        assert raised(answers) == []
        statuses = Counter(answer.status_code == 201 for answer in answers)
        assert statuses == {True: 1, False: WRITERS - 1}
        for answer in answers:
            if answer.status_code != 201:
                assert_conflict(answer)
        assert Customer.objects.with_email(emails[0]).count() == 1
    assert Customer.objects.count() == ROUNDS


def test_an_email_goes_to_exactly_one_of_those_that_change_to_it(acme: Organization) -> None:
    client = billabear_support.client(acme)
    rows = [factories.customer(acme, email=f"{n}@example.org") for n in range(WRITERS)]
    paths = [f"{billabear_support.BASE}/{row.pk}" for row in rows]
    email = spellings(0)

    answers = race(
        *(
            lambda path=path, text=email[place % 3]: send_json(client, "PUT", path, {"email": text})
            for place, path in enumerate(paths)
        )
    )

    assert raised(answers) == []
    assert Counter(answer.status_code for answer in answers) == {202: 1, 409: WRITERS - 1}
    assert Customer.objects.with_email(email[0]).count() == 1


def test_emails_that_differ_are_all_taken(writers: list[Create]) -> None:
    answers = race(
        *(
            lambda create=create, email=f"{number}@example.org": create(email)
            for number, create in enumerate(writers)
        )
    )

    assert raised(answers) == []
    assert {answer.status_code for answer in answers} == {201}
    assert Customer.objects.count() == WRITERS


def test_each_mode_and_organization_has_the_email_once(acme: Organization) -> None:
    globex = factories.organization("globex")
    writers = [
        create
        for organization in (acme, globex)
        for mode in ("live", "test")
        for create in (
            *[through_billabear(billabear_support.client(organization, mode))] * 2,
            *[through_vatly(factories.client(organization, mode))] * 2,
        )
    ]

    answers = race(*(lambda create=create: create("ada@example.org") for create in writers))

    assert raised(answers) == []
    for place in range(0, WRITERS, 4):
        made = [answer for answer in answers[place : place + 4] if answer.status_code == 201]
        assert len(made) == 1
    for answer in answers:
        if answer.status_code != 201:
            assert_conflict(answer)
    assert Customer.objects.with_email("ada@example.org").count() == 4


def test_one_idempotency_key_sent_by_all_makes_one_customer(acme: Organization) -> None:
    """A retry that overtakes the first try must wait; none is refused for its email."""
    clients = [billabear_support.client(acme)] * (WRITERS // 2)
    body = {"email": "ada@example.org", "country": "DE"}

    answers = race(
        *(
            lambda client=client: billabear_support.create(client, body, HTTP_IDEMPOTENCY_KEY="1")
            for client in clients
        )
    )

    assert raised(answers) == []
    made = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in made}) == 1
    for answer in answers:
        if answer.status_code != 201:
            reported = billabear_support.assert_error(answer, 409)
            assert "Idempotency-Key" in reported["reason"]
            assert int(answer["Retry-After"]) >= 1
    assert Customer.objects.count() == 1
