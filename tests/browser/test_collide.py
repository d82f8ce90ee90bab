"""Two people change one row: no change is lost, and the second person chooses."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from customers.models import Customer, Organization
from tests import factories
from tests.browser.support import Browsing, field, page_of, press

pytestmark = pytest.mark.slow

CONFLICT = "Someone changed"


@pytest.fixture
def tom(browsing: Browsing, acme: Organization) -> Page:
    """The window of Tom, who edits at the same time as Sara."""
    return browsing.window(factories.staff("tom", "Editor", organizations=[acme]))


@pytest.fixture
def customer(acme: Organization) -> Customer:
    return factories.customer(
        acme, name="Hooli", city="Berlin", country="DE", metadata={"plan": "gold"}
    )


def save(page: Page, **values: str) -> None:
    """Fill the form that is open and save it."""
    for name, value in values.items():
        field(page, name.replace("_", " ").capitalize()).fill(value)
    press(page, "Save")


def row(page: Page, name: str) -> Locator:
    return page.locator("tbody tr", has=page.get_by_role("rowheader", name=name, exact=True))


def choose(page: Page, **sides: str) -> None:
    """Choose a side for each field, "Yours" or "Theirs"."""
    for name, side in sides.items():
        row(page, name).locator(f"td[data-label={side}]").get_by_role("radio").check()


def both_edit(one: Page, other: Page, address: str) -> None:
    for page in (one, other):
        page.goto(address)


def test_the_second_sees_both_values_and_what_they_choose_is_saved(
    sara: Page, tom: Page, customer: Customer
) -> None:
    both_edit(sara, tom, page_of(customer, "edit/"))
    save(tom, Name="Hooli Inc", City="Hamburg", Phone="+49 40 1")
    expect(tom.get_by_text("Saved.")).to_be_visible()
    save(sara, Name="Hooli XYZ", City="Munich", Reference="R-7", Reason="They called.")

    expect(sara.get_by_role("alert")).to_contain_text("while you were editing. Nothing was saved.")
    for name, cells in {
        "Name": ["Hooli", "Hooli XYZ", "Hooli Inc"],
        "City": ["Berlin", "Munich", "Hamburg"],
        "Reference": ["—", "R-7 will be saved", "unchanged"],
        "Phone": ["—", "unchanged", "+49 40 1 already saved"],
    }.items():
        assert [
            " ".join(cell.split()) for cell in row(sara, name).get_by_role("cell").all_inner_texts()
        ] == cells
    choose(sara, Name="Theirs", City="Yours")
    press(sara, "Save what I chose")

    expect(sara.get_by_text("Saved.")).to_be_visible()
    customer.refresh_from_db()
    found = (customer.name, customer.city, customer.reference, customer.phone, customer.country)
    assert found == ("Hooli Inc", "Munich", "R-7", "+49 40 1", "DE")
    assert customer.metadata == {"plan": "gold"}
    expect(sara.get_by_text("Reason: They called.")).to_be_visible()


def test_a_choice_is_required(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer, "edit/"))
    customer.revise({"city": "Hamburg"})
    save(sara, City="Munich")
    press(sara, "Save what I chose")

    expect(sara.get_by_role("alert")).to_contain_text("Choose for each field")
    customer.refresh_from_db()
    assert customer.city == "Hamburg"


def test_changes_of_different_fields_are_both_kept(
    sara: Page, tom: Page, customer: Customer
) -> None:
    both_edit(sara, tom, page_of(customer, "edit/"))
    save(tom, City="Hamburg")
    expect(tom.get_by_text("Saved.")).to_be_visible()
    save(sara, Name="Hooli XYZ")
    expect(sara.get_by_role("alert")).to_contain_text("You changed different fields")
    press(sara, "Save what I chose")

    expect(sara.get_by_text("Saved.")).to_be_visible()
    customer.refresh_from_db()
    assert (customer.name, customer.city) == ("Hooli XYZ", "Hamburg")


def test_a_third_change_meanwhile_shows_the_page_again(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer, "edit/"))
    customer.revise({"city": "Hamburg"})
    save(sara, City="Munich", Reference="R-7")
    choose(sara, City="Yours")
    customer.revise({"city": "Bremen", "phone": "+49 421 1"})
    press(sara, "Save what I chose")

    expect(row(sara, "City").locator("td[data-label=Theirs]")).to_contain_text("Bremen")
    choose(sara, City="Theirs")
    press(sara, "Save what I chose")
    expect(sara.get_by_text("Saved.")).to_be_visible()
    customer.refresh_from_db()
    found = (customer.city, customer.reference, customer.phone)
    assert found == ("Bremen", "R-7", "+49 421 1")


def test_metadata_conflicts_by_key_and_is_shown_as_lines(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer, "edit/"))
    customer.revise({"metadata": {"plan": "silver"}})
    sara.get_by_label("Value 1").fill("platinum")
    sara.get_by_label("Key 2").fill("tier")
    sara.get_by_label("Value 2").fill("1")
    press(sara, "Save")
    yours = row(sara, "Metadata").locator("td[data-label=Yours]")
    expect(yours).to_contain_text("plan: platinum")
    expect(yours).to_contain_text("tier: 1")
    choose(sara, Metadata="Yours")
    press(sara, "Save what I chose")

    expect(sara.get_by_text("Saved.")).to_be_visible()
    customer.refresh_from_db()
    assert customer.metadata == {"plan": "platinum", "tier": "1"}


def test_my_changes_can_be_dropped(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer, "edit/"))
    customer.revise({"city": "Hamburg"})
    save(sara, City="Munich")
    sara.get_by_role("link", name="Drop my changes").click()

    expect(field(sara, "City")).to_have_value("Hamburg")


def test_an_api_change_over_an_old_version_is_refused_too(
    sara: Page, customer: Customer, acme: Organization
) -> None:
    api = factories.client(acme)
    etag = api.get(f"/customers/{customer.pk}")["ETag"]
    sara.goto(page_of(customer, "edit/"))
    save(sara, City="Hamburg")
    expect(sara.get_by_text("Saved.")).to_be_visible()
    sent = {"city": "Munich"}
    refused = api.patch(f"/customers/{customer.pk}", sent, format="json", HTTP_IF_MATCH=etag)

    assert refused.status_code == 412
    customer.refresh_from_db()
    assert customer.city == "Hamburg"


def test_a_change_by_an_api_conflicts_with_an_edit(
    sara: Page, customer: Customer, acme: Organization
) -> None:
    sara.goto(page_of(customer, "edit/"))
    sent = {"city": "Munich"}
    changed = factories.client(acme).patch(f"/customers/{customer.pk}", sent, format="json")
    assert changed.status_code == 200
    save(sara, City="Hamburg")

    expect(row(sara, "City").locator("td[data-label=Theirs]")).to_contain_text("Munich")


def test_edits_of_a_user_conflict(sara: Page, tom: Page, customer: Customer) -> None:
    user = factories.user(customer, first_name="Ada")
    both_edit(sara, tom, page_of(customer, f"users/{user.pk}/"))
    save(tom, First_name="Grace", Last_name="Hopper")
    expect(tom.get_by_text("Saved.")).to_be_visible()
    save(sara, First_name="Augusta")
    expect(sara.get_by_role("alert")).to_contain_text(CONFLICT)
    choose(sara, **{"First name": "Yours"})
    press(sara, "Save what I chose")

    expect(sara.get_by_text("Saved.")).to_be_visible()
    user.refresh_from_db()
    assert (user.first_name, user.last_name) == ("Augusta", "Hopper")


def test_edits_of_a_payment_method_conflict(sara: Page, tom: Page, customer: Customer) -> None:
    method = factories.payment_method(customer)
    both_edit(sara, tom, page_of(customer, f"payment-methods/{method.pk}/"))
    save(tom, Expiry_year="2031")
    expect(tom.get_by_text("Saved.")).to_be_visible()
    save(sara, Expiry_year="2032", Brand="mastercard")
    expect(sara.get_by_role("alert")).to_contain_text(CONFLICT)
    choose(sara, **{"Expiry year": "Theirs"})
    press(sara, "Save what I chose")

    expect(sara.get_by_text("Saved.")).to_be_visible()
    method.refresh_from_db()
    assert (method.exp_year, method.exp_month, method.brand) == (2031, 8, "mastercard")
