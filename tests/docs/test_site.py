"""The site of docs/: it builds without a warning, and is served under the policy of the pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client

from billing.demo import documentation
from customers.rest.contract import contracts
from tests.docs.blocks import ROOT
from tests.docs.support import built_site

pytestmark = pytest.mark.django_db

LINK = re.compile(r'(?:href|src|action)="([^"]+)"')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with built_site(tmp_path_factory.mktemp("site")) as root:
        yield root


def addresses(site: Path) -> list[str]:
    return [f"/docs/{page.relative_to(site)}" for page in sorted(site.rglob("*.html"))]


def get(client: Client, address: str) -> Any:
    """The response, whose file is read and closed, with the text."""
    response: Any = client.get(address, follow=True)
    response.read = response.getvalue().decode(errors="replace")
    response.close()
    return response


def body(client: Client, address: str) -> str:
    response = get(client, address)
    assert response.status_code == 200, address
    return str(response.read)


def test_a_page_is_served_under_the_policy_of_the_pages(site: Path, client: Client) -> None:
    response = get(client, "/docs/")

    assert response.headers["Content-Type"] == "text/html"
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "public, max-age=300"
    assert "<h1>Start here</h1>" in response.read


def test_no_page_has_script_or_style_in_it_or_loads_from_elsewhere(
    site: Path, client: Client
) -> None:
    for address in addresses(site):
        page = body(client, address)
        assert not re.search(r"<style|<script(?! src=)|\sstyle=|\son\w+=", page), address
        assert not re.search(r'(?:src|action)="(?:https?:)?//', page), address
        assert ("<script" in page) == (address == "/docs/search.html")


def test_every_link_leads_somewhere(site: Path, client: Client) -> None:
    links = {
        urlsplit(urljoin(address, link)).path
        for address in addresses(site)
        for link in LINK.findall(body(client, address))
        if not link.startswith(("https://", "http://"))
    }

    assert {"/docs/lago/", "/backoffice/", "/docs/_static/site.css"} <= links
    for link in links:
        assert get(client, link).status_code == 200, link


def test_every_contract_has_a_page_with_what_its_openapi_document_says(
    site: Path, client: Client
) -> None:
    for contract in contracts():
        document = json.loads((ROOT / f"fixtures/openapi/{contract.slug}.json").read_text("utf-8"))
        said = re.findall(r"[A-Za-z]{6,}", document["info"]["description"])
        page = body(client, f"/docs/contracts/{contract.slug}.html")
        assert [word for word in said if word not in page] == []


def test_the_changelog_and_the_settings_are_there(site: Path, client: Client) -> None:
    assert "Unreleased" in body(client, "/docs/changelog.html")
    assert "SECRET_KEY_FALLBACKS" in body(client, "/docs/settings.html")


def test_a_dead_link_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = tmp_path / "docs"
    sources.mkdir()
    (sources / "conf.py").write_text('extensions = ["myst_parser"]\n')
    (sources / "index.md").write_text("# Start here\n\n[there](nowhere.md)\n")
    monkeypatch.setattr(documentation, "SOURCES", sources)

    with pytest.raises(AssertionError, match=r"nowhere\.md"), built_site(tmp_path / "site"):
        pass


def test_where_it_was_not_built_nothing_leads_to_it(
    client: Client, tmp_path: Path, settings: LazySettings
) -> None:
    settings.DOCS_ROOT = tmp_path

    assert client.get("/docs/").status_code == 404
    assert 'href="/docs/"' not in client.get("/").content.decode()


def test_where_it_was_built_the_landing_page_leads_to_it(site: Path, client: Client) -> None:
    assert 'href="/docs/"' in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["../settings.py", "%2e%2e/settings.py", "_static", "no.html"])
def test_nothing_else_is_served(site: Path, client: Client, path: str) -> None:
    assert get(client, f"/docs/{path}").status_code in {400, 404}
