"""GET /v1/openapi.json: what its schemas say is what the reference says."""

from __future__ import annotations

import re

import pytest
from rest_framework.test import APIClient

from tests.api.openapi_tour import Document, operations
from tests.api.vatly.support import BASE

UNKNOWN = "cus_01h2xcejqtf2nbrexx3vqjhp41"


@pytest.fixture
def document(db: None) -> Document:
    body: Document = APIClient().get("/v1/openapi.json").json()
    return body


def test_every_operation_asks_for_the_key_as_bearer(document: Document) -> None:
    (scheme,) = document["components"]["securitySchemes"].values()

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for operation in operations(document).values():
        assert operation["security"] == [{"ApiKey": []}]


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
    parameters = {each["name"]: each for each in operations(document)["get", BASE]["parameters"]}

    assert set(parameters) == {"limit", "startingAfter", "endingBefore"}
    assert all(each["in"] == "query" for each in parameters.values())
    assert not any(each.get("required") for each in parameters.values())
    limit = parameters["limit"]["schema"]
    assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 100, 10)
    for place in ("startingAfter", "endingBefore"):
        assert re.search(parameters[place]["schema"]["anyOf"][0]["pattern"], UNKNOWN)
