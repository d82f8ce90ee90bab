"""Creating, editing, archiving and restoring customers, their users and payment methods."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer, Organization
from tests import factories
from tests.browser.support import ACME, field, follow, names, page_of, press

pytestmark = pytest.mark.slow


def test_a_customer_is_created_and_changed(sara: Page, acme: Organization) -> None:
    sara.goto(f"{ACME}/")
    follow(sara, "New customer")
    field(sara, "Name").fill("Hooli")
    field(sara, "Country").select_option("US")
    sara.get_by_label("Key 1").fill("plan")
    sara.get_by_label("Value 1").fill("gold")
    press(sara, "Create customer")
    expect(sara.get_by_text("Hooli is created.")).to_be_visible()

    follow(sara, "Edit")
    field(sara, "Email").fill("billing@hooli.test")
    sara.get_by_label("Value 1").fill("silver")
    press(sara, "Save")
    expect(sara.get_by_text("Saved.")).to_be_visible()
    customer = Customer.objects.get()
    assert (customer.name, customer.country, customer.email, customer.metadata) == (
        *("Hooli", "US", "billing@hooli.test"),
        {"plan": "silver"},
    )


def test_a_form_that_is_refused_keeps_what_was_typed(sara: Page, customer: Customer) -> None:
    factories.customer(customer.organization, external_id="crm-1")
    sara.goto(page_of(customer, "edit/"))
    field(sara, "City").fill("Berlin")
    field(sara, "Email").fill("nobody")
    field(sara, "External id").fill("crm-1")
    press(sara, "Save")

    expect(sara.get_by_role("alert")).to_contain_text(
        "Nothing was saved. Correct the marked fields."
    )
    expect(sara.get_by_text("Enter a valid email address.", exact=True)).to_be_visible()
    expect(field(sara, "City")).to_have_value("Berlin")
    expect(field(sara, "Email")).to_have_value("nobody")
    customer.refresh_from_db()
    assert customer.version == 1


def test_a_card_number_is_refused_and_not_shown_again(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer, "edit/"))
    field(sara, "Reference").fill("4242 4242 4242 4242")
    sara.get_by_label("Key 1").fill("card")
    sara.get_by_label("Value 1").fill("5555-5555-5555-4444")
    press(sara, "Save")

    refused = sara.locator(".field .errorlist")
    expect(refused.get_by_text("This looks like a payment card number")).to_have_count(2)
    expect(field(sara, "Reference")).to_have_value("")
    expect(sara.get_by_label("Key 1")).to_have_value("card")
    assert "4242 4242" not in sara.content()
    assert "5555-5555" not in sara.content()


def test_a_customer_is_archived_with_a_reason_and_restored(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer))
    follow(sara, "Archive…")
    expect(sara.get_by_text("leaves every list and every API list")).to_be_visible()
    field(sara, "Reason").fill("They went to Globex.")
    press(sara, "Archive customer")
    expect(sara.get_by_text("Coleman-Blair is archived.")).to_be_visible()
    expect(sara.get_by_text("Reason: They went to Globex.")).to_be_visible()

    sara.goto(f"{ACME}/customers/")
    assert names(sara) == []
    sara.goto(f"{ACME}/customers/?status=archived")
    follow(sara, "Coleman-Blair")
    follow(sara, "Restore…")
    press(sara, "Restore customer")
    expect(sara.get_by_text("Coleman-Blair is restored.")).to_be_visible()
    sara.goto(f"{ACME}/customers/")
    assert names(sara) == ["Coleman-Blair"]


def test_a_customer_whose_external_id_is_taken_cannot_be_restored(
    sara: Page, customer: Customer
) -> None:
    customer.archive()
    sara.goto(page_of(customer, "restore/"))
    holder = factories.customer(customer.organization, name="Newcomer", external_id="ext-1")
    press(sara, "Restore customer")

    expect(sara.get_by_role("alert")).to_contain_text(
        "its external id ext-1 now belongs to another"
    )
    expect(sara.get_by_role("alert").get_by_role("link", name="Newcomer")).to_be_visible()
    follow(sara, "Edit Newcomer")
    field(sara, "External id").fill("ext-2")
    press(sara, "Save")
    sara.wait_for_url(f"**{page_of(holder)}")
    sara.goto(page_of(customer, "restore/"))
    press(sara, "Restore customer")
    expect(sara.get_by_text("Coleman-Blair is restored.")).to_be_visible()


def select(page: Page, *wanted: str) -> None:
    for name in wanted:
        page.get_by_role("checkbox", name=f"Select {name}").check()


def test_selected_customers_are_archived_after_a_preview(sara: Page, acme: Organization) -> None:
    for name in ("Aviato", "Hooli", "Raviga"):
        factories.customer(acme, name=name)
    sara.goto(f"{ACME}/customers/")
    select(sara, "Aviato", "Raviga")
    press(sara, "Archive…")
    expect(sara.get_by_role("heading", name="Archive 2 customers?")).to_be_visible()
    assert sara.locator("main form li").all_inner_texts() == ["Raviga", "Aviato"]
    field(sara, "Reason").fill("Spring cleaning")
    press(sara, "Archive 2 customers")

    expect(sara.get_by_text("2 customers are archived.")).to_be_visible()
    assert names(sara) == ["Hooli"]


def test_one_box_selects_the_whole_page(sara: Page, acme: Organization) -> None:
    for name in ("Aviato", "Hooli"):
        factories.customer(acme, name=name)
    sara.goto(f"{ACME}/customers/")
    sara.get_by_role("checkbox", name="Select all on this page").check()
    press(sara, "Archive…")

    expect(sara.get_by_role("heading", name="Archive 2 customers?")).to_be_visible()
    follow(sara, "Cancel")
    expect(sara.get_by_role("link", name="Hooli")).to_be_visible()
    assert Customer.objects.live().count() == 2


def test_all_that_match_are_given_a_country_after_a_preview(sara: Page, acme: Organization) -> None:
    for number in range(60):
        factories.customer(acme, name=f"Customer {number:02}", city="Berlin")
    factories.customer(acme, name="Elsewhere")
    sara.goto(f"{ACME}/customers/?q=berlin&sort=name")
    sara.get_by_role("checkbox", name="all 60, on every page").check()
    press(sara, "Edit a field…")
    expect(sara.get_by_role("heading", name="Edit 60 customers")).to_be_visible()
    field(sara, "What to change").select_option("Country")
    field(sara, "Country").select_option("Germany")
    press(sara, "Show what would change")
    expect(sara.get_by_role("heading", name="Change 60 customers?")).to_be_visible()
    expect(sara.get_by_text("… and 10 more.")).to_be_visible()
    Customer.objects.get(name="Customer 07").revise({"phone": "+49 30 1"})
    field(sara, "Reason").fill("All in Berlin")
    press(sara, "Change 60 customers")

    expect(sara.get_by_role("heading", name="59 customers are changed.")).to_be_visible()
    expect(sara.get_by_role("listitem").filter(has_text="Customer 07")).to_contain_text(
        "It was changed after you chose it."
    )
    assert Customer.objects.filter(country="DE").count() == 59
    follow(sara, "Back to the list")
    sara.wait_for_url("**/customers/?q=berlin&sort=name")


def test_the_filters_survive_archiving_and_restoring(sara: Page, acme: Organization) -> None:
    for name in ("Aviato", "Hooli"):
        factories.customer(acme, name=name, country="DE")
    sara.goto(f"{ACME}/customers/?country=DE&status=all")
    for button in ("Archive", "Restore"):
        select(sara, "Aviato", "Hooli")
        press(sara, f"{button}…")
        press(sara, f"{button} 2 customers")
        expect(sara.get_by_text(f"2 customers are {button.lower()}d.")).to_be_visible()
        assert sara.url.endswith("/customers/?country=DE&status=all")


def test_an_empty_selection_is_refused(sara: Page, customer: Customer) -> None:
    sara.goto(f"{ACME}/customers/")
    press(sara, "Archive…")

    expect(sara.get_by_text("Select at least one customer first.")).to_be_visible()


def test_exports_are_downloaded_and_import_as_unchanged(
    sara: Page, acme: Organization, tmp_path: Path
) -> None:
    for name in ("=1+1", 'Łódź; "quoted"\nand more', "'=apostrophe"):
        factories.customer(acme, name=name, country="PL", metadata={"plan": "gold"})
    factories.customer(acme, name="Elsewhere", country="DE")
    sara.goto(f"{ACME}/customers/")
    select(sara, "=1+1", "Elsewhere")
    press(sara, "Export…")
    with sara.expect_download() as selection:
        press(sara, "Export 2 customers")
    sara.goto(f"{ACME}/customers/?country=PL")
    with sara.expect_download() as whole_list:
        follow(sara, "Export as CSV")

    for download, rows in ((selection.value, 2), (whole_list.value, 3)):
        assert download.suggested_filename.startswith("customers-acme-live-")
        file = tmp_path / download.suggested_filename
        download.save_as(file)
        sara.goto(f"{ACME}/imports/new/")
        sara.locator("input[type=file]").set_input_files(file)
        press(sara, "Upload the file")
        press(sara, "Check the rows")
        expect(sara.get_by_text("There is nothing to import.")).to_be_visible()
        expect(sara.get_by_text(f"{rows} rows are unchanged")).to_be_visible()


def test_a_user_is_added_changed_and_removed(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer))
    follow(sara, "Add a user")
    field(sara, "Email").fill("ada@example.org")
    field(sara, "First name").fill("Ada")
    press(sara, "Add a user")
    expect(sara.get_by_text("Ada is added.")).to_be_visible()
    follow(sara, "Edit Ada")
    field(sara, "First name").fill("Grace")
    press(sara, "Save")
    expect(sara.get_by_text("Saved.")).to_be_visible()
    follow(sara, "Remove Grace")
    press(sara, "Remove Grace")

    expect(sara.get_by_text("Grace is removed.")).to_be_visible()
    assert customer.users.count() == 0


def test_a_second_user_with_the_email_is_refused(sara: Page, customer: Customer) -> None:
    factories.user(customer)
    sara.goto(page_of(customer, "users/add/"))
    field(sara, "Email").fill("ADA@example.org")
    press(sara, "Add a user")

    expect(sara.get_by_text("already has a user with this email")).to_be_visible()


def test_a_payment_method_is_added_changed_and_removed(sara: Page, customer: Customer) -> None:
    sara.goto(page_of(customer, "payment-methods/add/"))
    field(sara, "Type").select_option("card")
    field(sara, "Brand").fill("visa")
    field(sara, "Last four").fill("42")
    press(sara, "Add a payment method")
    expect(
        sara.get_by_text("Give the last four digits, and only those.", exact=True)
    ).to_be_visible()
    field(sara, "Last four").fill("4242")
    press(sara, "Add a payment method")
    expect(sara.get_by_text("visa •••• 4242 is added.")).to_be_visible()
    follow(sara, "Edit visa •••• 4242")
    field(sara, "Expiry month").fill("8")
    field(sara, "Expiry year").fill("2030")
    press(sara, "Save")
    expect(sara.get_by_text("8/2030")).to_be_visible()
    follow(sara, "Remove visa •••• 4242")
    press(sara, "Remove visa •••• 4242")

    expect(sara.get_by_text("visa •••• 4242 is removed.")).to_be_visible()
    assert customer.payment_methods.count() == 0


def test_a_row_that_changed_meanwhile_is_not_removed(sara: Page, customer: Customer) -> None:
    user = factories.user(customer, first_name="Ada")
    sara.goto(page_of(customer, f"users/{user.pk}/remove/"))
    user.revise({"first_name": "Grace"})
    press(sara, "Remove Ada")

    expect(sara.get_by_text("Nothing was removed. Check it and try again.")).to_be_visible()
    expect(sara.get_by_role("button", name="Remove Grace")).to_be_visible()
    assert customer.users.count() == 1
