"""The pages without a mouse, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from customers.models import ApiKey, Customer, CustomerImport, Organization
from customers.staff.models import StaffUser
from tests import factories
from tests.browser.support import ACME, Browsing, field, find, follow, names, page_of, press
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
    tab_to(sara, sara.get_by_role("link", name="Coleman-Blair", exact=True))
    sara.keyboard.press("Enter")
    tab_to(sara, sara.get_by_role("link", name="Edit", exact=True))
    sara.keyboard.press("Enter")
    tab_to(sara, field(sara, "City"))
    sara.keyboard.type("Palo Alto")
    tab_to(sara, sara.get_by_role("button", name="Save"))
    sara.keyboard.press("Enter")

    expect(sara.get_by_text("Saved.")).to_be_visible()
    customer.refresh_from_db()
    assert customer.city == "Palo Alto"


def test_the_search_box_comes_first_after_the_skip_link(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer))
    sara.keyboard.press("Tab")
    skip = sara.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    sara.keyboard.press("Tab")
    expect(sara.get_by_role("searchbox")).to_be_focused()

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
    plain.get_by_role("link", name="Coleman-Blair", exact=True).click()
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
