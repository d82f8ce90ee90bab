"""Undoing a change by the link in its message."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer
from customers.staff.models import StaffUser
from tests.browser.support import Browsing, field, follow, page_of, press

pytestmark = pytest.mark.slow


def test_the_link_in_the_message_undoes_the_change(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer, "edit/"))
    field(sara, "City").fill("Kyiv")
    press(sara, "Save")
    sara.get_by_role("status").get_by_role("link", name="Undo").click()
    expect(sara.get_by_role("heading", name="Undo the change of City?")).to_be_visible()
    expect(sara.get_by_role("button", name="Undo")).to_be_focused()
    sara.keyboard.press("Enter")

    expect(sara.get_by_text("Undone.")).to_be_visible()
    expect(sara.get_by_text("Reason: Undo of the change of City")).to_be_visible()
    customer.refresh_from_db()
    assert customer.city is None


def test_a_removed_row_comes_back_without_scripts(
    browsing: Browsing, manager: StaffUser, customer: Customer
) -> None:
    user = customer.add_user(first_name="Ada")
    plain = browsing.window(manager, java_script_enabled=False)
    plain.goto(page_of(customer, f"users/{user.pk}/remove/"))
    press(plain, "Remove Ada")
    follow(plain, "Undo")
    press(plain, "Undo")

    expect(plain.get_by_role("link", name="Edit Ada")).to_be_visible()
    assert customer.users.get().pk == user.pk


def test_what_a_colleague_changed_meanwhile_is_not_undone(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer, "edit/"))
    field(sara, "City").fill("Kyiv")
    press(sara, "Save")
    customer.revise({"phone": "1"})
    follow(sara, "Undo")

    expect(sara.get_by_role("alert")).to_contain_text("Someone changed this meanwhile.")
    expect(sara.get_by_role("button", name="Undo")).to_have_count(0)
