"""The form of a customer: errors have the focus, Save is in view, and where a change shows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from customers.models import Customer
from customers.rest.contract import contracts
from customers.staff.models import StaffUser
from tests.browser.support import ACME, NARROW, WIDE, Browsing, field, page_of, press
from tests.browser.test_keyboard import tab_to

pytestmark = pytest.mark.slow

#: Whether an element is at the front, at its lower edge and at its upper one.
IS_IN_FRONT = """
(element) => {
  const box = element.getBoundingClientRect();
  return [box.top + 2, box.bottom - 2].every(
    (y) => element.contains(document.elementFromPoint(box.left + 10, y))
  );
}
"""


def preview(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Where the change shows")


def test_the_error_summary_has_the_focus_and_links_to_the_fields(
    sara: Page, customer: Customer
) -> None:
    sara.goto(page_of(customer, "edit/"))
    field(sara, "Email").fill("nobody")
    field(sara, "EIN").fill("1")
    press(sara, "Save")

    summary = sara.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    sara.keyboard.press("Tab")
    expect(summary.get_by_role("link", name="Email: Enter a valid email address.")).to_be_focused()
    sara.keyboard.press("Enter")
    expect(field(sara, "Email")).to_be_focused()
    assert field(sara, "Email").get_attribute("aria-invalid") == "true"


def test_the_error_summary_has_the_focus_without_scripts(
    browsing: Browsing, manager: StaffUser, customer: Customer
) -> None:
    plain = browsing.window(manager, java_script_enabled=False)
    plain.goto(page_of(customer, "edit/"))
    field(plain, "Email").fill("nobody")
    press(plain, "Save")

    expect(plain.get_by_role("alert")).to_be_focused()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_save_is_always_in_view_and_hides_no_field_that_has_the_focus(
    sara: Page, customer: Customer, size: dict[str, int]
) -> None:
    sara.set_viewport_size({"width": size["width"], "height": 500})
    sara.goto(page_of(customer, "edit/"))
    save = sara.get_by_role("button", name="Save")
    expect(save).to_be_in_viewport(ratio=1)
    last = field(sara, "Reason")
    sara.locator("main").get_by_label("Name", exact=True).focus()
    for _step in range(40):
        expect(save).to_be_in_viewport(ratio=1)
        focused = sara.locator("main form :focus")
        assert focused.evaluate(IS_IN_FRONT), focused.get_attribute("name")
        if last.evaluate("(field) => field === document.activeElement"):
            return
        sara.keyboard.press("Tab")
    raise AssertionError("the last field was not reached")


def test_what_is_typed_is_previewed_before_it_is_saved(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer, "edit/"))
    expect(sara.get_by_role("button", name="Preview")).to_be_hidden()
    expect(preview(sara)).to_contain_text("Nothing is changed yet.")

    field(sara, "Phone").press_sequentially("+49 30 1")
    for contract in contracts():
        expect(preview(sara)).to_contain_text(contract.title)
    expect(preview(sara).get_by_role("term")).to_have_text(["Phone"])
    sara.get_by_label("Key 1").fill("plan")
    sara.get_by_label("Value 1").fill("gold")
    expect(preview(sara).get_by_role("term")).to_have_text(["Phone", "Metadata"])
    field(sara, "Phone").fill("")
    expect(preview(sara).get_by_role("term")).to_have_text(["Metadata"])

    customer.refresh_from_db()
    assert (customer.phone, customer.metadata, customer.version) == (None, {}, 1)


def test_without_scripts_a_button_shows_the_preview_and_enter_saves(
    browsing: Browsing, manager: StaffUser, customer: Customer
) -> None:
    plain = browsing.window(manager, java_script_enabled=False)
    plain.goto(page_of(customer, "edit/"))
    field(plain, "City").fill("Kyiv")
    press(plain, "Preview")
    expect(preview(plain).get_by_role("term")).to_have_text(["City"])
    expect(field(plain, "City")).to_have_value("Kyiv")
    tab_to(plain, plain.get_by_role("button", name="Preview"))
    field(plain, "City").press("Enter")

    expect(plain.get_by_text("Saved.")).to_be_visible()


def test_a_new_customer_is_previewed(sara: Page, customer: Customer) -> None:
    sara.goto(f"{ACME}/customers/new/")
    field(sara, "Name").fill("Hooli")

    expect(preview(sara).get_by_role("term")).to_have_text(["Name"])
    assert Customer.objects.count() == 1
