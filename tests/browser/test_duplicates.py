"""The queue of possible duplicates, and the warning before creating one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer, NotDuplicate, Organization
from tests import factories
from tests.browser.support import ACME, faults, field, follow, press

pytestmark = pytest.mark.slow


def test_pairs_are_decided_one_after_the_other(sara: Page, acme: Organization) -> None:
    for name in ("One", "Two", "Three"):
        factories.customer(acme, name=name, email="a@example.org")
    sara.goto(f"{ACME}/")
    sara.get_by_role("navigation").get_by_role("link", name="Duplicates").click()
    compared = sara.get_by_role("row", name="Name differs")
    expect(compared.get_by_role("cell")).to_have_text(["Two", "Three"])
    expect(sara.get_by_role("row", name="Email").locator(".badge")).to_have_count(0)
    press(sara, "Not duplicates")

    expect(sara.get_by_text("Three and Two are not duplicates.")).to_be_visible()
    expect(compared.get_by_role("cell")).to_have_text(["One", "Three"])
    sara.get_by_role("status").get_by_role("link", name="Undo").click()
    assert faults(sara, "said") == []
    press(sara, "They may be duplicates after all")
    expect(compared.get_by_role("cell")).to_have_text(["Two", "Three"])
    assert not NotDuplicate.objects.exists()
    for pair in (["One", "Three"], ["One", "Two"]):
        follow(sara, "Next pair")
        expect(compared.get_by_role("cell")).to_have_text(pair)
    follow(sara, "Next pair")
    expect(sara.get_by_text("That was the last pair")).to_be_visible()
    assert faults(sara, "last") == []


def test_a_customer_like_the_new_one_is_shown_before_it_is_created(
    sara: Page, acme: Organization
) -> None:
    factories.customer(acme, name="Hooli")
    sara.goto(f"{ACME}/customers/new/")
    field(sara, "Name").fill("hooli")
    field(sara, "City").fill("Berlin")
    field(sara, "City").press("Enter")
    warning = sara.get_by_role("alert")
    expect(warning).to_be_focused()
    expect(warning).to_contain_text("Hooli (same name)")
    expect(field(sara, "City")).to_have_value("Berlin")
    assert faults(sara, "warning") == []
    assert Customer.objects.count() == 1
    press(sara, "Create anyway")

    expect(sara.get_by_text("hooli is created.")).to_be_visible()
    assert Customer.objects.count() == 2
