"""Finding a customer by an id or by parts of its data."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from customers.models import Customer, Organization
from customers.values import cus_ids
from tests import factories
from tests.browser.support import (
    ACME,
    Browsing,
    barriers,
    find,
    follow,
    names,
    page_of,
    search_box,
)

pytestmark = pytest.mark.slow

SEARCHES = (
    *("crm-00771", "CRM-00771", "4411/B", "cus_NffrFeUfNV2Hib", "biuro@lodka.test", "lodka"),
    *("Spół", "zolta lodz", "+48426301122", "48 42 630 1122", "lodz", "LODZ", "90-001"),
)


@pytest.fixture
def wanted(acme: Organization) -> Customer:
    """A customer with every field that people search by, among others."""
    for name in ("Aviato", "Bachmanity", "Raviga"):
        factories.customer(acme, name=name, email=f"hello@{name.lower()}.test")
    return factories.customer(
        acme,
        name="Żółta Łódź Spółka",
        email="biuro@lodka.test",
        external_id="crm-00771",
        reference="Order 4411/B",
        processor_reference="cus_NffrFeUfNV2Hib",
        phone="+48 (42) 630-11-22",
        city="Łódź",
        postal_code="90-001",
        country="PL",
    )


def test_each_search_finds_only_its_customer_and_opens_it(sara: Page, wanted: Customer) -> None:
    sara.goto(f"{ACME}/customers/")
    assert len(names(sara)) == 4

    for typed in SEARCHES:
        find(sara, typed)
        sara.wait_for_url(f"**{page_of(wanted)}")
        expect(sara.get_by_text(f"matches “{typed}”")).to_be_visible()
        follow(sara, "Show the list")
        expect(sara.get_by_text(f"Results for {typed}.")).to_be_visible()
        assert names(sara) == ["Żółta Łódź Spółka"], typed


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def test_a_suggestion_says_why_and_opens_by_arrow_and_enter(sara: Page, wanted: Customer) -> None:
    sara.goto(f"{ACME}/")
    sara.keyboard.press("/")
    sara.keyboard.type("lodka.te")
    box = search_box(sara)
    expect(options(sara)).to_have_text(["Żółta Łódź Spółka Email biuro@lodka.test"])
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    assert barriers(sara) == []

    sara.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-1")
    expect(box).to_be_focused()
    expect(options(sara)).to_have_attribute("aria-selected", "true")
    sara.keyboard.press("Enter")

    sara.wait_for_url(f"**{page_of(wanted)}")


@pytest.mark.usefixtures("wanted")
def test_arrows_go_round_and_escape_closes_the_suggestions(sara: Page) -> None:
    sara.goto(f"{ACME}/")
    search_box(sara).press_sequentially("hello")
    expect(options(sara)).to_have_count(3)
    for key, chosen in (("ArrowUp", 3), ("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1)):
        sara.keyboard.press(key)
        expect(search_box(sara)).to_have_attribute("aria-activedescendant", f"suggestion-{chosen}")
    sara.keyboard.press("Escape")

    expect(options(sara)).to_have_count(0)
    expect(search_box(sara)).to_have_value("hello")
    expect(search_box(sara)).to_have_attribute("aria-expanded", "false")
    sara.keyboard.press("Enter")
    sara.wait_for_url("**/customers/?q=hello*")
    assert len(names(sara)) == 3


def test_a_suggestion_opens_by_a_click(sara: Page, wanted: Customer) -> None:
    sara.goto(f"{ACME}/")
    search_box(sara).press_sequentially("crm-00")
    options(sara).click()

    sara.wait_for_url(f"**{page_of(wanted)}")


def test_an_empty_search_box_offers_what_was_viewed_last(sara: Page, wanted: Customer) -> None:
    sara.goto(page_of(wanted))
    sara.goto(f"{ACME}/")
    search_box(sara).press("ArrowDown")
    expect(options(sara)).to_contain_text(["Żółta Łódź Spółka"])
    sara.keyboard.press("ArrowDown")
    sara.keyboard.press("Enter")

    sara.wait_for_url(f"**{page_of(wanted)}")


@pytest.mark.usefixtures("wanted")
def test_each_letter_ends_the_request_before(sara: Page) -> None:
    asked: list[str] = []
    sara.on("request", lambda request: asked.append(request.url))
    sara.goto(f"{ACME}/")
    search_box(sara).press_sequentially("raviga", delay=20)
    expect(options(sara)).to_have_count(1)

    assert len([address for address in asked if "options" in address]) <= 2


def test_an_id_in_any_spelling_opens_its_customer(sara: Page, wanted: Customer) -> None:
    for spelling in (str(wanted.pk), wanted.pk.hex.upper(), cus_ids.encode(wanted.pk)):
        sara.goto(f"{ACME}/")
        find(sara, f"  {spelling} ")

        sara.wait_for_url(f"**{page_of(wanted)}")
        expect(sara.get_by_role("heading", level=1)).to_have_text("Żółta Łódź Spółka")


def test_an_id_opens_its_customer_in_another_organization(
    browsing: Browsing, acme: Organization, globex: Organization
) -> None:
    theirs = factories.customer(globex, "test", name="Hooli")
    both = factories.staff("sara", "Viewer", organizations=[acme, globex])
    page = browsing.window(both)
    page.goto(f"{ACME}/")
    find(page, str(theirs.pk))

    page.wait_for_url(f"**{page_of(theirs)}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hooli")
    expect(page.get_by_role("banner").get_by_text("TEST DATA")).to_be_visible()


def test_an_id_of_an_organization_of_others_is_not_found(
    sara: Page, acme: Organization, globex: Organization
) -> None:
    theirs = factories.customer(globex, name="Hooli")
    sara.goto(f"{ACME}/")
    find(sara, str(theirs.pk))

    expect(sara.get_by_role("heading", name="No customer found")).to_be_visible()
    expect(sara.get_by_text("Hooli")).to_have_count(0)
    expect(sara.get_by_text("Found elsewhere:")).to_have_count(0)


def test_a_search_without_results_shows_matches_elsewhere(sara: Page, acme: Organization) -> None:
    factories.customer(acme, "test", name="Hooli Testing")
    factories.customer(acme, name="Hooli Old").archive()
    sara.goto(f"{ACME}/")
    find(sara, "hooli")

    expect(sara.get_by_text("Each word must be a part of one of the customer")).to_be_visible()
    expect(sara.get_by_role("link", name="Acme, test data (1)")).to_be_visible()
    sara.get_by_role("link", name="Acme, live data, archived (1)").click()
    expect(sara.get_by_role("link", name="Hooli Old", exact=True)).to_be_visible()


def test_a_search_without_results_shows_what_to_do(sara: Page, customer: Customer) -> None:
    sara.goto(f"{ACME}/")
    find(sara, "nobody at all")

    expect(sara.get_by_text("Each word must be a part of one of the customer")).to_be_visible()
    sara.get_by_role("link", name="Show all live customers").click()
    expect(sara.get_by_role("link", name="Coleman-Blair", exact=True)).to_be_visible()


@pytest.mark.parametrize("keys", ["/", "Control+k"])
def test_a_shortcut_moves_to_the_search_box(sara: Page, customer: Customer, keys: str) -> None:
    sara.goto(page_of(customer))
    sara.keyboard.press(keys)

    expect(search_box(sara)).to_be_focused()
    sara.keyboard.type("coleman/blair")
    expect(search_box(sara)).to_have_value("coleman/blair")


def test_a_slash_typed_in_another_field_stays_there(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer, "edit/"))
    name = sara.get_by_label("Name", exact=True)
    name.press("End")
    name.press("/")

    expect(name).to_have_value("Coleman-Blair/")
