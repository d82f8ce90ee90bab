"""GET /api/v1.0/openapi.json: the document is valid, whole, and true."""

from __future__ import annotations

import re
from typing import Any

import pytest
from drf_spectacular.validation import validate_schema
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.api.billabear import urls
from customers.models import Customer, Organization
from customers.models.querysets import CustomerQuerySet
from tests import factories
from tests.api.billabear.support import BASE, assert_error, client, create, send
from tests.api.openapi_tour import (
    METHODS,
    Document,
    Tour,
    documented_statuses,
    examples,
    operations,
    validator,
)

PATH = "/api/v1.0/openapi.json"
UNKNOWN = "019470a0-0000-7000-8000-000000000000"
CREATE, LIST, GET = ("put", BASE), ("get", BASE), ("get", f"{BASE}/{{id}}")


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


def test_it_names_no_other_host(document: Document) -> None:
    text = APIClient().get(PATH).content.decode()

    assert not re.search(r"(https?:)?//[\w-]+\.[\w.-]+", text)
    assert "servers" not in document


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_it_is_read_only(db: None, method: str) -> None:
    assert_error(send(APIClient(), method, PATH, b"{}", "application/json"), 405)


def test_every_operation_asks_for_the_key_in_its_header(document: Document) -> None:
    schemes = document["components"]["securitySchemes"]

    assert schemes == {"ApiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"}}
    for operation in operations(document).values():
        assert operation["security"] == [{"ApiKey": []}]
        assert operation["summary"]
        assert operation["tags"]


def test_the_bodies_are_those_of_the_reference(document: Document) -> None:
    schemas = document["components"]["schemas"]
    fields = {"email", "country", "reference", "external_reference"}

    assert set(schemas["CustomerCreate"]["properties"]) == fields
    assert set(schemas["CustomerCreate"]["required"]) == {"email", "country"}
    assert set(schemas["Customer"]["properties"]) == fields | {"id"}
    assert set(schemas["Customer"]["required"]) == fields | {"id"}


def test_the_parameters_of_the_list_are_those_of_the_reference(document: Document) -> None:
    parameters = {each["name"]: each for each in operations(document)[LIST]["parameters"]}

    assert set(parameters) == {
        *("per_page", "limit", "last_key", "email", "country", "reference", "external_reference")
    }
    assert all(each["in"] == "query" for each in parameters.values())
    assert not any(each.get("required") for each in parameters.values())
    size = parameters["per_page"]["schema"]
    assert (size["minimum"], size["maximum"], size["default"]) == (1, 100, 10)


def test_every_error_has_an_example_of_this_contracts_shape(document: Document) -> None:
    errors = [each for each in examples(document) if int(each[0]) >= 400]

    for status, answer, value in errors:
        validator(document, answer).validate(value)
        if status == "404":
            assert value == {"success": False}
        else:
            assert value["success"] is False
            assert value["reason"]
    assert len(errors) >= 3 * 4


def test_401_is_documented_as_an_empty_list(document: Document) -> None:
    for operation in operations(document).values():
        check = validator(document, operation["responses"]["401"])
        assert check.is_valid([])
        assert not check.is_valid([1])
        assert not check.is_valid({})


def test_every_documented_status_happens_and_no_other(
    document: Document, api: APIClient, acme: Organization, settings: Settings
) -> None:
    """All but 500 and 503."""
    tour = Tour(document)
    good = {"email": "new@example.org", "country": "DE", "reference": "One"}
    customer = factories.customer(acme, email="old@example.org")
    factories.customer(acme)
    path = f"{BASE}/{customer.pk}"

    tour.note(*CREATE, create(api, good))
    tour.note(*CREATE, create(api, good))
    tour.note(*CREATE, create(api, {"email": "nonsense"}))
    tour.note(*CREATE, send(api, "PUT", BASE, b"{", "application/json"))
    tour.note(*CREATE, send(api, "PUT", BASE, b"x=1", "text/plain"))
    tour.note(*CREATE, send(api, "PUT", BASE, b"{}".ljust(1024 * 1024 + 1), "application/json"))
    tour.note(*CREATE, create(APIClient(), good))
    tour.note(*CREATE, create(client(acme, scopes=["customers:read"]), good))

    queries = ("", "?per_page=1", f"?last_key={UNKNOWN}", "?email=nobody", "?per_page=0", "?x=1")
    for query in (*queries, "?limit=101", f"?last_key={customer.pk}"):
        tour.note(*LIST, api.get(f"{BASE}{query}"))
    tour.note(*GET, api.get(path))
    tour.note(*GET, api.get(path, HTTP_IF_NONE_MATCH='"1"'))
    tour.note(*GET, api.get(f"{path}?x=1"))
    tour.note(*GET, api.get(f"{BASE}/{UNKNOWN}"))
    writer = client(acme, scopes=["customers:write"])
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
    tour.note(*GET, api.get(f"{BASE}/{customer.pk}"))
    tour.note(*CREATE, create(api, {"email": "new@example.org", "country": "DE"}))

    assert set(tour.seen) == {CREATE, LIST, GET}
    assert all(statuses == {"500"} for statuses in tour.seen.values())
    assert all("503" in details["responses"] for details in operations(document).values())
