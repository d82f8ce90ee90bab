"""API keys and OAuth clients: issued, shown once, replaced, revoked."""

from __future__ import annotations

from base64 import b64encode

import pytest
from playwright.sync_api import Page, expect

from customers.models import ApiKey, Customer, Organization
from tests.browser.support import ACME, Browsing, ask, field, follow, press

pytestmark = pytest.mark.slow


def opens(browsing: Browsing, key: str) -> int:
    """The status of a request for the list of customers with a key."""
    return ask(f"{browsing.origin}/customers", Authorization=f"Bearer {key}")[0]


def issue(page: Page, name: str) -> str:
    page.goto(f"{ACME}/credentials/new/")
    field(page, "Name").fill(name)
    press(page, "Issue")
    return shown(page)


def shown(page: Page) -> str:
    """The secret that the page shows."""
    expect(page.get_by_text("Copy it now.")).to_be_visible()
    return page.locator("dl.details code").last.inner_text()


def actions(page: Page, name: str) -> None:
    """Follow a link of the first credential in the list."""
    page.goto(f"{ACME}/credentials/")
    follow(page, name)


@pytest.mark.usefixtures("customer")
def test_a_key_works_at_once_and_is_shown_only_once(sara: Page, browsing: Browsing) -> None:
    key = issue(sara, "Billing sync")
    assert opens(browsing, key) == 200

    follow(sara, "Done, I have copied it")
    sara.wait_for_url("**/credentials/")
    expect(sara.get_by_role("rowheader", name="Billing sync")).to_be_visible()
    assert key not in sara.content()
    sara.goto(f"{ACME}/credentials/new/")
    assert key not in sara.content()
    sara.go_back()
    assert key not in sara.content()


def test_going_back_does_not_show_the_secret_again(sara: Page, acme: Organization) -> None:
    key = issue(sara, "Billing sync")
    follow(sara, "Done, I have copied it")
    sara.wait_for_url("**/credentials/")
    sara.evaluate("history.back()")

    expect(sara.get_by_text("Its secret is shown only once")).to_be_visible()
    assert key not in sara.content()
    assert ApiKey.objects.count() == 1


def test_an_oauth_client_gets_a_token(sara: Page, acme: Organization) -> None:
    sara.goto(f"{ACME}/credentials/new/")
    sara.get_by_label("OAuth client").check()
    field(sara, "Name").fill("Partner")
    press(sara, "Issue")
    secret = shown(sara)
    client_id = sara.locator("dl.details code").first.inner_text()

    answer = sara.request.post(
        "/oauth/token",
        form={"grant_type": "client_credentials"},
        headers={"Authorization": basic(client_id, secret)},
    )
    assert answer.status == 200
    assert answer.json()["token_type"] == "bearer"


def basic(name: str, secret: str) -> str:
    return f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"


def test_a_key_is_replaced_without_a_gap(
    sara: Page, browsing: Browsing, acme: Organization
) -> None:
    old = issue(sara, "Billing sync")
    actions(sara, "Replace")
    field(sara, "Keep the old one for").select_option("One hour")
    press(sara, "Issue the new one")
    new = shown(sara)

    assert new != old
    assert (opens(browsing, old), opens(browsing, new)) == (200, 200)
    later, earlier = ApiKey.objects.order_by("-created_at")
    assert (later.expires_at, later.name) == (None, "Billing sync")
    assert earlier.expires_at is not None
    sara.goto(f"{ACME}/credentials/")
    expires = sara.locator("td[data-label=Expires] time")
    expect(expires).to_have_count(1)
    expect(expires).to_have_attribute("datetime", earlier.expires_at.isoformat())


def test_a_key_is_replaced_and_the_old_one_revoked_at_once(
    sara: Page, browsing: Browsing, acme: Organization
) -> None:
    old = issue(sara, "Billing sync")
    actions(sara, "Replace")
    field(sara, "Keep the old one for").select_option("0")
    press(sara, "Issue the new one")

    assert opens(browsing, shown(sara)) == 200
    assert opens(browsing, old) in (401, 403)


def test_a_revoked_key_is_refused(sara: Page, browsing: Browsing, acme: Organization) -> None:
    key = issue(sara, "Billing sync")
    actions(sara, "Revoke")
    press(sara, "Revoke")

    expect(sara.get_by_text("is revoked.")).to_be_visible()
    expect(sara.get_by_role("cell", name="revoked")).to_be_visible()
    expect(sara.get_by_role("link", name="Revoke")).to_have_count(0)
    assert opens(browsing, key) in (401, 403)


def test_an_expiry_in_the_past_is_refused(sara: Page, customer: Customer) -> None:
    sara.goto(f"{ACME}/credentials/new/")
    field(sara, "Name").fill("Late")
    field(sara, "Expires").fill("2020-01-01T00:00")
    press(sara, "Issue")

    expect(sara.get_by_text("This time is past. Give a later one.", exact=True)).to_be_visible()
    assert not ApiKey.objects.exists()
