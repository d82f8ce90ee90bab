"""What caches may keep: `Cache-Control` and `Vary` of every answer, over the whole URLconf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.contrib.admindocs.views import extract_views_from_urlpatterns, simplify_regex
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from customers.rest.contract import contract_at, contracts
from customers.rest.middleware import CacheHeaders
from customers.staff import urls as staff_urls
from tests import factories
from tests.admin import test_matrix as admin
from tests.api.contract_table import READS, ROUTES, TABLE, WRITES, name_of
from tests.api.harness import Endpoint, Harness, key_client, rows_of, send
from tests.backoffice import test_matrix as pages
from tests.backoffice.support import signed_in

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
METHODS_OF_PAGES = ("GET", "POST", "PUT")
REVALIDATED, NEVER, PUBLIC = "private, no-cache", "no-store", "public"
PARTS = {"slug": "acme", "organization": "acme", "mode": "live", "app_label": "customers"}


def addresses() -> Iterator[str]:
    """An address of every pattern of the URLconf, of rows that do not exist."""
    for _view, regex, _space, _name in extract_views_from_urlpatterns(get_resolver().url_patterns):
        path = simplify_regex(str(regex))
        yield re.sub(r"<(?:\w+:)?(\w+)>", lambda part: PARTS.get(part[1], str(UUID(int=0))), path)


ADDRESSES = sorted(set(addresses()))


def methods_of(path: str) -> tuple[str, ...]:
    """Those of the contracts, or those that tell pages apart."""
    return METHODS if contract_at(path) else METHODS_OF_PAGES


def is_kept_from_others(path: str, response: Any) -> bool:
    """Whether no cache gives the answer to someone else."""
    contract = contract_at(path)
    whose = contract.credential_header if contract else "Cookie"
    varies = {name.strip() for name in response.get("Vary", "").split(",")}
    return response.get("Cache-Control") in {REVALIDATED, NEVER} and whose in varies


def is_public(response: Any) -> bool:
    return response.status_code == 200 and PUBLIC in response.get("Cache-Control", "")


def test_the_addresses_are_those_of_the_project() -> None:
    assert len(ADDRESSES) > 100
    assert "/customers" in ADDRESSES
    assert "/backoffice/acme/live/customers/" in ADDRESSES
    assert "/admin/customers/customer/" in ADDRESSES


@pytest.mark.parametrize("caller", ["anyone", "known"])
def test_no_answer_of_any_address_is_given_to_others(acme: Organization, caller: str) -> None:
    client = key_client(acme) if caller == "known" else APIClient()
    client.raise_request_exception = False
    if caller == "known":
        person = factories.staff("root", is_superuser=True)
        client.force_login(person, "customers.staff.backends.StaffBackend")
    documents = {contract.openapi_path for contract in contracts()}
    asked = [(path, method) for path in ADDRESSES for method in methods_of(path)]
    given = []
    for path, method in asked:
        response = send(client, method, path)
        if is_public(response) and method in {"GET", "HEAD"}:
            if path not in documents | {"/"} and not path.startswith("/docs/"):
                given.append((path, method, "public"))
        elif not is_kept_from_others(path, response):
            given.append((path, method, str(response.status_code)))

    assert given == []


@pytest.mark.parametrize("endpoint", ROUTES, ids=name_of)
def test_an_answer_with_an_entity_tag_is_asked_for_again_and_no_other_is_kept(
    acme: Organization, endpoint: Endpoint
) -> None:
    customer, method_id = rows_of(acme)
    client = endpoint.harness.client(acme)

    response = endpoint.send(client, endpoint.prepared(customer), method_id=method_id)

    assert response.status_code == endpoint.route.ok
    tagged = not endpoint.route.writes and "ETag" in response
    assert response["Cache-Control"] == (REVALIDATED if tagged else NEVER)
    assert response["Vary"] == endpoint.harness.contract.credential_header


@pytest.mark.parametrize("endpoint", READS, ids=name_of)
def test_a_customer_that_has_not_changed_is_kept_by_the_caller_alone(
    acme: Organization, customer: Customer, endpoint: Endpoint
) -> None:
    client = endpoint.harness.client(acme)
    shown = endpoint.send(client, customer)

    response = endpoint.send(client, customer, headers={"If-None-Match": shown["ETag"]})

    assert shown["Cache-Control"] == REVALIDATED
    assert response.status_code == 304
    assert response["Cache-Control"] == REVALIDATED
    assert response["Vary"] == shown["Vary"]


@pytest.mark.parametrize("endpoint", WRITES, ids=name_of)
def test_a_replay_is_not_kept(acme: Organization, endpoint: Endpoint) -> None:
    customer, method_id = rows_of(acme)
    client = endpoint.harness.client(acme)
    endpoint.prepared(customer)
    answers = [
        endpoint.send(client, customer, method_id=method_id, headers={"Idempotency-Key": "k"})
        for _ in range(2)
    ]

    assert answers[1].get("Idempotent-Replayed") == "true"
    assert [answer["Cache-Control"] for answer in answers] == [NEVER, NEVER]


@pytest.mark.parametrize("harness", TABLE, ids=str)
def test_no_error_is_kept(acme: Organization, harness: Harness, settings: Settings) -> None:
    client = harness.client(acme)
    statuses = set()
    # The test client takes what follows two slashes for a host, and a path of no contract has the
    # same answer for everyone.
    unknown = [path for path in harness.unknown if not path.startswith("//") and contract_at(path)]
    for path in (*unknown, harness.list_path, f"{harness.listing.route.path}?a=1"):
        for caller in (client, APIClient(), harness.bearer("live_wrong")):
            response: Any = caller.get(path.replace("{id}", str(UUID(int=0))))
            if response.status_code != 200:
                statuses.add(response.status_code)
                assert response["Cache-Control"] == NEVER
                assert is_kept_from_others(harness.listing.route.path, response)
    settings.ALLOWED_HOSTS = ["elsewhere.example.org"]
    refused: Any = client.get(harness.list_path)
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECURE_SSL_REDIRECT = True
    redirected: Any = harness.client(acme).get(harness.list_path)

    assert {401, 404} <= statuses
    assert (refused.status_code, redirected.status_code) == (400, 301)
    for response in (refused, redirected):
        assert is_kept_from_others(harness.listing.route.path, response)


@pytest.mark.parametrize("path", ["/", "/docs/lago/", "/api/v1/openapi.json"])
def test_documentation_may_be_kept_by_anyone_for_a_while(client: Client, path: str) -> None:
    assert client.get(path)["Cache-Control"] in {"public, max-age=300", "max-age=300, public"}


@pytest.mark.parametrize("name", pages.TABLE)
def test_no_page_of_the_back_office_is_kept(acme: Organization, name: str) -> None:
    client = signed_in(acme, "Manager")
    address = pages.address(name, pages.rows_of(acme))
    for response in (client.get(address), client.post(address)):
        assert response["Cache-Control"] == NEVER
        assert "Cookie" in response["Vary"]


@pytest.mark.parametrize("model", admin.OF_ORGANIZATIONS, ids=lambda m: m.__name__)
def test_no_page_of_the_admin_is_kept(acme: Organization, model: Any) -> None:
    client = signed_in(acme, username="root", is_superuser=True)
    row = admin.row_of(acme, model)
    asked = [admin.address(model, page, row.pk) for page in admin.PAGES]
    asked += [admin.address(model, "changelist"), admin.address(model, "add"), "/admin/"]
    opened = [client.get(address) for address in asked]

    assert 200 in {response.status_code for response in opened}
    for response in opened:
        assert response["Cache-Control"] == NEVER
        assert "Cookie" in response["Vary"]


@pytest.mark.parametrize("name", [pattern.name for pattern in staff_urls.urlpatterns])
def test_no_page_of_an_account_is_kept(acme: Organization, name: str) -> None:
    parts = ["no-such-link"] if name == "password_link" else []
    for client in (Client(), signed_in(acme, "Viewer")):
        response = client.get(reverse(f"staff:{name}", args=parts))

        assert response["Cache-Control"] == NEVER
        assert "Cookie" in response["Vary"]


def test_what_a_view_says_is_overruled_unless_it_is_public() -> None:
    def respond(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "max-age=60", "Vary": "Origin"})

    response = CacheHeaders(respond)(RequestFactory().get("/customers"))

    assert response["Cache-Control"] == NEVER
    assert response["Vary"] == "Origin, Authorization"
