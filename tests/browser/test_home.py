"""The home page: each number is a link to the customers that it counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from customers.models import Organization
from tests import factories
from tests.browser.support import ACME, names


def test_each_number_leads_to_that_many_rows(sara: Page, acme: Organization) -> None:
    now = datetime.now(UTC)
    last_month = now.replace(day=1) - timedelta(days=3)
    for name in ("Old one", "Old two"):
        factories.customer(acme, name=name, country="FR", created_at=last_month)
    for email in ("twin@example.org", "Twin@example.org"):
        factories.customer(acme, email=email, country="DE")
    card = factories.customer(acme, name="Card", country="DE")
    factories.payment_method(card, exp_month=1, exp_year=2020)
    factories.payment_method(card, exp_month=now.month, exp_year=now.year)
    factories.customer(acme, name="Gone").archive()
    factories.customer(acme, "test", name="Test")
    sara.goto(f"{ACME}/")

    figures = sara.locator(".figures a")
    assert [" ".join(text.split()) for text in figures.all_inner_texts()] == [
        "5 Live customers",
        "3 New this month",
        "1 Archived",
    ]
    tasks = sara.locator(".worklist a")
    assert [" ".join(text.split()) for text in tasks.all_inner_texts()] == [
        "1 customer has an expired card",
        "4 customers have no way to pay",
        "5 customers have no address",
        "2 customers are possible duplicates",
    ]
    links = [
        (link.inner_text(), link.get_attribute("href")) for link in [*figures.all(), *tasks.all()]
    ]
    bars = sara.locator("svg.months a")
    assert bars.count() == 24
    links += [
        (label.partition(": ")[2], bar.get_attribute("href"))
        for bar in bars.all()
        if not (label := bar.get_attribute("aria-label") or "").endswith(": 0 customers")
    ]
    links += [
        (row.locator("td.number").inner_text(), row.get_by_role("link").get_attribute("href"))
        for row in sara.locator("table.ranking tbody tr").all()
    ]
    assert len(links) == 3 + 4 + 2 + 2
    for shown, address in links:
        sara.goto(address or "")
        assert len(names(sara)) == int(shown.split()[0]), (shown, address)


def test_a_bar_is_a_link(sara: Page, acme: Organization) -> None:
    factories.customer(acme, name="Hooli")
    month = datetime.now(UTC)
    sara.goto(f"{ACME}/")
    sara.get_by_role("link", name=f"{month:%B %Y}: 1 customer").click()

    sara.wait_for_url(f"**/customers/?month={month:%Y-%m}")
    expect(sara.get_by_text(f"Created: in {month:%Y-%m} (UTC)")).to_be_visible()
    assert names(sara) == ["Hooli"]
