"""The page of a customer: timeline, API representations, payment methods."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from playwright.sync_api import Page, expect

from customers.models import ApiKey, Customer, Organization
from customers.rest.contract import contracts
from customers.values import cus_ids
from customers.values.api_keys import digest
from tests import factories
from tests.browser.support import Browsing, ask, field, page_of, press
from tests.browser.test_keyboard import tab_to

pytestmark = pytest.mark.slow

COPIED = "async (wanted) => await navigator.clipboard.readText() === wanted"


@pytest.fixture
def full(acme: Organization) -> Customer:
    """A customer with a value in every field."""
    return factories.customer(
        acme,
        external_id="crm-1",
        processor_reference="cus_NffrFeUfNV2Hib",
        reference="R-1",
        email="ada@example.org",
        name="Łódź & Söhne",
        legal_name="Łódź & Söhne GmbH",
        legal_number="HRB 86786",
        ein="12-3456789",
        address_line1="Hauptstraße 1",
        address_line2="2. Stock",
        city="Berlin",
        state="Berlin",
        postal_code="10115",
        country="DE",
        phone="+49 30 123456",
        url="https://example.org/?a=1&b=2",
        logo_url="https://example.org/logo.png",
        metadata={"plan": "gold", "note": "a <b> c"},
    )


def timeline(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("ol.timeline > li").all_inner_texts()]


def test_the_timeline_shows_who_changed_what_how_and_why(
    sara: Page, customer: Customer, acme: Organization
) -> None:
    _, secret = ApiKey.issue(acme, "live", name="Billing sync")
    sent = {"customer": {"external_id": "ext-1", "city": "Berlin", "phone": "+49 30 1"}}
    api = factories.bearer(secret)
    assert api.post("/api/v1/customers", sent, format="json").status_code == 200
    sara.goto(page_of(customer, "edit/"))
    field(sara, "City").fill("Hamburg")
    field(sara, "Reason").fill("They moved.")
    press(sara, "Save")
    expect(sara.get_by_text("Saved.")).to_be_visible()
    Customer.objects.filter(pk=customer.pk).update(phone=None)
    sara.reload()

    by_hand, edit, by_api, creation = timeline(sara)
    assert "By hand, in the database" in by_hand
    assert "Phone +49 30 1 → —" in by_hand
    assert "sara" in edit
    assert "Reason: They moved." in edit
    assert "City Berlin → Hamburg" in edit
    assert "Phone" not in edit
    assert "API key Billing sync" in by_api or "API key live_" in by_api
    assert "through Lago" in by_api
    assert "City — → Berlin" in by_api
    assert "Phone — → +49 30 1" in by_api
    assert "Created" in creation


def test_the_timeline_shows_users_and_payment_methods(sara: Page, customer: Customer) -> None:
    user = factories.user(customer, first_name="Ada", email="ada@example.org")
    user.revise({"first_name": "Grace"})
    user.remove()
    factories.payment_method(customer)
    sara.goto(page_of(customer))

    added, removed, changed, joined, _created = timeline(sara)
    assert "Payment method visa •••• 4242 added" in added
    assert "User Grace removed" in removed
    assert "User Grace changed" in changed
    assert "First name Ada → Grace" in changed
    assert "User Ada added" in joined


def test_a_long_timeline_has_pages(sara: Page, customer: Customer) -> None:
    for number in range(25):
        customer.revise({"city": f"City {number}"})
    sara.goto(page_of(customer))
    assert len(timeline(sara)) == 20
    sara.get_by_role("link", name="Older changes").click()

    sara.wait_for_url("**before=*")
    assert len(timeline(sara)) == 6
    assert "City City 3 → City 4" in timeline(sara)[0]


def test_the_json_is_what_each_api_returns(
    sara: Page, browsing: Browsing, full: Customer, acme: Organization
) -> None:
    factories.payment_method(full)
    factories.user(full)
    full.refresh_from_db()
    _, secret = ApiKey.issue(acme, "live")
    sara.goto(page_of(full, "developers/"))

    for contract in contracts():
        summary = sara.locator(".representations summary", has_text=contract.title)
        details = summary.locator("xpath=..")
        if details.get_attribute("open") is None:
            summary.click()
        shown = json.loads(sara.get_by_label(contract.title, exact=True).inner_text())
        name, _, value = contract.key_header.format(api_key=secret).partition(": ")
        status, answer = ask(browsing.origin + contract.customer_path(full), **{name: value})
        assert status == 200
        assert shown == answer, contract.title


def test_fields_that_an_api_lacks_are_listed(sara: Page, full: Customer) -> None:
    sara.goto(page_of(full, "developers/"))

    summary = sara.locator(".representations summary", has_text="Vatly")
    for name in ("Phone", "Legal number", "EIN"):
        expect(summary).to_contain_text(name)
    expect(summary).not_to_contain_text("Metadata")


def test_copy_buttons_copy_the_value_next_to_them(browsing: Browsing, full: Customer) -> None:
    someone = factories.staff("ada", "Viewer", organizations=[full.organization])
    page = browsing.window(someone, permissions=["clipboard-read", "clipboard-write"])
    page.goto(page_of(full))
    wanted = {
        f"Copy {full.pk}": str(full.pk),
        f"Copy {cus_ids.encode(full.pk)}": cus_ids.encode(full.pk),
        "Copy External id": "crm-1",
        "Copy Name": "Łódź & Söhne",
        "Copy note": "a <b> c",
    }
    for name, value in wanted.items():
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_function(COPIED, arg=value)

    page.goto(page_of(full, "developers/"))
    shown = page.get_by_label("Alternative Payments", exact=True).inner_text()
    page.get_by_role("button", name="Copy the JSON").first.click()
    page.wait_for_function(COPIED, arg=shown)


def test_a_copy_button_confirms_the_copy_and_resets_after_two_clicks(
    browsing: Browsing, full: Customer
) -> None:
    someone = factories.staff("ada", "Viewer", organizations=[full.organization])
    page = browsing.window(someone, permissions=["clipboard-read", "clipboard-write"])
    page.clock.install()
    page.goto(page_of(full))
    button = page.locator("[data-copy='HRB 86786']")

    button.click()
    expect(button).to_have_text("✓")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    button.click()
    page.clock.run_for(5000)

    expect(button).to_have_accessible_name("Copy Legal number")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(0)


def test_a_zone_that_is_a_prefix_of_the_cookies_replaces_it(
    browsing: Browsing, full: Customer
) -> None:
    someone = factories.staff("ada", "Viewer", organizations=[full.organization])
    page = browsing.window(someone, timezone_id="Etc/GMT+1")
    page.goto("/backoffice/account/")
    page.context.add_cookies([{"name": "timezone", "value": "Etc%2FGMT%2B10", "url": page.url}])

    page.goto(page_of(full))

    kept = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    assert kept["timezone"] == "Etc%2FGMT%2B1"


@pytest.fixture
def last_day_of_february() -> Iterator[None]:
    """2028 is a leap year. The clock keeps running: the live server needs it."""
    with time_machine.travel(datetime(2028, 2, 29, 23, 0, tzinfo=UTC)):
        yield


@pytest.mark.usefixtures("last_day_of_february")
def test_a_card_is_valid_until_its_month_ends_and_the_default_comes_first(
    browsing: Browsing, acme: Organization
) -> None:
    customer = factories.customer(acme, name="Hooli")
    for brand, month in (("amex", 1), ("visa", 2)):
        customer.add_payment_method(type="card", brand=brand, exp_month=month, exp_year=2028)
    default = customer.add_payment_method(type="standard_ach", bank_name="Chase", last4="6789")
    customer.set_default_payment_method(default)
    page = browsing.window(factories.staff("ada", "Editor", organizations=[acme]))
    page.goto(page_of(customer))

    methods = page.locator("section", has=page.get_by_role("heading", name="Payment methods"))
    rows = [" ".join(row.split()) for row in methods.locator("tbody tr").all_inner_texts()]
    assert [row.split()[0] for row in rows] == ["★", "amex", "visa"]
    assert "Chase •••• 6789 default" in rows[0]
    assert "1/2028 expired" in rows[1]
    assert "2/2028" in rows[2]
    assert "expired" not in rows[2]

    press(page, "Make default visa")
    expect(methods.locator("tbody tr").first).to_contain_text("★ visa")


def test_possible_duplicates_are_shown_with_what_they_share(
    sara: Page, full: Customer, acme: Organization
) -> None:
    other = factories.customer(acme, name="Twin", email="ADA@example.org")
    sara.goto(page_of(full))

    expect(sara.get_by_text("1 possible duplicate:")).to_be_visible()
    expect(sara.get_by_text("(same Email)")).to_be_visible()
    sara.get_by_role("link", name="Twin", exact=True).click()
    sara.wait_for_url(f"**{page_of(other)}")


@pytest.mark.parametrize("part", ["", "developers/"])
def test_a_secret_is_nowhere_on_the_page(
    sara: Page, full: Customer, acme: Organization, part: str
) -> None:
    _, secret = ApiKey.issue(acme, "live")
    factories.bearer(secret).patch(f"/customers/{full.pk}", {"city": "Rome"}, format="json")
    sara.goto(page_of(full, part))

    assert "Rome" in sara.content()
    assert secret not in sara.content()
    assert digest(secret) not in sara.content()


def test_the_tabs_are_reached_by_keyboard(sara: Page, full: Customer) -> None:
    sara.goto(page_of(full))
    expect(sara.get_by_text("As each API shows it")).to_have_count(0)
    tab_to(sara, sara.get_by_role("link", name="For developers"))
    sara.keyboard.press("Enter")

    expect(sara.get_by_role("heading", name="As each API shows it")).to_be_visible()
    tab = sara.get_by_role("navigation", name="Customer", exact=True)
    expect(tab.locator("[aria-current=page]")).to_have_text("For developers")


def test_empty_fields_are_folded_until_asked_for(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer))
    phone = sara.get_by_role("term").filter(has_text="Phone")
    expect(phone).to_be_hidden()
    tab_to(sara, sara.locator("summary", has_text="Show 10 empty fields"))
    sara.keyboard.press("Enter")

    expect(phone).to_be_visible()
