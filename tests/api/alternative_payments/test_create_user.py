"""POST /customers/{id}/users"""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, CustomerUser, Organization
from tests import factories
from tests.api.alternative_payments.support import assert_error
from tests.stored import stored

ADA = {"email": "ada@example.org", "first_name": "Ada", "last_name": "Lovelace"}


def create(api: APIClient, customer: Customer, **body: Any) -> Any:
    return api.post(f"/customers/{customer.pk}/users", body, format="json")


def test_answers_201_with_the_user(api: APIClient, customer: Customer) -> None:
    response = create(api, customer, **ADA)

    body = response.json()
    assert response.status_code == 201
    assert body == {**ADA, "id": body["id"], "created_at": body["created_at"]}
    assert api.get(f"/customers/{customer.pk}/users").json()["data"] == [body]


def test_the_user_belongs_to_the_customer_and_all_that_it_belongs_to(
    acme: Organization, customer: Customer
) -> None:
    for_tests = factories.customer(acme, "test", name="For tests")

    create(factories.client(acme, "test"), for_tests, **ADA)

    user = CustomerUser.objects.get()
    assert (user.customer, user.organization, user.mode) == (for_tests, acme, "test")


@pytest.mark.parametrize("name", sorted(ADA))
def test_every_field_is_optional_and_enough_by_itself(
    api: APIClient, customer: Customer, name: str
) -> None:
    body = create(api, customer, **{name: ADA[name]}).json()

    assert body[name] == ADA[name]
    assert [body[other] for other in ADA if other != name] == [None, None]


@pytest.mark.parametrize("body", [{}, {"email": ""}, {"first_name": " "}, {"last_name": None}])
def test_a_user_without_any_value_is_422(
    api: APIClient, customer: Customer, body: dict[str, Any]
) -> None:
    answer = assert_error(create(api, customer, **body), 422)

    assert set(answer["validation_errors"]) == {"body"}
    assert not CustomerUser.objects.exists()


@pytest.mark.parametrize("name", sorted(ADA))
@pytest.mark.parametrize("blank", ["", " ", "\t\n", None])
def test_blank_text_is_null(
    api: APIClient, customer: Customer, name: str, blank: str | None
) -> None:
    response = create(api, customer, **{**ADA, name: blank})

    assert response.status_code == 201, response.content
    assert response.json()[name] is None


@pytest.mark.parametrize("email", ["ada@example.org", "ADA@Example.ORG"])
def test_an_email_is_a_customers_once_ignoring_case(
    api: APIClient, customer: Customer, email: str
) -> None:
    create(api, customer, **ADA)
    before = stored()

    answer = assert_error(create(api, customer, email=email), 409)

    assert set(answer["validation_errors"]) == {"email"}
    assert stored() == before


def test_the_same_person_may_belong_to_several_customers(
    api: APIClient, acme: Organization, customer: Customer
) -> None:
    other = factories.customer(acme, name="Other")

    answers = [create(api, each, **ADA) for each in (customer, other)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]


def test_users_without_an_email_are_many(api: APIClient, customer: Customer) -> None:
    answers = [create(api, customer, first_name="Ada") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]


@pytest.mark.parametrize("email", ["ada", "a@b", "a b@example.org", "a" * 250 + "@example.org"])
def test_what_is_no_email_is_422_and_not_repeated(
    api: APIClient, customer: Customer, email: str
) -> None:
    response = create(api, customer, email=email)

    assert set(assert_error(response, 422)["validation_errors"]) == {"email"}
    assert email not in response.json()["validation_errors"]["email"]


@pytest.mark.parametrize("name", ["first_name", "last_name"])
def test_names_have_255_characters_at_most(api: APIClient, customer: Customer, name: str) -> None:
    assert create(api, customer, **{name: "🦊" * 255}).json()[name] == "🦊" * 255
    assert_error(create(api, customer, **{name: "a" * 256}), 422)


def test_the_customer_stays_at_its_version(api: APIClient, customer: Customer) -> None:
    create(api, customer, **ADA)

    assert api.get(f"/customers/{customer.pk}")["ETag"] == '"1"'


def test_an_unknown_customer_is_404_whatever_the_body(api: APIClient) -> None:
    for body in (ADA, {}, {"email": "x"}):
        response: Any = api.post(
            "/customers/019470a0-0000-7000-8000-000000000000/users", body, format="json"
        )
        assert_error(response, 404)


def test_the_history_says_who_added_the_user(api: APIClient, customer: Customer) -> None:
    response = create(api, customer, **ADA)

    context = CustomerUser.objects.get().events.get().pgh_context  # type: ignore[attr-defined]
    assert context["contract"] == "alternative-payments"
    assert context["actor"]["kind"] == "api_key"
    assert context["request_id"] == response["X-Request-Id"]
