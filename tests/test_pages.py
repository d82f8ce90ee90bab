"""The pages that need no login."""

import re

import pytest
from django.test import Client

from customers.rest.contract import contracts

pytestmark = pytest.mark.django_db


def test_the_landing_page_links_to_every_contracts_documentation(client: Client) -> None:
    page = client.get("/").content.decode()

    for contract in contracts():
        assert f'href="/docs/{contract.slug}/"' in page
        assert contract.openapi_path in page
    assert 'href="/admin/"' in page


def test_every_link_of_the_landing_page_leads_somewhere(client: Client) -> None:
    page = client.get("/").content.decode()
    links = re.findall(r'<a href="([^"]+)"', page)

    assert links
    for link in links:
        assert client.get(link, follow=True).status_code == 200, link


def test_a_documentation_page_loads_nothing_from_elsewhere(client: Client) -> None:
    response = client.get("/docs/alternative-payments/")
    page = response.content.decode()

    assert response.status_code == 200
    assert (
        "/customers/openapi.json"
        in page + client.get("/docs/alternative-payments/?script=").content.decode()
    )
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "default-src 'self'" in response["Content-Security-Policy"]


def test_a_contract_that_is_not_there_has_no_documentation(client: Client) -> None:
    assert client.get("/docs/nothing/").status_code == 404


def test_pages_are_only_read(client: Client) -> None:
    assert client.post("/").status_code == 405
