"""A colleague is invited, chooses a password by the link, and signs in; one of the admin too."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from customers.models import Organization
from customers.staff.models import PasswordLink, StaffUser
from tests import factories
from tests.browser.support import ACME, Browsing, faults, field, follow, press

pytestmark = pytest.mark.slow

PASSWORD = "a fine long phrase"


def invite(page: Page) -> str:
    """Invite Nia, and return the address of her link."""
    page.goto(f"{ACME}/colleagues/")
    follow(page, "Invite…")
    for name, value in (("First name", "Nia"), ("Email", "nia@example.org"), ("User name", "nia")):
        field(page, name).fill(value)
    page.get_by_label("Editor", exact=True).check()
    press(page, "Invite")
    expect(page.get_by_text("Copy it now.")).to_be_visible()
    return page.locator("dl.details code").first.inner_text()


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/backoffice/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_label("Password").press("Enter")
    page.wait_for_load_state()


def test_who_is_invited_signs_in_and_sees_the_customers(sara: Page, browsing: Browsing) -> None:
    address = invite(sara)
    nia = browsing.window()
    nia.goto(address)

    assert nia.url.endswith("/backoffice/account/link/")
    assert faults(nia, "choose a password") == []
    nia.get_by_label("New password", exact=True).fill(PASSWORD)
    nia.get_by_label("New password confirmation").fill(PASSWORD)
    press(nia, "Set the password")
    expect(nia.get_by_text("Sign in as nia.")).to_be_visible()
    sign_in(nia, "nia", PASSWORD)
    nia.wait_for_url("**/backoffice/acme/live/")
    expect(nia.get_by_role("link", name="New customer")).to_be_visible()
    expect(nia.get_by_role("link", name="Colleagues")).to_have_count(0)

    nia.goto(address)
    expect(nia.get_by_role("heading", name="This link does not work")).to_be_visible()
    assert faults(nia, "a link that is over") == []
    sara.goto(f"{ACME}/colleagues/")
    row = sara.get_by_role("row").filter(has_text="nia@example.org")
    expect(row.get_by_text("active")).to_be_visible()
    expect(row.get_by_text("never")).to_have_count(0)


def test_the_page_of_a_new_link_is_accessible(sara: Page) -> None:
    invite(sara)

    assert faults(sara, "the link") == []


def test_a_lost_password_is_replaced_by_a_link(
    sara: Page, browsing: Browsing, acme: Organization
) -> None:
    factories.staff("nia", "Editor", organizations=[acme])
    sara.goto(f"{ACME}/colleagues/")
    follow(sara, "New link nia")
    press(sara, "Make a link")
    nia = browsing.window()
    nia.goto(sara.locator("dl.details code").first.inner_text())
    nia.get_by_label("New password", exact=True).fill(PASSWORD)
    nia.get_by_label("New password confirmation").fill(PASSWORD)
    press(nia, "Set the password")

    sign_in(nia, "nia", PASSWORD)
    nia.wait_for_url("**/backoffice/acme/live/")


def test_a_colleague_is_changed_and_deactivated(sara: Page, acme: Organization) -> None:
    nia = factories.staff("nia", "Viewer", organizations=[acme])
    sara.goto(f"{ACME}/colleagues/")
    follow(sara, "Change nia")
    sara.get_by_label("Manager", exact=True).check()
    press(sara, "Save")
    expect(sara.get_by_text("nia is changed.")).to_be_visible()
    follow(sara, "Deactivate nia")
    press(sara, "Deactivate")

    expect(sara.get_by_text("deactivated", exact=True)).to_be_visible()
    nia.refresh_from_db()
    assert not nia.is_active
    assert [group.name for group in nia.groups.all()] == ["Manager"]
    assert not PasswordLink.objects.exists()


def test_an_account_made_in_the_admin_can_sign_in(browsing: Browsing, acme: Organization) -> None:
    root = browsing.window(StaffUser.objects.create_superuser("root"))
    root.goto("/admin/staff/staffuser/add/")
    root.locator("[name=username]").fill("nia")
    root.locator("[name=password1]").fill(PASSWORD)
    root.locator("[name=password2]").fill(PASSWORD)
    root.get_by_role("button", name="Save", exact=True).click()
    root.wait_for_load_state()
    person = StaffUser.objects.get(username="nia")
    person.organizations.add(acme)
    person.groups.add(Group.objects.get(name="Viewer"))

    nia = browsing.window()
    sign_in(nia, "nia", PASSWORD)
    nia.wait_for_url("**/backoffice/acme/live/")
    expect(nia.get_by_role("heading", name="Acme")).to_be_visible()
