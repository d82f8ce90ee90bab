"""POST /customers"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.alternative_payments.support import assert_error
from tests.api.harness import send
from tests.stored import stored

WHOLE = {
    "city": "New York",
    "country": "USA",
    "ein": "12-3456789",
    "email": "billing@acme.example",
    "external_id": "crm-42",
    "legal_name": "Acme Corporation Inc.",
    "name": "Acme Corp",
    "postal_code": "10001",
    "state": "NY",
    "street_address": "123 Main St, New York, NY 10001",
    "sub_premise": "Apt 1",
}


def create(api: APIClient, **body: Any) -> Any:
    return api.post("/customers", body, format="json")


def test_answers_201_with_every_member_of_the_document(api: APIClient) -> None:
    response = create(api, **WHOLE)

    body = response.json()
    assert response.status_code == 201
    assert body == {
        **WHOLE,
        "id": body["id"],
        "created_at": body["created_at"],
        "customer_integration_id": None,
        "default_payment_method_id": None,
    }
    assert response["ETag"] == '"1"'


def test_the_id_is_a_uuid_and_created_at_the_time_of_the_request(api: APIClient) -> None:
    before = timezone.now()
    body = create(api, name="Acme").json()

    assert UUID(body["id"]).version == 7
    assert body["created_at"].endswith("Z")
    assert before <= datetime.fromisoformat(body["created_at"]) <= timezone.now()


def test_what_was_created_is_what_is_read(api: APIClient) -> None:
    created = create(api, **WHOLE)

    read = api.get(f"/customers/{created.json()['id']}")

    assert read.json() == created.json()
    assert read["ETag"] == created["ETag"]


def test_it_belongs_to_the_credentials_organization_and_mode(
    acme: Organization, globex: Organization
) -> None:
    create(factories.client(globex, "test"), name="Theirs")

    customer = Customer.objects.get()
    assert (customer.organization, customer.mode) == (globex, "test")


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_every_field_is_optional_and_enough_by_itself(api: APIClient, name: str) -> None:
    body = create(api, **{name: WHOLE[name]}).json()

    assert body[name] == WHOLE[name]
    assert [body[other] for other in WHOLE if other != name] == [None] * (len(WHOLE) - 1)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "  ", "city": "\t"},
        {"name": None},
        {"country": ""},
        dict.fromkeys(WHOLE),
        {"unknown": "x"},
    ],
)
def test_a_customer_without_any_value_is_422(api: APIClient, body: dict[str, Any]) -> None:
    answer = assert_error(create(api, **body), 422)

    assert set(answer["validation_errors"]) == {"body"}
    assert not Customer.objects.exists()


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\N{NO-BREAK SPACE}", None])
def test_blank_text_is_null(api: APIClient, blank: str | None) -> None:
    values = dict.fromkeys(WHOLE, blank)

    body = create(api, **{**values, "name": "Acme"}).json()

    assert [body[name] for name in WHOLE if name != "name"] == [None] * (len(WHOLE) - 1)


@pytest.mark.parametrize("given", ["US", "us", "USA", "usa", "United States", "america", " USA "])
def test_a_country_is_read_in_three_forms_and_shown_as_alpha_3(api: APIClient, given: str) -> None:
    assert create(api, country=given).json()["country"] == "USA"
    assert Customer.objects.get().country == "US"


@pytest.mark.parametrize("given", ["12-3456789", "123456789"])
def test_an_ein_may_have_its_dash_or_not(api: APIClient, given: str) -> None:
    assert create(api, ein=given).status_code == 201


def test_an_email_is_stored_without_space_around_it(api: APIClient) -> None:
    assert create(api, email="a@example.org\n").json()["email"] == "a@example.org"


def test_an_email_may_be_shared(api: APIClient) -> None:
    answers = [create(api, email="shared@example.org") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]


def test_several_fields_fail_at_once(api: APIClient) -> None:
    answer = assert_error(
        create(api, country="XX", email="x", ein="1", name=7, street_address="a" * 256), 422
    )

    assert set(answer["validation_errors"]) == {"country", "email", "ein", "name", "street_address"}


def test_a_value_that_is_refused_is_not_repeated(api: APIClient) -> None:
    response = create(api, country="Atlantis", email="no-address", ein="no-number")

    text = response.content.decode()
    assert response.status_code == 422
    assert not any(value in text for value in ("Atlantis", "no-address", "no-number"))


# --- external_id ---------------------------------------------------------------------------------


def test_an_external_id_in_use_is_409_and_nothing_is_stored(
    api: APIClient, customer: Customer
) -> None:
    before = stored()

    answer = assert_error(create(api, external_id="ext-1", name="Second"), 409)

    assert set(answer["validation_errors"]) == {"external_id"}
    assert stored() == before


def test_an_external_id_is_distinguished_by_case(api: APIClient, customer: Customer) -> None:
    assert create(api, external_id="EXT-1").status_code == 201


def test_the_external_id_of_an_archived_customer_is_free(
    api: APIClient, customer: Customer
) -> None:
    customer.archive()

    assert create(api, external_id="ext-1").status_code == 201


def test_an_external_id_is_the_organizations_and_the_modes_own(
    acme: Organization, globex: Organization, customer: Customer
) -> None:
    assert create(factories.client(globex), external_id="ext-1").status_code == 201
    assert create(factories.client(acme, "test"), external_id="ext-1").status_code == 201


def test_a_surrogate_pair_is_one_character(api: APIClient) -> None:
    response: Any = send(
        api, "POST", "/customers", b'{"name": "\\ud83e\\udd8a"}', "application/json"
    )
    assert response.json()["name"] == "🦊"


def test_the_history_says_who_created_it_through_what(api: APIClient) -> None:
    response = create(api, name="Acme")

    context = Customer.objects.get().events.get().pgh_context  # type: ignore[attr-defined]
    assert context["contract"] == "alternative-payments"
    assert context["actor"]["kind"] == "api_key"
    assert context["request_id"] == response["X-Request-Id"]
