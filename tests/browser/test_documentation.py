"""The site of docs/ in a browser: readable on a phone and by everyone, and its search finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.support import Browsing, faults
from tests.docs.support import built_site

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with built_site(tmp_path_factory.mktemp("site")):
        yield


# With code, with wide tables and with pictures.
@pytest.mark.parametrize("name", ["index", "settings", "back-office", "search"])
def test_a_page_is_readable_by_everyone(browsing: Browsing, name: str) -> None:
    page = browsing.window()
    page.goto(f"/docs/{name}.html")

    assert faults(page, name) == []


def test_the_search_finds_a_page_by_its_words(browsing: Browsing) -> None:
    page = browsing.window()
    page.goto("/docs/")
    page.get_by_label("Search the documentation").fill("mail server links encrypts")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Settings").last.click()

    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


def test_on_a_phone_the_list_of_pages_is_one_link_away(browsing: Browsing) -> None:
    page = browsing.window(viewport={"width": 360, "height": 740})
    page.goto("/docs/settings.html")
    page.get_by_role("link", name="All pages").click()

    expect(page.get_by_role("link", name="Work in the back office")).to_be_in_viewport()
