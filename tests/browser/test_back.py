"""Going back to a form shows what is stored now, not what was typed once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer
from customers.templatetags import forms
from tests import factories
from tests.browser.support import Browsing, field, page_of, press

pytestmark = pytest.mark.slow


def edit_and_go_back(page: Page, customer: Customer, address: str, saved: str) -> None:
    """Save a change of the name, let a colleague change the city, and go back to the form."""
    page.goto(address)
    page.locator("input[name=name]").fill("Hooli")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(saved)).to_be_visible()
    customer.refresh_from_db()
    customer.revise({"city": "Kyiv", "name": "Hooli XYZ"})
    page.go_back()
    page.wait_for_url(f"**{address}")


def test_the_back_office_loses_no_change_of_a_colleague(sara: Page, customer: Customer) -> None:
    edit_and_go_back(sara, customer, page_of(customer, "edit/"), "Saved.")
    expect(field(sara, "Name")).to_have_value("Hooli XYZ")
    field(sara, "Phone").fill("+49 30 1")
    press(sara, "Save")

    expect(sara.get_by_text("Saved.")).to_be_visible()
    customer.refresh_from_db()
    assert (customer.name, customer.city, customer.phone) == ("Hooli XYZ", "Kyiv", "+49 30 1")


def test_without_the_attribute_the_change_is_lost(
    sara: Page, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "_FORM", re.compile(r"(never)"))
    edit_and_go_back(sara, customer, page_of(customer, "edit/"), "Saved.")
    expect(field(sara, "Name")).to_have_value("Hooli")
    press(sara, "Save")

    expect(sara.get_by_text("Saved.")).to_be_visible()
    customer.refresh_from_db()
    assert customer.name == "Hooli"


def test_the_admin_loses_no_change_of_a_colleague(browsing: Browsing, customer: Customer) -> None:
    page = browsing.window(factories.staff("root", is_superuser=True))
    address = f"/admin/customers/customer/{customer.pk}/change/"
    edit_and_go_back(page, customer, address, "was changed successfully")

    expect(page.locator("input[name=name]")).to_have_value("Hooli XYZ")
    page.locator("input[name=phone]").fill("+49 30 1")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    customer.refresh_from_db()
    assert (customer.name, customer.city, customer.phone) == ("Hooli XYZ", "Kyiv", "+49 30 1")
