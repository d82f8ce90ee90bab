"""GET /v1/openapi.json: the document is valid, whole, and true."""

from __future__ import annotations

import re
from typing import Any

import pytest
from drf_spectacular.validation import validate_schema
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.api.vatly import urls
from customers.models import Customer, Organization
from customers.models.querysets import CustomerQuerySet
from customers.values.cus_ids import encode
from tests import factories
from tests.api.openapi_tour import (
    METHODS,
    Document,
    Tour,
    documented_statuses,
    examples,
    operations,
    validator,
)
from tests.api.vatly.support import BASE, NOT_FOUND, UNAUTHENTICATED, assert_error, create, send

PATH = "/v1/openapi.json"
UNKNOWN = "cus_01h2xcejqtf2nbrexx3vqjhp41"
CREATE, LIST, GET = ("post", BASE), ("get", BASE), ("get", f"{BASE}/{{id}}")


@pytest.fixture
def document(db: None) -> Document:
    response: Any = APIClient().get(PATH)
    assert response.status_code == 200
    body: Document = response.json()
    return body


def test_it_is_valid(document: Document) -> None:
    assert document["openapi"].startswith("3.1")
    validate_schema(document)  # type: ignore[no-untyped-call]


def test_every_route_is_in_it_and_no_other(document: Document) -> None:
    routes = {
        (method, "/" + re.sub(r"<str:(\w+)>", r"{\1}", str(pattern.pattern)))
        for pattern in urls.urlpatterns
        for method in getattr(pattern.callback, "actions", {})
        if method in METHODS
    }

    assert set(operations(document)) == routes == {CREATE, LIST, GET}


def test_it_names_no_other_host_than_its_examples(document: Document) -> None:
    text = APIClient().get(PATH).content.decode()

    assert set(re.findall(r"//[\w-]+\.[\w.-]+", text)) <= {"//api.example.com"}
    assert "servers" not in document


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_it_is_read_only(db: None, method: str) -> None:
    assert_error(send(APIClient(), method, PATH, b"{}", "application/json"), 405)


def test_every_operation_asks_for_the_key_as_bearer(document: Document) -> None:
    (scheme,) = document["components"]["securitySchemes"].values()

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for operation in operations(document).values():
        assert operation["security"] == [{"ApiKey": []}]
        assert operation["summary"]
        assert operation["tags"]


def test_the_bodies_are_those_of_the_reference(document: Document) -> None:
    schemas = document["components"]["schemas"]
    fields = {"id", "resource", "testmode", "email", "createdAt", "metadata", "links"}

    assert set(schemas["CustomerCreate"]["properties"]) == {"email", "metadata"}
    assert schemas["CustomerCreate"]["required"] == ["email"]
    assert set(schemas["Customer"]["properties"]) == fields
    assert set(schemas["Customer"]["required"]) == fields


def test_metadata_is_documented_with_its_limits(document: Document) -> None:
    metadata = document["components"]["schemas"]["CustomerCreate"]["properties"]["metadata"]

    assert metadata["maxProperties"] == 50
    assert metadata["propertyNames"]["maxLength"] == 40
    assert metadata["additionalProperties"] == {"type": "string", "maxLength": 500}


def test_the_parameters_of_the_list_are_those_of_the_reference(document: Document) -> None:
    parameters = {each["name"]: each for each in operations(document)[LIST]["parameters"]}

    assert set(parameters) == {"limit", "startingAfter", "endingBefore"}
    assert all(each["in"] == "query" for each in parameters.values())
    assert not any(each.get("required") for each in parameters.values())
    limit = parameters["limit"]["schema"]
    assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 100, 10)
    for place in ("startingAfter", "endingBefore"):
        assert re.search(parameters[place]["schema"]["pattern"], UNKNOWN)


def test_every_answer_has_an_example_that_is_one(document: Document) -> None:
    for _status, answer, value in examples(document):
        validator(document, answer).validate(value)


def test_every_error_has_an_example_of_this_contracts_shape(document: Document) -> None:
    errors = [each for each in examples(document) if int(each[0]) >= 400]

    assert len(errors) >= 3 * 4
    for status, _answer, value in errors:
        assert list(value) == (["message", "errors"] if status == "422" else ["message"])
        if status == "401":
            assert value == UNAUTHENTICATED
        if status == "404":
            assert value == NOT_FOUND


def test_every_documented_status_happens_and_no_other(
    document: Document, api: APIClient, acme: Organization, settings: Settings
) -> None:
    """All but 500 and 503."""
    tour = Tour(document)
    good = {"email": "new@example.org", "metadata": {"plan": "pro"}}
    customer = factories.customer(acme, email="old@example.org")
    factories.customer(acme)
    id = encode(customer.pk)
    path = f"{BASE}/{id}"

    tour.note(*CREATE, create(api, good, HTTP_IDEMPOTENCY_KEY="one"))
    tour.note(*CREATE, create(api, good))
    tour.note(*CREATE, create(api, {}, HTTP_IDEMPOTENCY_KEY="one"))
    tour.note(*CREATE, create(api, {"email": "nonsense", "metadata": []}))
    tour.note(*CREATE, send(api, "POST", BASE, b"{", "application/json"))
    tour.note(*CREATE, send(api, "POST", BASE, b"x=1", "text/plain"))
    tour.note(*CREATE, send(api, "POST", BASE, b"{}".ljust(1024 * 1024 + 1), "application/json"))
    tour.note(*CREATE, create(APIClient(), good))
    tour.note(*CREATE, create(factories.client(acme, scopes=["customers:read"]), good))

    queries = ("", "?limit=1", f"?limit=1&startingAfter={id}", f"?startingAfter={UNKNOWN}")
    for query in (*queries, f"?endingBefore={id}", "?limit=0", "?x=1"):
        tour.note(*LIST, api.get(f"{BASE}{query}"))
    tour.note(*GET, api.get(path))
    tour.note(*GET, api.get(path, HTTP_IF_NONE_MATCH='"1"'))
    tour.note(*GET, api.get(f"{path}?x=1"))
    tour.note(*GET, api.get(f"{BASE}/{UNKNOWN}"))
    writer = factories.client(acme, scopes=["customers:write"])
    for operation, each in ((LIST, BASE), (GET, path)):
        tour.note(*operation, APIClient().get(each))
        tour.note(*operation, writer.get(each))

    settings.RATE_LIMIT = "1/day"
    api.get(BASE)
    tour.note(*LIST, api.get(BASE))
    tour.note(*GET, api.get(path))
    tour.note(*CREATE, create(api, good))

    assert dict(tour.seen) == documented_statuses(document)


def test_faults_of_ours_are_documented_as_they_are_told(
    document: Document, api: APIClient, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> Any:
        raise RuntimeError

    tour = Tour(document)
    api.raise_request_exception = False
    monkeypatch.setattr(CustomerQuerySet, "visible_to", fail)

    tour.note(*LIST, api.get(BASE))
    tour.note(*GET, api.get(f"{BASE}/{encode(customer.pk)}"))
    tour.note(*CREATE, create(api, {"email": "new@example.org"}))

    assert set(tour.seen) == {CREATE, LIST, GET}
    assert all(statuses == {"500"} for statuses in tour.seen.values())
    assert all("503" in details["responses"] for details in operations(document).values())
