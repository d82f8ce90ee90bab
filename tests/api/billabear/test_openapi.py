"""GET /api/v1.0/openapi.json: what its schemas say is what the reference says."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from tests.api.billabear.support import BASE
from tests.api.openapi_tour import Document, operations, validator


@pytest.fixture
def document(db: None) -> Document:
    body: Document = APIClient().get("/api/v1.0/openapi.json").json()
    return body


def test_every_operation_asks_for_the_key_in_its_header(document: Document) -> None:
    schemes = document["components"]["securitySchemes"]

    assert schemes == {"ApiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"}}
    for operation in operations(document).values():
        assert operation["security"] == [{"ApiKey": []}]


def test_the_bodies_are_those_of_the_reference(document: Document) -> None:
    schemas = document["components"]["schemas"]
    fields = {"email", "country", "reference", "external_reference"}

    assert set(schemas["CustomerCreate"]["properties"]) == fields | {"address"}
    # The country is, too, unless the address has one.
    assert set(schemas["CustomerCreate"]["required"]) == {"email"}
    assert set(schemas["Customer"]["properties"]) == fields | {"id"}
    assert set(schemas["Customer"]["required"]) == fields | {"id"}


def test_the_clients_base_has_what_the_reference_s_has(document: Document) -> None:
    at_base: dict[str, set[tuple[str, str]]] = {"/api/v1.0": set(), "/api/v1": set()}
    for method, path in operations(document):
        base, _, rest = path.partition("/customer")
        at_base[base].add((method, rest))

    assert at_base["/api/v1.0"] == at_base["/api/v1"]
    assert len(at_base["/api/v1"]) == 8


def test_the_parameters_of_the_list_are_those_of_the_reference(document: Document) -> None:
    parameters = {each["name"]: each for each in operations(document)["get", BASE]["parameters"]}

    assert set(parameters) == {
        *("per_page", "limit", "last_key", "email", "country", "reference", "external_reference")
    }
    assert all(each["in"] == "query" for each in parameters.values())
    assert not any(each.get("required") for each in parameters.values())
    size = parameters["per_page"]["schema"]
    assert (size["minimum"], size["maximum"], size["default"]) == (1, 100, 10)


def test_401_is_documented_as_an_empty_list(document: Document) -> None:
    for operation in operations(document).values():
        check = validator(document, operation["responses"]["401"])
        assert check.is_valid([])
        assert not check.is_valid([1])
        assert not check.is_valid({})
