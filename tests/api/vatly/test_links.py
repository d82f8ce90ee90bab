"""Links of customers and pages: absolute, with the host and scheme that the caller spoke to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.models import Organization
from tests import factories
from tests.api.vatly.support import BASE, ORIGIN, assert_error, create, get

FORWARDED = {"HTTP_X_FORWARDED_HOST": "api.example.com", "HTTP_X_FORWARDED_PROTO": "https"}


def hrefs(body: Any) -> Iterator[str]:
    """Every `href` in a body, however deep."""
    if isinstance(body, dict):
        if isinstance(body.get("href"), str):
            yield body["href"]
        for value in body.values():
            yield from hrefs(value)
    elif isinstance(body, list):
        for value in body:
            yield from hrefs(value)


def all_links(api: APIClient, **extra: Any) -> list[str]:
    """The links of a created customer, of the same customer, and of a page with both neighbours."""
    created = create(api, {"email": "2@example.org"}, **extra)
    assert created.status_code == 201, created.content
    for number in (3, 4):
        create(api, {"email": f"{number}@example.org"})
    id = created.json()["id"]
    one = get(api, f"{BASE}/{id}", **extra)
    first = get(api, f"{BASE}?limit=1", **extra)
    second = get(api, f"{BASE}?limit=1&startingAfter={first['data'][0]['id']}", **extra)
    found = list(hrefs([created.json(), one, first, second]))
    assert len(found) == 1 + 1 + (1 + 2) + (1 + 3)
    return found


@pytest.fixture(autouse=True)
def hosts(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "api.example.com"]


@pytest.fixture
def proxy(settings: Settings) -> None:
    """A proxy in front is trusted."""
    settings.USE_X_FORWARDED_HOST = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def test_links_begin_with_the_requests_own_host(api: APIClient) -> None:
    assert all(href.startswith(f"{ORIGIN}{BASE}") for href in all_links(api))


def test_links_have_the_port_of_the_request(api: APIClient) -> None:
    links = all_links(api, HTTP_HOST="api.example.com:8000")

    assert all(href.startswith(f"http://api.example.com:8000{BASE}") for href in links)


def test_links_are_https_where_the_request_was(api: APIClient) -> None:
    links = all_links(api, secure=True)

    assert all(href.startswith(f"https://testserver{BASE}") for href in links)


def test_behind_a_trusted_proxy_links_are_those_of_the_proxy(api: APIClient, proxy: None) -> None:
    links = all_links(api, **FORWARDED)

    assert all(href.startswith(f"https://api.example.com{BASE}") for href in links)


def test_links_have_the_port_of_a_trusted_proxy(api: APIClient, proxy: None) -> None:
    links = all_links(api, **{**FORWARDED, "HTTP_X_FORWARDED_HOST": "api.example.com:8443"})

    assert all(href.startswith(f"https://api.example.com:8443{BASE}") for href in links)


def test_a_trusted_proxy_that_spoke_http_has_http_links(api: APIClient, proxy: None) -> None:
    links = all_links(api, **{**FORWARDED, "HTTP_X_FORWARDED_PROTO": "http"})

    assert all(href.startswith(f"http://api.example.com{BASE}") for href in links)


def test_without_its_headers_a_trusted_proxy_changes_nothing(api: APIClient, proxy: None) -> None:
    assert all(href.startswith(f"{ORIGIN}{BASE}") for href in all_links(api))


def test_the_headers_of_no_trusted_proxy_are_ignored(api: APIClient) -> None:
    assert all(href.startswith(f"{ORIGIN}{BASE}") for href in all_links(api, **FORWARDED))


@pytest.mark.parametrize("host", ["evil.example", "api.example.com@evil.example", "a b"])
def test_a_host_that_is_not_ours_is_400_from_a_trusted_proxy_too(
    api: APIClient, proxy: None, host: str
) -> None:
    api.raise_request_exception = False

    for response in (
        api.get(BASE, HTTP_X_FORWARDED_HOST=host),
        create(api, {"email": "a@example.org"}, HTTP_X_FORWARDED_HOST=host),
    ):
        assert_error(response, 400)
        assert host.encode() not in response.content


def test_links_behind_a_proxy_lead_on_when_followed_through_it(
    api: APIClient, acme: Organization, proxy: None
) -> None:
    made = [factories.customer(acme, email=f"{number}@example.org") for number in range(5)]

    seen: list[str] = []
    address: str | None = f"{BASE}?limit=2"
    while address:
        body = get(api, address, **FORWARDED)
        seen += [row["email"] for row in body["data"]]
        address = (body["links"]["next"] or {}).get("href")

    assert seen == [customer.email for customer in reversed(made)]
