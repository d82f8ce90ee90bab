"""The OpenAPI document of every contract: valid, whole, and true."""

from __future__ import annotations

import re
from typing import Any

import pytest
from drf_spectacular.validation import validate_schema
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from customers.models.compiled import forget_statements
from customers.models.querysets import VisibleQuerySet
from tests import factories
from tests.api.contract_table import BILLABEAR, LAGO, TABLE, VATLY
from tests.api.harness import JSON, NOTHING, Endpoint, Harness, send, send_json
from tests.api.openapi_tour import (
    METHODS,
    Document,
    Tour,
    documented_statuses,
    examples,
    operations,
    validator,
)

pytestmark = pytest.mark.parametrize("harness", TABLE, ids=str)


@pytest.fixture
def path(db: None, harness: Harness) -> str:
    return harness.contract.openapi_path


@pytest.fixture
def document(path: str) -> Document:
    response: Any = APIClient().get(path)
    assert response.status_code == 200
    body: Document = response.json()
    return body


@pytest.fixture
def api(acme: Organization, harness: Harness) -> APIClient:
    return harness.client(acme)


def operation_of(endpoint: Endpoint) -> tuple[str, str]:
    """The method and the path, as the document has them."""
    return endpoint.route.method.lower(), endpoint.route.documented


def open_operations(harness: Harness) -> set[tuple[str, str]]:
    """Those of other paths than the customers'."""
    return {
        (method.lower(), "/" + re.sub(r"<str:(\w+)>", r"{\1}", path))
        for method, path in harness.open
        if method != "*"
    }


def hosts(text: str) -> set[str]:
    return set(re.findall(r"//([\w-]+\.[\w.-]+)", text))


def test_it_is_valid(document: Document) -> None:
    assert document["openapi"].startswith("3.1")
    validate_schema(document)  # type: ignore[no-untyped-call]


def test_every_route_is_in_it_and_no_other(document: Document, harness: Harness) -> None:
    routes = set(map(operation_of, harness.endpoints))

    assert set(operations(document)) == routes | open_operations(harness)
    assert {method for item in document["paths"].values() for method in item} <= METHODS


def test_it_names_no_host_but_those_of_its_examples(
    document: Document, harness: Harness, path: str
) -> None:
    page: Any = APIClient().get(f"/docs/{harness}/")

    assert page.status_code == 200
    assert hosts(page.content.decode()) == set()
    assert hosts(APIClient().get(path).content.decode()) <= harness.hosts
    assert [server["url"] for server in document["servers"]] == ["/"]


@pytest.mark.parametrize("accept", ["*/*", JSON, "text/html", "nonsense"])
def test_it_is_json_and_read_only(path: str, harness: Harness, accept: str) -> None:
    assert APIClient().get(path, HTTP_ACCEPT=accept).json()["openapi"]
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = send(APIClient(), method, path, b"{}", JSON, HTTP_ACCEPT=accept)
        harness.assert_error(answer, 405)


def test_every_operation_has_a_name_a_summary_and_a_tag(document: Document) -> None:
    ids = [operation["operationId"] for operation in operations(document).values()]

    assert len(set(ids)) == len(ids)
    for operation in operations(document).values():
        assert operation["summary"]
        assert operation["tags"]


def test_every_answer_has_examples_and_they_are_such_answers(
    document: Document, harness: Harness
) -> None:
    """Errors have the shape of the contract's errors."""
    found = examples(document)
    errors = [each for each in found if int(each[0]) >= 400]

    for _status, answer, value in found:
        validator(document, answer).validate(value)
    for status, _answer, value in errors:
        example = value
        if int(status) == 422 and harness in (BILLABEAR, LAGO, VATLY):
            example = {**value, harness.faults_at: {"field": ["What is wrong with it."]}}
        assert harness.is_error(int(status), example), value
        assert harness.faults(value) == set() or int(status) in (
            harness.invalid,
            harness.unreadable,
            409,
        )
    assert len(errors) >= 4 * len(operations(document)) - len(open_operations(harness))


def visit(tour: Tour, harness: Harness, acme: Organization, settings: Settings) -> None:
    """Ask for every operation in every way that its document foresees."""
    api, nobody = harness.client(acme), APIClient()
    readers = {
        writes: harness.client(acme, scopes=[f"customers:{'read' if writes else 'write'}"])
        for writes in (True, False)
    }
    customer = factories.customer(acme, name="One", external_id="ext-1", email="old@example.org")
    method_id = str(factories.payment_method(customer).pk)
    factories.user(customer)
    factories.customer(acme)
    used: dict[str, Any] = {"HTTP_IDEMPOTENCY_KEY": "used for something else"}
    harness.create.send(api, customer, body=harness.create.other_body_of(customer), **used)
    large = b'{"x": "%s"}' % (b"a" * 3 * 1024 * 1024)

    for endpoint in harness.endpoints:
        operation, path = operation_of(endpoint), endpoint.path_of(customer, method_id)
        method = endpoint.route.method

        def ask(client: APIClient = api, endpoint: Endpoint = endpoint, **extra: Any) -> None:
            answer = endpoint.send(client, customer, method_id=method_id, **extra)
            tour.note(*operation_of(endpoint), answer)

        ask(nobody)
        ask(readers[endpoint.route.writes])
        if endpoint.route.of_one:
            tour.note(*operation, endpoint.send(api, NOTHING))
        if not endpoint.route.writes:
            for query in queries(harness, customer) if endpoint.is_list else ("unknown=1",):
                tour.note(*operation, api.get(f"{path}?{query}"))
            ask(HTTP_IF_NONE_MATCH="*")
        else:
            tour.note(*operation, send(api, method, f"{path}?unknown=1", b"{}", JSON))
            ask(HTTP_IDEMPOTENCY_KEY="é")
            ask(**used)
            tour.note(*operation, send(api, method, path, large, JSON, HTTP_IDEMPOTENCY_KEY="x"))
        if endpoint.route.conditional:
            ask(HTTP_IF_MATCH='"99"')
        if endpoint.route.writes and harness.dry_runs:
            rehearse(tour, endpoint, api, customer)
        if endpoint.route.body:
            ask(body=endpoint.invalid)
            ask(body={})
            for body, kind in ((b"{", JSON), (b"x=1", "text/plain")):
                tour.note(*operation, send(api, method, path, body, kind))
        ask()
        settings.RATE_LIMIT = "1/day"
        limited = harness.client(acme)
        limited.get(harness.list_path)
        tour.note(*operation, endpoint.send(limited, NOTHING))
        settings.RATE_LIMIT = ""
        Customer.objects.filter(pk=customer.pk).update(archived_at=None)
        # BillaBear and Vatly take an email once, and the next may create again.
        Customer.objects.exclude(pk=customer.pk).update(email=None)


def rehearse(tour: Tour, endpoint: Endpoint, api: APIClient, customer: Customer) -> None:
    """Ask for a dry run and, where the path names what may be new, for something new."""
    operation, method = operation_of(endpoint), endpoint.route.method
    path, body = endpoint.path_of(customer), endpoint.body_of(customer)
    answer = send_json(api, method, f"{path}?dry_run=true", body)
    tour.note(*operation, answer, whole=False)
    if endpoint.route.named_by:
        tour.note(*operation, endpoint.send(api, NOTHING))


def queries(harness: Harness, customer: Customer) -> list[str]:
    """What a list may be asked, and what not."""
    size = harness.sizes[0]
    places = (harness.cursor_of(customer.pk), harness.cursor_of(NOTHING.pk))
    found = [f"{size}=1&{name}={place}" for name in harness.cursors for place in places]
    found += [f"{name}=nobody" for name in harness.texts]
    found += [f"{name}=2000-01-01T00:00:00Z" for name in harness.times]
    return [*found, "", f"{size}=1", "unknown=1", f"{size}=0", f"{size}=101", f"{size}=1000"]


def test_every_documented_status_happens_and_no_other(
    document: Document, harness: Harness, acme: Organization, settings: Settings
) -> None:
    """All but 500 and 503."""
    tour = Tour(document)

    visit(tour, harness, acme, settings)

    documented = documented_statuses(document)
    for operation in open_operations(harness):
        del documented[operation]
    assert dict(tour.seen) == documented


def test_faults_of_ours_are_documented_as_they_are_answered(
    document: Document,
    harness: Harness,
    api: APIClient,
    customer: Customer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*args: Any) -> Any:
        raise RuntimeError

    tour = Tour(document)
    monkeypatch.setattr(VisibleQuerySet, "visible_to", fail)
    forget_statements()

    for endpoint in harness.endpoints:
        if not endpoint.route.blind:
            tour.note(*operation_of(endpoint), endpoint.send(api, customer))

    assert all(statuses == {"500"} for statuses in tour.seen.values())
    assert all("503" in details["responses"] for details in operations(document).values())
