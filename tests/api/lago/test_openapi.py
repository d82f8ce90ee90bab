"""GET /api/v1/openapi.json: the document is valid, whole, and true."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from drf_spectacular.validation import validate_schema
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories
from tests.api.lago.support import (
    BAD_REQUEST,
    DINESH,
    FIELDS,
    KEYS,
    PATH,
    assert_error,
    at,
    post,
    send,
    shown,
)

Document = dict[str, Any]
Operation = tuple[str, str]

URL = "/api/v1/openapi.json"
ONE = f"{PATH}/{{external_id}}"
UPSERT, LIST, GET, DELETE = OPERATIONS = (
    ("post", PATH),
    ("get", PATH),
    ("get", ONE),
    ("delete", ONE),
)


@pytest.fixture
def document(db: None) -> Document:
    response = APIClient().get(URL)
    assert response.status_code == 200
    body: Document = response.json()
    return body


def operations(document: Document) -> dict[Operation, Any]:
    return {
        (method, path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def validator(document: Document, answer: Any) -> Any:
    """Checks bodies against the schema of a documented answer or request."""
    schema = answer["content"]["application/json"]["schema"]
    return jsonschema.Draft202012Validator({**schema, "components": document["components"]})


def test_it_is_valid(document: Document) -> None:
    assert document["openapi"].startswith("3.1")
    validate_schema(document)  # type: ignore[no-untyped-call]


def test_every_route_is_in_it_and_no_other(document: Document) -> None:
    assert set(operations(document)) == set(OPERATIONS)


def test_every_operation_has_a_name_a_summary_and_a_tag(document: Document) -> None:
    ids = [operation["operationId"] for operation in operations(document).values()]

    assert len(set(ids)) == len(ids)
    for operation in operations(document).values():
        assert operation["summary"]
        assert operation["tags"]


def test_it_needs_no_credential_and_tells_of_no_other_host(document: Document) -> None:
    text = str({**document, "paths": None})
    page = APIClient().get("/docs/lago/")

    assert page.status_code == 200
    assert not re.search(r"(https?:)?//[\w-]+\.[\w.-]+", text)
    assert "servers" not in document


def test_a_key_as_bearer_is_its_only_credential(document: Document) -> None:
    (scheme,) = document["components"]["securitySchemes"].items()

    assert (scheme[1]["type"], scheme[1]["scheme"]) == ("http", "bearer")
    for operation in operations(document).values():
        assert operation["security"] == [{scheme[0]: []}]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_it_is_read_only(db: None, method: str) -> None:
    response = send(APIClient(), method, URL, b"{}", "application/json", HTTP_ACCEPT="text/html")

    assert_error(response, {"status": 405, "error": "Method Not Allowed"})


@pytest.mark.parametrize("accept", ["*/*", "text/html", "nonsense"])
def test_it_is_json_whatever_is_accepted(db: None, accept: str) -> None:
    assert APIClient().get(URL, HTTP_ACCEPT=accept).json()["openapi"]


def test_a_bad_host_is_told_in_json_here_too(db: None) -> None:
    client = APIClient(raise_request_exception=False)

    assert_error(client.get(URL, HTTP_HOST="evil.example"), BAD_REQUEST)


def test_a_customer_may_be_called_as_it(api: APIClient, document: Document) -> None:
    created = shown(post(api, {"customer_id": "openapi.json"}))

    assert shown(api.get(f"{PATH}/openapi.json")) == created
    assert APIClient().get(URL).json() == document


def test_the_members_are_those_of_the_reference(document: Document) -> None:
    schemas = document["components"]["schemas"]

    assert set(schemas["CustomerWrite"]["properties"]) == {"customer_id", "external_id", *FIELDS}
    assert set(schemas["Customer"]["properties"]) == KEYS
    assert set(schemas["Customer"]["required"]) == KEYS
    for name in FIELDS:
        assert "null" in str(schemas["Customer"]["properties"][name]["type"]), name


def test_the_documents_example_is_the_vendors_and_works(api: APIClient, document: Document) -> None:
    body = operations(document)[UPSERT]["requestBody"]
    (example,) = body["content"]["application/json"]["examples"].values()

    assert example["value"] == {"customer": DINESH}
    validator(document, body).validate(example["value"])
    assert shown(api.post(PATH, example["value"], format="json"))["name"] == DINESH["name"]


def test_every_error_has_an_example_of_its_status(document: Document) -> None:
    checked = 0
    for operation in operations(document).values():
        for status, answer in operation["responses"].items():
            if int(status) < 400:
                continue
            (example,) = answer["content"]["application/json"]["examples"].values()
            assert example["value"]["status"] == int(status)
            validator(document, answer).validate(example["value"])
            checked += 1

    assert checked >= 30


class Tour:
    """Makes requests, and notes the answers of every operation."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.seen: dict[Operation, set[str]] = defaultdict(set)

    def note(self, operation: Operation, response: Any) -> None:
        status = str(response.status_code)
        self.seen[operation].add(status)
        documented = operations(self.document)[operation]["responses"].get(status, {})
        if "content" in documented:
            validator(self.document, documented).validate(response.json())
        else:
            assert response.content == b""
        for header in documented.get("headers", {}):
            assert response[header]

    def visit(self, api: APIClient, acme: Organization, settings: Settings) -> None:
        """Ask for each operation in every way that the document foresees."""
        body: Any = {"customer": DINESH}
        for operation in (UPSERT, LIST, GET, DELETE):
            verb = operation[0]
            path = operation[1].format(external_id="ext-1")

            def ask(
                client: APIClient,
                path: str = path,
                given: Any = body,
                verb: str = verb,
                **extra: Any,
            ) -> Any:
                data = given if verb == "post" else None
                return getattr(client, verb)(path, data, format="json", **extra)

            self.note(operation, ask(api, f"{path}?unknown=1"))
            self.note(operation, ask(APIClient()))
            scope = "customers:write" if verb == "get" else "customers:read"
            self.note(operation, ask(factories.client(acme, scopes=[scope])))
            if operation[1] == ONE:
                self.note(operation, ask(api, at("unknown")))
            if operation == GET:
                self.note(operation, ask(api, HTTP_IF_NONE_MATCH="*"))
            if verb != "get":
                self.note(operation, ask(api, HTTP_IF_MATCH='"99"'))
                self.note(operation, ask(api, HTTP_IDEMPOTENCY_KEY="é"))
                headers = {"HTTP_IDEMPOTENCY_KEY": "used for something else"}
                post(api, {"customer_id": "other"}, **headers)
                self.note(operation, ask(api, **headers))
                large = (b" " * 3 * 1024 * 1024, "application/json")
                self.note(
                    operation,
                    send(api, verb.upper(), path, *large, HTTP_IDEMPOTENCY_KEY="large"),
                )
            if operation == UPSERT:
                self.note(operation, ask(api, given={}))
                self.note(operation, ask(api, given={"customer": {"name": 5}}))
                self.note(operation, send(api, "POST", path, b"x=1", "text/plain"))
            self.note(operation, ask(api))
            settings.RATE_LIMIT = "1/day"
            limited = factories.client(acme)
            for _ in range(3):
                self.note(operation, ask(limited))
            settings.RATE_LIMIT = ""


def test_every_documented_status_happens_and_no_other(
    document: Document,
    api: APIClient,
    acme: Organization,
    customer: Customer,
    settings: Settings,
) -> None:
    """All but 500 and 503, which the tests of errors provoke."""
    tour = Tour(document)
    tour.visit(api, acme, settings)

    documented = {
        operation: {status for status in details["responses"] if status not in ("500", "503")}
        for operation, details in operations(document).items()
    }
    assert dict(tour.seen) == documented
