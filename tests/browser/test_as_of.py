"""A customer as of a time, from the timeline to a restored field and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer
from tests.browser.support import page_of, press

pytestmark = pytest.mark.slow


def test_a_field_is_restored_from_the_timeline_and_undone(sara: Page, customer: Customer) -> None:
    customer.revise({"city": "Paris", "phone": "+33 1"})
    customer.revise({"city": "Kyiv", "phone": "+380 44"})
    sara.goto(page_of(customer))

    sara.get_by_role("link", name="See the customer then").nth(1).click()
    expect(sara.locator("tr.differs")).to_have_count(2)
    sara.get_by_label("restore City: Paris").check()
    sara.get_by_label("Reason").fill("A mistake")
    press(sara, "Restore what is ticked")

    expect(sara.get_by_role("status").filter(has_text="Restored.")).to_be_visible()
    customer.refresh_from_db()
    assert (customer.city, customer.phone) == ("Paris", "+380 44")
    sara.get_by_role("link", name="Undo", exact=True).click()
    press(sara, "Undo")
    customer.refresh_from_db()
    assert customer.city == "Kyiv"


def test_what_is_ticked_stays_after_a_colleagues_change(sara: Page, customer: Customer) -> None:
    customer.revise({"city": "Paris"})
    customer.revise({"city": "Kyiv"})
    sara.goto(page_of(customer))
    sara.get_by_role("link", name="See the customer then").nth(1).click()
    sara.get_by_label("restore City: Paris").check()
    sara.get_by_label("Reason").fill("A mistake")
    customer.revise({"city": "Lviv"})

    press(sara, "Restore what is ticked")

    expect(sara.get_by_role("alert")).to_contain_text("Nothing was restored.")
    expect(sara.get_by_label("restore City: Paris")).to_be_checked()
    expect(sara.get_by_label("Reason")).to_have_value("A mistake")
    customer.refresh_from_db()
    assert customer.city == "Lviv"
    press(sara, "Restore what is ticked")
    customer.refresh_from_db()
    assert customer.city == "Paris"
