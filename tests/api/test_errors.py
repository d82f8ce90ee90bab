"""Errors of every status: always JSON of the contract's own shape, whoever raises them."""

from __future__ import annotations

import gzip
import itertools
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests.api.contract_table import ALTERNATIVE_PAYMENTS, TABLE, WITH_BODY
from tests.api.harness import JSON, NOTHING, Endpoint, Harness, send, send_json
from tests.stored import stored

pytestmark = pytest.mark.usefixtures("debug")

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"}
METHODS |= {"X" * 100}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HOSTS = ["evil.example", "a b", "testserver:x", "", "[::1", "ä.example"]

each_contract = pytest.mark.parametrize("harness", TABLE, ids=str)


def filled(path: str, harness: Harness, customer: Customer) -> str:
    names = {"method_id": "any", "user_id": "any", "external_id": customer.external_id}
    return path.format(id=harness.id_of(customer), **names)


def provoked(
    harness: Harness, acme: Organization, customer: Customer, settings: Settings
) -> list[tuple[int, Any]]:
    """Every status that a caller can bring about by a mistake, and its answer."""
    api, nobody, stranger = harness.client(acme), APIClient(), harness.bearer("live_unknown")
    reader = harness.client(acme, scopes=["customers:read"])
    create, listing = harness.create, harness.listing.route
    one, missing = harness.path_of(customer), harness.path_of(NOTHING)
    method, path = create.route.method, create.route.path
    large = b'{"x": "%s"}' % (b"a" * 1024 * 1024)
    found = [
        (400, send(api, method, path, b"{", JSON)),
        (400, create.send(api, customer, HTTP_IDEMPOTENCY_KEY="é")),
        (harness.unreadable, api.get(f"{listing.path}?{harness.sizes[0]}=0")),
        (401, nobody.get(one)),
        (401, stranger.get(one)),
        (403, create.send(reader, customer)),
        (404, api.get(missing)),
        (404, api.get(filled(harness.unknown[0], harness, customer))),
        (405, send(api, "PATCH", path, b"{}", JSON)),
        (413, send(api, method, path, large, JSON)),
        (415, send(api, method, path, b"name=x", "text/plain")),
        (harness.invalid, create.send(api, customer, body=create.invalid)),
    ]
    key = {"HTTP_IDEMPOTENCY_KEY": "one"}
    assert create.send(api, customer, **key).status_code == create.route.ok
    found.append((409, create.send(api, customer, body=create.other_body_of(customer), **key)))
    found += [
        (412, endpoint.send(api, endpoint.prepared(customer), HTTP_IF_MATCH='"99"'))
        for endpoint in sorted(harness.endpoints, key=lambda each: each.route.of_archived)
        if endpoint.route.conditional
    ]
    settings.RATE_LIMIT = "1/day"
    api.get(one)
    found.append((429, api.get(one)))
    return found


@each_contract
def test_each_status_has_the_shape_and_its_own_request_id(
    acme: Organization, customer: Customer, harness: Harness, settings: Settings
) -> None:
    found = provoked(harness, acme, customer, settings)

    for status, answer in found:
        error = harness.assert_error(answer, status)
        assert harness.faults(error) == set() or status in (harness.invalid, harness.unreadable)
        assert status != 429 or int(answer["Retry-After"]) >= 1
    assert {400, 401, 403, 404, 405, 409, 413, 415, 429} <= {status for status, _ in found}
    assert len({answer["X-Request-Id"] for _, answer in found}) == len(found)


# --- Methods, paths and hosts --------------------------------------------------------------------


@each_contract
def test_another_method_is_405_and_says_what_is_allowed(
    acme: Organization, customer: Customer, harness: Harness
) -> None:
    api = harness.client(acme)
    before = stored()
    by_path: dict[str, set[str]] = {}
    for route in harness.routes:
        by_path.setdefault(route.path, set()).add(route.method)
    for path, methods in by_path.items():
        allowed = methods | ({"HEAD"} if "GET" in methods else set())
        for method in METHODS - allowed - {"HEAD"}:
            body = b'{"email": "a@example.org", "country": "DE", "customer": {"customer_id": "x"}}'
            response = send(api, method, filled(path, harness, customer), body, JSON)
            error = harness.assert_error(response, 405)
            assert harness.faults(error) == set()
            assert methods <= set(response["Allow"].split(", ")) <= allowed, (method, path)
            assert stored() == before


@each_contract
def test_unknown_paths_are_404_with_a_credential_and_without(
    acme: Organization, customer: Customer, harness: Harness, subtests: pytest.Subtests
) -> None:
    clients = harness.client(acme), APIClient()
    for unknown in harness.unknown:
        path = filled(unknown, harness, customer)
        with subtests.test(unknown):
            for client, method in itertools.product(clients, METHODS):
                response = send(client, method, path, b"{", JSON)
                if method == "HEAD":
                    assert response.status_code == 404
                else:
                    harness.assert_error(response, 404)


@each_contract
def test_a_path_that_only_begins_alike_is_not_its_own(db: None, harness: Harness) -> None:
    for path in harness.beside:
        page: Any = APIClient().get(path, HTTP_ACCEPT=BROWSER)
        assert page.status_code == 404
        assert page["Content-Type"].startswith("text/html")
        ALTERNATIVE_PAYMENTS.assert_error(APIClient().get(path, HTTP_ACCEPT="*/*"), 404)


@pytest.mark.parametrize("path", ["/backoffice/x/y/z", "/admin/x/", "/docs/x/", "/static/x.css"])
def test_a_path_of_the_pages_is_a_page(db: None, path: str) -> None:
    response: Any = APIClient().get(path, HTTP_ACCEPT="*/*")

    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=str)
def test_a_body_that_is_encoded_is_415_and_names_the_encoding(
    acme: Organization, customer: Customer, endpoint: Endpoint
) -> None:
    api = endpoint.harness.client(acme)
    path, body = endpoint.path_of(endpoint.prepared(customer)), gzip.compress(b'{"name": "z"}')
    before = stored()
    for coding in ("gzip", " GZIP", "br", "<b>", "gzip, br"):
        answer = send(api, endpoint.route.method, path, body, JSON, HTTP_CONTENT_ENCODING=coding)
        endpoint.harness.assert_error(answer, 415)
        text = answer.content.decode()
        assert answer["Accept-Encoding"] == "identity"
        assert "identity" in text
        assert ("gzip is" in text) == (coding.strip().lower() == "gzip")
        assert "<b>" not in text
    assert stored() == before
    sent = endpoint.send(api, customer, HTTP_CONTENT_ENCODING="identity")
    assert sent.status_code == endpoint.route.ok


@each_contract
def test_a_bad_host_is_400(
    acme: Organization, customer: Customer, harness: Harness, subtests: pytest.Subtests
) -> None:
    api = harness.client(acme)
    listed = harness.listing.route.path
    paths = {
        *(listed, harness.one.route.path, harness.unknown[0], f"{listed}/a/b/c"),
        *(f"/{pattern}" for _, pattern in harness.open if not pattern.startswith("^")),
    }
    for host in HOSTS:
        with subtests.test(host):
            for path in paths:
                response = api.get(filled(path, harness, customer), HTTP_HOST=host)
                error = harness.assert_error(response, 400)
                assert harness.faults(error) == set()


@each_contract
@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml", "nonsense", "image/*;q=0", "*/*", ""]
)
def test_answers_are_json_whatever_is_accepted(
    acme: Organization, customer: Customer, harness: Harness, accept: str
) -> None:
    api = harness.client(acme)
    for endpoint in harness.endpoints:
        if not endpoint.route.writes:
            answer = endpoint.send(api, endpoint.prepared(customer), HTTP_ACCEPT=accept)
            assert (answer.status_code, answer["Content-Type"]) == (200, JSON)
    create = harness.create
    answer = create.send(api, customer, HTTP_ACCEPT=accept)
    assert (answer.status_code, answer["Content-Type"]) == (create.route.ok, JSON)
    harness.assert_error(api.get(harness.path_of(NOTHING), HTTP_ACCEPT=accept), 404)
    nowhere = filled(harness.unknown[0], harness, customer)
    harness.assert_error(api.get(nowhere, HTTP_ACCEPT=accept), 404)
    answer = send_json(api, create.route.method, create.route.path, {}, HTTP_ACCEPT="image/*;q=1")
    harness.assert_error(answer, harness.invalid, 400)
