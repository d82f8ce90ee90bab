"""Signing in, permissions, and what people without them see."""

from __future__ import annotations

import time

import pytest
from django.contrib.auth.models import Group
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from customers.models import Customer, Organization
from customers.staff.models import AuthenticatorApp, StaffUser
from tests import factories
from tests.browser.support import ACME, Browsing, follow, page_of, press

pytestmark = pytest.mark.slow


def sign_in(page: Page, password: str = factories.PASSWORD, code: str = "") -> None:
    page.get_by_label("Username").fill("sara")
    page.get_by_label("Password").fill(password)
    page.get_by_label("Code from your authenticator app").fill(code)
    press(page, "Sign in")


def code(user: StaffUser, *, seconds: int = 0) -> str:
    """What the person's authenticator app shows, now or a little later."""
    totp = TOTP(AuthenticatorApp.objects.get(user=user).bin_key)
    totp.time = time.time() + seconds
    return f"{totp.token():06}"


@pytest.mark.usefixtures("manager")
def test_signing_in_returns_to_the_requested_page(browsing: Browsing, customer: Customer) -> None:
    page = browsing.window()
    page.goto(f"{page_of(customer)}?before=2030-01-01T00:00:00Z")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page)

    page.wait_for_url(f"**{page_of(customer)}?before=*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Coleman-Blair")
    page.get_by_text("Sara", exact=True).click()
    press(page, "Sign out")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(page_of(customer))
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.usefixtures("manager")
def test_after_five_wrong_passwords_the_right_one_is_refused(browsing: Browsing) -> None:
    page = browsing.window()
    page.goto("/backoffice/login/")
    for _attempt in range(4):
        sign_in(page, "a wrong one")
        expect(page.get_by_role("alert")).to_contain_text(
            "Enter the correct user name and password"
        )
    sign_in(page, "a wrong one")
    expect(page.get_by_role("heading", name="Too many failed sign-ins")).to_be_visible()
    expect(page.get_by_text("Try again at")).to_contain_text("in 15 minutes")

    follow(page, "Back to the login page")
    sign_in(page)
    expect(page.get_by_role("heading", name="Too many failed sign-ins")).to_be_visible()


def test_a_second_factor_is_set_up_and_then_required(
    sara: Page, browsing: Browsing, manager: StaffUser
) -> None:
    sara.goto("/backoffice/account/")
    follow(sara, "Set up a second factor…")
    expect(sara.get_by_role("img", name="QR code")).to_be_visible()
    sara.get_by_label("Code").fill(code(manager))
    press(sara, "Turn on the second factor")
    expect(sara.locator(".recovery-codes li")).to_have_count(10)
    recovery = sara.locator(".recovery-codes code").first.inner_text()
    follow(sara, "Done, I have copied them")
    expect(sara.get_by_text("10 recovery codes are left.")).to_be_visible()

    other = browsing.window()
    other.goto("/backoffice/login/")
    sign_in(other)
    expect(other.get_by_text("Enter the code from your authenticator app")).to_be_visible()
    sign_in(other, code=code(manager, seconds=30))
    other.wait_for_url(f"**{ACME}/")

    third = browsing.window()
    third.goto("/backoffice/login/")
    sign_in(third, code=recovery)
    third.wait_for_url(f"**{ACME}/")
    third.goto("/backoffice/account/")
    expect(third.get_by_text("9 recovery codes are left.")).to_be_visible()


def test_a_viewer_can_read_and_sees_whom_to_ask_for_more(
    browsing: Browsing, customer: Customer, acme: Organization
) -> None:
    StaffUser.objects.create_superuser("grace")
    factories.payment_method(customer)
    factories.user(customer)
    page = browsing.window(factories.staff("vera", "Viewer", organizations=[acme]))
    page.goto(page_of(customer))
    for name in ("Edit", "Archive…", "Add", "Remove"):
        expect(page.locator("main").get_by_role("link", name=name)).to_have_count(0)
    for address in (page_of(customer, "edit/"), f"{ACME}/credentials/", f"{ACME}/imports/"):
        page.goto(address)
        expect(
            page.get_by_role("heading", name="You do not have permission to do this")
        ).to_be_visible()
        expect(page.get_by_text("Your groups: Viewer.")).to_be_visible()
        expect(page.get_by_text("Ask grace")).to_be_visible()
    follow(page, "See your account")
    expect(page.get_by_role("definition").filter(has_text="Viewer")).to_be_visible()


def test_a_lost_permission_applies_at_once(
    sara: Page, customer: Customer, manager: StaffUser
) -> None:
    sara.goto(page_of(customer, "edit/"))
    manager.groups.set([Group.objects.get(name="Viewer")])
    press(sara, "Save")

    expect(
        sara.get_by_role("heading", name="You do not have permission to do this")
    ).to_be_visible()


def test_another_organization_is_not_found(
    sara: Page, globex: Organization, customer: Customer
) -> None:
    theirs = factories.customer(globex, name="Secret Hooli")
    mine_there = page_of(theirs).replace("globex", "acme")
    for address in (
        page_of(theirs),
        page_of(theirs, "edit/"),
        mine_there,
        "/backoffice/globex/live/",
    ):
        sara.goto(address)
        expect(sara.get_by_role("heading", name="Page not found")).to_be_visible()
        assert "Secret Hooli" not in sara.content()
    sara.goto(f"{ACME}/")
    sara.get_by_role("banner").get_by_text("Acme · Live").click()
    expect(sara.get_by_role("link", name="Globex")).to_have_count(0)


def test_someone_without_an_organization_sees_why_there_is_nothing(browsing: Browsing) -> None:
    page = browsing.window(factories.staff("nora", "Viewer"))
    page.goto("/backoffice/")

    expect(page.get_by_role("heading", name="You belong to no organization yet")).to_be_visible()
