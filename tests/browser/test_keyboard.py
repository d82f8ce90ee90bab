"""The pages without a mouse, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from customers.models import ApiKey, Customer, CustomerImport, Organization
from customers.staff.models import StaffUser
from tests import factories
from tests.browser.support import (
    ACME,
    Browsing,
    barriers,
    field,
    find,
    follow,
    names,
    page_of,
    press,
    search_box,
)
from tests.imports.support import csv_bytes

pytestmark = pytest.mark.slow

STEPS = 80
# A date input shows the focus on its parts.
_FOCUS = """
(wanted) => {
  const focused = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(focused);
  const isOutlined = outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  const isSeen = isOutlined || focused.matches("body, [type=date]");
  return [wanted === focused, isSeen, focused.outerHTML.slice(0, 100)];
}
"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the element has the focus, which must always be visible."""
    expect(wanted).to_have_count(1)
    for _step in range(STEPS):
        page.keyboard.press("Tab")
        has_focus, is_seen, name = wanted.evaluate(_FOCUS)
        assert is_seen, f"the focus is not visible on {name}"
        if has_focus:
            return
    raise AssertionError(f"not reached by Tab: {wanted}")


def test_a_customer_is_found_opened_changed_and_saved_by_keyboard(
    sara: Page, customer: Customer
) -> None:
    sara.goto(f"{ACME}/")
    sara.keyboard.press("/")
    sara.keyboard.type("coleman")
    sara.keyboard.press("Enter")
    expect(sara.get_by_role("heading", level=1)).to_have_text("Coleman-Blair")
    sara.keyboard.press("e")
    sara.wait_for_url("**/edit/")
    tab_to(sara, field(sara, "City"))
    sara.keyboard.type("Palo Alto")
    tab_to(sara, sara.get_by_role("button", name="Save"))
    sara.keyboard.press("Enter")

    expect(sara.get_by_text("Saved.")).to_be_visible()
    customer.refresh_from_db()
    assert customer.city == "Palo Alto"


@pytest.fixture
def hoolis(acme: Organization) -> list[Customer]:
    """Three matches, the newest first."""
    return [factories.customer(acme, name=f"Hooli {n}") for n in range(3)][::-1]


def row(page: Page, customer: Customer) -> Locator:
    return page.get_by_role("link", name=str(customer), exact=True)


def test_the_first_result_has_the_focus_and_keys_move_it(
    sara: Page, hoolis: list[Customer]
) -> None:
    sara.goto(f"{ACME}/")
    find(sara, "hooli")
    expect(row(sara, hoolis[0])).to_be_focused()
    for key, place in (("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        sara.keyboard.press(key)
        expect(row(sara, hoolis[place])).to_be_focused()
    sara.keyboard.press("Enter")
    sara.wait_for_url(f"**{page_of(hoolis[1])}")

    sara.go_back()
    sara.keyboard.press("j")
    sara.keyboard.press("j")
    sara.keyboard.press("e")
    sara.wait_for_url("**/edit/")


def test_the_second_skip_link_goes_to_the_customers(sara: Page, hoolis: list[Customer]) -> None:
    sara.goto(f"{ACME}/customers/")
    for _step in range(2):
        sara.keyboard.press("Tab")
    expect(sara.get_by_role("link", name="Skip to the customers")).to_be_focused()
    sara.keyboard.press("Enter")
    for _step in range(2):  # the box that selects it, and its link
        sara.keyboard.press("Tab")
    expect(row(sara, hoolis[0])).to_be_focused()


def test_help_shows_the_keys_and_closes_with_escape(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer))
    sara.keyboard.press("?")
    dialog = sara.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    assert barriers(sara) == []
    sara.keyboard.press("e")
    sara.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    assert sara.url.endswith(page_of(customer))


def test_single_keys_that_are_switched_off_do_nothing(sara: Page, customer: Customer) -> None:
    sara.goto(f"{ACME}/keys/")
    press(sara, "Switch single keys off")
    sara.goto(page_of(customer))
    for key in ("e", "?", "/"):
        sara.keyboard.press(key)
    expect(sara.get_by_role("dialog")).to_have_count(0)
    expect(search_box(sara)).not_to_be_focused()
    assert sara.url.endswith(page_of(customer))

    sara.keyboard.press("Control+k")
    expect(search_box(sara)).to_be_focused()


def test_the_search_box_comes_first_after_the_skip_link(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer))
    sara.keyboard.press("Tab")
    skip = sara.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    sara.keyboard.press("Tab")
    expect(search_box(sara)).to_be_focused()

    sara.keyboard.press("Shift+Tab")
    sara.keyboard.press("Enter")
    expect(sara.locator("#content")).to_be_focused()


def test_a_menu_opens_and_closes_by_keyboard(sara: Page, customer: Customer) -> None:
    sara.goto(f"{ACME}/")
    menu = sara.get_by_role("banner").locator("summary", has_text="Acme")
    tab_to(sara, menu)
    sara.keyboard.press("Enter")
    link = sara.get_by_role("link", name="Acme: test data")
    expect(link).to_be_visible()
    sara.keyboard.press("Tab")
    expect(link).to_be_focused()
    sara.keyboard.press("Escape")

    expect(link).to_be_hidden()
    expect(menu).to_be_focused()


@pytest.fixture
def plain(browsing: Browsing, manager: StaffUser) -> Page:
    """Sara's window, with scripts disabled."""
    return browsing.window(manager, java_script_enabled=False)


def test_a_customer_is_found_changed_and_archived_without_scripts(
    plain: Page, acme: Organization
) -> None:
    customer = factories.customer(acme, name="Coleman-Blair")
    plain.goto(f"{ACME}/")
    find(plain, "coleman")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Coleman-Blair")
    expect(plain.get_by_role("button", name="Copy")).to_have_count(0)
    follow(plain, "Edit")
    field(plain, "City").fill("Palo Alto")
    customer.revise({"city": "Berlin"})
    press(plain, "Save")
    plain.locator("td[data-label=Yours]").get_by_role("radio").check()
    press(plain, "Save what I chose")
    expect(plain.get_by_text("Saved.")).to_be_visible()
    customer.refresh_from_db()
    assert customer.city == "Palo Alto"

    plain.goto(f"{ACME}/customers/")
    plain.get_by_text("Columns", exact=True).click()
    plain.get_by_role("checkbox", name="City", exact=True).check()
    press(plain, "Show these columns")
    expect(plain.get_by_role("cell", name="Palo Alto")).to_be_visible()
    plain.get_by_role("checkbox", name="Select Coleman-Blair").check()
    press(plain, "Archive…")
    press(plain, "Archive 1 customer")
    expect(plain.get_by_text("1 customer is archived.")).to_be_visible()
    assert names(plain) == []


def test_a_file_is_imported_and_a_key_issued_without_scripts(
    plain: Page, acme: Organization
) -> None:
    plain.goto(f"{ACME}/imports/new/")
    file = csv_bytes(["external_id", "name"], ["x-1", "Hooli"])
    plain.get_by_label("CSV or XLSX file").set_input_files(
        {"name": "crm.csv", "mimeType": "text/csv", "buffer": file}
    )
    press(plain, "Upload the file")
    press(plain, "Check the rows")
    press(plain, "Import 1 row: 1 new")
    expect(plain.get_by_text("The file is imported: 1 new.")).to_be_visible()
    assert CustomerImport.objects.get().state == "applied"

    plain.goto(f"{ACME}/credentials/new/")
    field(plain, "Name").fill("Billing sync")
    press(plain, "Issue")
    expect(plain.get_by_text("Copy it now.")).to_be_visible()
    assert ApiKey.objects.get().name == "Billing sync"
