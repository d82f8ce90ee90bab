"""GET /api/v1/openapi.json: what its schemas say is what the reference says."""

from __future__ import annotations

import re

import pytest
from rest_framework.test import APIClient

from tests.api.lago.support import DINESH, FIELDS, KEYS, PATH, post, shown
from tests.api.openapi_tour import Document, operations, validator

URL = "/api/v1/openapi.json"


@pytest.fixture
def document(db: None) -> Document:
    body: Document = APIClient().get(URL).json()
    return body


def test_hosts_are_named_in_examples_of_its_paths_only(document: Document) -> None:
    assert not re.search(r"(https?:)?//[\w-]+\.[\w.-]+", str({**document, "paths": None}))


def test_a_key_as_bearer_is_its_only_credential(document: Document) -> None:
    (scheme,) = document["components"]["securitySchemes"].items()

    assert (scheme[1]["type"], scheme[1]["scheme"]) == ("http", "bearer")
    for operation in operations(document).values():
        assert operation["security"] == [{scheme[0]: []}]


def test_a_customer_may_be_called_as_it(api: APIClient, document: Document) -> None:
    created = shown(post(api, {"customer_id": "openapi.json"}))

    assert shown(api.get(f"{PATH}/openapi.json")) == created
    assert APIClient().get(URL).json() == document


def test_the_members_are_those_of_the_reference(document: Document) -> None:
    schemas = document["components"]["schemas"]

    objects = {"billing_configuration", "metadata"}
    written = set(schemas["CustomerWrite"]["properties"])
    assert written == {"customer_id", "external_id", *objects, *FIELDS}
    assert set(schemas["Customer"]["properties"]) == KEYS
    assert set(schemas["Customer"]["required"]) == KEYS
    for name in FIELDS:
        assert "null" in str(schemas["Customer"]["properties"][name]["type"]), name


def test_the_documents_example_is_the_vendors_and_works(api: APIClient, document: Document) -> None:
    body = operations(document)["post", PATH]["requestBody"]
    example = body["content"]["application/json"]["examples"]["upsert-customer"]

    assert example["value"] == {"customer": DINESH}
    validator(document, body).validate(example["value"])
    assert shown(api.post(PATH, example["value"], format="json"))["name"] == DINESH["name"]
