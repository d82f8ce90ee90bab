"""Notes on the page of a customer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer
from tests.browser.support import faults, page_of, press

pytestmark = pytest.mark.slow


def test_a_note_is_written_pinned_and_removed(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer))
    written = sara.get_by_label("Add a note for your colleagues")
    written.fill("Calls back on Monday.")
    press(sara, "Add note")
    note = sara.locator(".note")
    expect(note).to_contain_text("Calls back on Monday.")
    expect(note).to_contain_text("sara, just now")
    press(sara, "Pin Calls back on Monday.")
    expect(note.get_by_text("pinned", exact=True)).to_be_visible()
    note.get_by_role("link", name="Remove").click()
    expect(sara.get_by_text("The history keeps a record of it.")).to_be_visible()
    assert faults(sara, "note_remove") == []
    press(sara, "Remove Calls back on Monday.")

    expect(note).to_have_count(0)
    sara.get_by_role("status").get_by_role("link", name="Undo").click()
    press(sara, "Undo")
    expect(note).to_contain_text("Calls back on Monday.")


def test_a_card_number_in_a_note_is_refused(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer))
    sara.get_by_label("Add a note for your colleagues").fill("4242 4242 4242 4242")
    press(sara, "Add note")

    expect(sara.get_by_role("alert")).to_be_focused()
    expect(sara.get_by_role("alert")).to_contain_text("This looks like a payment card number")
    assert "4242" not in sara.content()
