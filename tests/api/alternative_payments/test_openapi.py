"""GET /customers/openapi.json: the document is valid, whole, and true."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient

from customers.api.alternative_payments import urls
from customers.models import Customer, Organization
from tests import factories
from tests.api.alternative_payments.conftest import Post, basic
from tests.api.alternative_payments.support import assert_error, send

Document = dict[str, Any]
Operation = tuple[str, str]

UNKNOWN = "019470a0-0000-7000-8000-000000000000"
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(db: None) -> Document:
    response = APIClient().get("/customers/openapi.json")
    assert response.status_code == 200
    body: Document = response.json()
    return body


def operations(document: Document) -> dict[Operation, Any]:
    return {
        (method, path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


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

    assert len(routes) == 12
    assert set(operations(document)) == routes


def test_it_needs_no_credential_and_no_other_host(document: Document) -> None:
    for page in ("/customers/openapi.json", "/docs/alternative-payments/"):
        text = APIClient().get(page).content.decode()
        assert not re.search(r"(https?:)?//[\w-]+\.[\w.-]+", text)
    assert "servers" not in document


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html"])
def test_it_is_read_only(db: None, method: str, accept: str) -> None:
    response = send(
        APIClient(),
        method,
        "/customers/openapi.json",
        b"{}",
        "application/json",
        HTTP_ACCEPT=accept,
    )

    assert_error(response, 405)


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html", "nonsense"])
def test_it_is_json_whatever_is_accepted(db: None, accept: str) -> None:
    response = APIClient().get("/customers/openapi.json", HTTP_ACCEPT=accept)

    assert response.status_code == 200
    assert response.json()["openapi"]


def test_every_operation_has_a_name_a_summary_and_a_tag(document: Document) -> None:
    ids = [operation["operationId"] for operation in operations(document).values()]

    assert len(set(ids)) == len(ids)
    for operation in operations(document).values():
        assert operation["summary"]
        assert operation["tags"]


def test_the_token_endpoint_is_that_of_the_oauth_scheme(document: Document) -> None:
    flow = document["components"]["securitySchemes"]["OAuth2"]["flows"]["clientCredentials"]

    assert flow["tokenUrl"] in document["paths"]
    assert set(flow["scopes"]) == {"customers:read", "customers:write"}


def test_every_error_has_an_example_of_this_contracts_shape(document: Document) -> None:
    checked = 0
    for operation in operations(document).values():
        for status, answer in operation["responses"].items():
            if int(status) < 400:
                continue
            for example in answer["content"]["application/json"]["examples"].values():
                value = example["value"]
                assert list(value) == ["code", "message", "validation_errors"]
                validator(document, answer).validate(value)
                checked += 1

    assert checked >= 12 * 4


def test_the_bodies_are_those_of_the_reference(document: Document) -> None:
    schemas = document["components"]["schemas"]
    patch = {
        *("city", "country", "ein", "legal_name", "name", "postal_code", "state"),
        *("street_address", "sub_premise"),
    }

    assert set(schemas["CustomerCreate"]["properties"]) == patch | {"email", "external_id"}
    (patched,) = (name for name in schemas if name.endswith("CustomerPatch"))
    assert set(schemas[patched]["properties"]) == patch
    assert set(schemas["UserCreate"]["properties"]) == {"email", "first_name", "last_name"}


def validator(document: Document, answer: Any) -> Any:
    """Checks bodies against the schema of a documented answer."""
    schema = answer["content"]["application/json"]["schema"]
    return jsonschema.Draft202012Validator({**schema, "components": document["components"]})


ELSEWHERE = {"409", "413", "429", "500", "503"}


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


@pytest.fixture
def tour(document: Document) -> Tour:
    return Tour(document)


def test_every_documented_status_happens_and_no_other(
    tour: Tour,
    api: APIClient,
    acme: Organization,
    customer: Customer,
    post_form: Post,
    three_a_minute: None,
) -> None:
    """All but those that the tests of errors, rate limits and idempotency keys provoke."""
    everything(tour, api, acme, customer)
    for number, path in enumerate(("/oauth/token", "/oauth/revoke")):
        address = f"203.0.113.{number}"  # each path its own count
        token_tour(tour, post_form, path, address)

    documented = {
        operation: set(details["responses"])
        for operation, details in operations(tour.document).items()
    }
    assert tour.seen.keys() == documented.keys()
    for operation, statuses in documented.items():
        assert tour.seen[operation] <= statuses
        assert statuses - tour.seen[operation] <= ELSEWHERE, operation


def token_tour(tour: Tour, post_form: Post, path: str, address: str) -> None:
    operation = ("post", path)
    form = "grant_type=client_credentials&token=x" if path == "/oauth/token" else "token=x"
    requests: list[tuple[str, dict[str, Any]]] = [
        (form, {}),
        ("", {}),
        (form, {"authorization": basic("x", "y")}),
        (form, {}),
    ]
    for body, extra in requests:
        tour.note(operation, post_form(path, body, REMOTE_ADDR=address, **extra))
    elsewhere = address.replace("203", "198")
    too_large = form.ljust(17_000, "a")
    tour.note(operation, post_form(path, too_large, REMOTE_ADDR=elsewhere))
    tour.note(operation, post_form(path, form, content_type="a/b", REMOTE_ADDR=elsewhere))


def everything(tour: Tour, api: APIClient, acme: Organization, customer: Customer) -> None:
    """Requests to every path of the API, in every way that its document foresees."""
    method_id = factories.payment_method(customer).pk
    factories.user(customer, email="taken@example.org")
    taken = factories.customer(acme, name="Was first", external_id="taken")
    taken.archive()
    factories.customer(acme, external_id="taken")

    good: dict[str, Any] = {"name": "Acme", "first_name": "Ada", "email": "new@example.org"}
    ids = {"id": str(customer.pk), "payment_method_id": str(method_id)}
    for operation in operations(tour.document):
        method, template = operation
        if template.startswith("/oauth"):
            continue
        path = template.format(**ids)
        verb = method.upper()

        def ask(
            client: APIClient, path: str, body: Any = good, verb: str = verb, **extra: Any
        ) -> Any:
            if isinstance(body, bytes):
                return send(client, verb, path, body, **extra)
            return getattr(client, verb.lower())(
                path, None if verb == "GET" else body, format="json", **extra
            )

        tour.note(operation, ask(api, path))
        tour.note(operation, ask(api, f"{path}?unknown=1"))
        tour.note(operation, ask(APIClient(), path))
        wrong_scope = "customers:write" if verb == "GET" else "customers:read"
        tour.note(operation, ask(factories.client(acme, scopes=[wrong_scope]), path))
        if "{id}" in template:
            tour.note(operation, ask(api, template.format(**{**ids, "id": UNKNOWN})))
            if verb != "GET":
                tour.note(operation, ask(api, path, HTTP_IF_MATCH='"99"'))
        if (method, template) == ("get", "/customers/{id}"):
            tag = api.get(path)["ETag"]
            tour.note(operation, api.get(path, HTTP_IF_NONE_MATCH=tag))
        if verb in ("POST", "PATCH") and not template.endswith("/restore"):
            large = b'{"name": "%s"}' % (b"a" * 1024 * 1024)
            tour.note(operation, ask(api, path, b"{", content_type="application/json"))
            tour.note(operation, ask(api, path, b"x=1", content_type="text/plain"))
            tour.note(operation, ask(api, path, large, content_type="application/json"))
            wrong = {"name": 5, "first_name": 5}
            tour.note(operation, ask(api, path, wrong))

    create = ("post", "/customers")
    tour.note(create, api.post("/customers", {"external_id": "taken"}, format="json"))
    restore = ("post", "/customers/{id}/restore")
    tour.note(restore, api.post(f"/customers/{taken.pk}/restore"))
    add_user = ("post", "/customers/{id}/users")
    users = f"/customers/{customer.pk}/users"
    tour.note(add_user, api.post(users, {"email": "taken@example.org"}, format="json"))
