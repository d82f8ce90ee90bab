"""What is typed is neither lost nor saved twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Page, expect

from customers.models import ApiKey, Customer, Organization
from customers.staff.models import StaffUser
from tests.browser.support import ACME, Browsing, field, follow, page_of, press

pytestmark = pytest.mark.slow


@pytest.fixture
def asked(sara: Page) -> list[str]:
    """The dialogs that Sara's window has shown."""
    found: list[str] = []

    def note(dialog: Dialog) -> None:
        found.append(dialog.type)

    sara.on("dialog", note)
    return found


def test_a_double_click_creates_one_customer(sara: Page, acme: Organization) -> None:
    sara.goto(f"{ACME}/customers/new/")
    field(sara, "Name").fill("Hooli")
    sara.get_by_role("button", name="Create customer").dblclick()

    expect(sara.get_by_text("Hooli is created.")).to_be_visible()
    assert Customer.objects.count() == 1


def test_a_double_click_without_scripts_creates_one_customer(
    browsing: Browsing, manager: StaffUser, acme: Organization
) -> None:
    page = browsing.window(manager, java_script_enabled=False)
    page.goto(f"{ACME}/customers/new/")
    field(page, "Name").fill("Hooli")
    page.get_by_role("button", name="Create customer").dblclick()

    page.wait_for_url("**/customers/*-*/")
    expect(page.get_by_role("heading", name="Hooli")).to_be_visible()
    assert Customer.objects.count() == 1


def test_reloading_the_page_of_a_key_issues_no_other(sara: Page, acme: Organization) -> None:
    sara.goto(f"{ACME}/credentials/new/")
    field(sara, "Name").fill("Billing sync")
    sara.get_by_role("button", name="Issue").dblclick()
    expect(sara.get_by_text("Copy it now.")).to_be_visible()
    secret = sara.locator("dl.details code").last.inner_text()
    sara.reload()

    expect(sara.get_by_text("Its secret is shown only once")).to_be_visible()
    assert secret not in sara.content()
    assert ApiKey.objects.count() == 1


def test_leaving_what_was_typed_asks_first(
    sara: Page, customer: Customer, asked: list[str]
) -> None:
    sara.goto(page_of(customer, "edit/"))
    follow(sara, "Cancel")
    assert asked == []

    sara.goto(page_of(customer, "edit/"))
    field(sara, "City").press_sequentially("Kyiv")
    follow(sara, "Cancel")
    sara.wait_for_url(f"**{page_of(customer)}")
    assert asked == ["beforeunload"]


def test_saving_what_was_typed_does_not_ask(
    sara: Page, customer: Customer, asked: list[str]
) -> None:
    sara.goto(page_of(customer, "edit/"))
    field(sara, "City").press_sequentially("Kyiv")
    press(sara, "Save")

    expect(sara.get_by_text("Saved.")).to_be_visible()
    assert asked == []


def test_what_was_typed_survives_the_end_of_the_session(
    sara: Page, manager: StaffUser, customer: Customer
) -> None:
    sara.goto(page_of(customer, "edit/"))
    field(sara, "City").fill("Kyiv")
    manager.set_password("correct horse")  # this ends the session too
    manager.save()
    press(sara, "Save")

    sara.get_by_label("Username").fill("sara")
    sara.get_by_label("Password").fill("correct horse")
    press(sara, "Sign in")
    expect(sara.get_by_text("You were signed out when you sent this")).to_be_visible()
    expect(field(sara, "City")).to_have_value("Kyiv")
    customer.refresh_from_db()
    assert customer.version == 1
    press(sara, "Save")
    expect(sara.get_by_text("Saved.")).to_be_visible()
    customer.refresh_from_db()
    assert customer.city == "Kyiv"


def test_the_admin_asks_too_before_what_was_typed_is_left(
    sara: Page, customer: Customer, asked: list[str]
) -> None:
    address = f"/admin/customers/customer/{customer.pk}/change/"
    sara.goto(address)
    sara.get_by_label("City").press_sequentially("Kyiv")
    sara.goto("/admin/")
    assert asked == ["beforeunload"]

    sara.goto(address)
    sara.get_by_label("City").press_sequentially("Kyiv")
    press(sara, "Save and continue editing")
    expect(sara.get_by_text("was changed successfully")).to_be_visible()
    sara.goto("/admin/customers/customer/")
    sara.locator("select[name=action]").press("A")
    sara.goto("/admin/")
    assert asked == ["beforeunload"]
