"""Other states of pages: errors, conflicts, empty lists, progress. All are accessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.template.loader import get_template
from playwright.sync_api import Page, Route, expect

from customers.backoffice import home as home_page
from customers.backoffice.imports import views as import_views
from customers.models import Customer, CustomerUser, Organization
from tests import factories
from tests.browser.support import (
    ACME,
    HEADER,
    LONG,
    Browsing,
    World,
    faults,
    field,
    find,
    page_of,
    press,
)
from tests.imports.support import checked


def empty_form(address: str, button: str) -> Callable[[Page, World], None]:
    def reach(page: Page, world: World) -> None:
        page.goto(f"{ACME}/{address}")
        press(page, button)
        expect(page.locator(".errorlist, .notice.error").first).to_be_visible()

    return reach


def refused_upload(page: Page, world: World) -> None:
    page.goto(f"{ACME}/imports/new/")
    page.get_by_label("CSV or XLSX file").set_input_files(
        {"name": "broken.xlsx", "mimeType": "text/csv", "buffer": b"PK, but no workbook"}
    )
    press(page, "Upload the file")
    expect(page.locator(".errorlist")).to_be_visible()


def refused_edit(page: Page, world: World) -> None:
    page.goto(page_of(world.customer, "edit/"))
    field(page, "Email").fill("nobody")
    page.get_by_label("Value 2").fill("no key")
    press(page, "Save")
    expect(page.get_by_role("alert")).to_be_visible()


def refused_user(page: Page, world: World) -> None:
    page.goto(page_of(world.customer, f"users/{world.user.pk}/"))
    field(page, "Email").fill("nobody")
    press(page, "Save")
    expect(page.get_by_role("alert")).to_be_visible()


def refused_payment_method(page: Page, world: World) -> None:
    page.goto(page_of(world.customer, "payment-methods/add/"))
    press(page, "Add a payment method")
    expect(page.get_by_role("alert")).to_be_visible()


def refused_removal(page: Page, world: World) -> None:
    page.goto(page_of(world.customer, f"users/{world.user.pk}/remove/"))
    CustomerUser.objects.get(pk=world.user.pk).revise({"last_name": "Lovelace"})
    press(page, "Remove Ada")
    expect(page.get_by_text("Check it and try again.")).to_be_visible()


def conflict(page: Page, world: World) -> None:
    page.goto(page_of(world.customer, "edit/"))
    Customer.objects.get(pk=world.customer.pk).revise({"city": "Bremen", "phone": None})
    field(page, "City").fill("Munich")
    field(page, "Reference").fill(LONG)
    press(page, "Save")
    expect(page.get_by_role("button", name="Save what I chose")).to_be_visible()


def refused_restore(page: Page, world: World) -> None:
    world.archived.revise({"external_id": "taken"})
    factories.customer(world.acme, name="Holder", external_id="taken")
    page.goto(page_of(world.archived, "restore/"))
    expect(page.get_by_role("alert")).to_be_visible()


def selection(page: Page, world: World) -> None:
    page.goto(f"{ACME}/customers/?status=all")
    for box in page.locator("tbody input[name=id]").all():
        box.check()
    press(page, "Archive…")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Archive")


def opened_menus(page: Page, world: World) -> None:
    page.goto(f"{ACME}/customers/")
    page.get_by_text("Copy as curl").click()
    page.get_by_text("Columns", exact=True).click()


def nothing_found(page: Page, world: World) -> None:
    page.goto(f"{ACME}/")
    find(page, LONG * 3)
    expect(page.get_by_role("heading", name="No customer found")).to_be_visible()


def invalid_filters(page: Page, world: World) -> None:
    page.goto(f"{ACME}/customers/?country=Nowhere&month=never")
    expect(page.get_by_role("heading", name="Some filters are not valid")).to_be_visible()


def secret(page: Page, world: World) -> None:
    page.goto(f"{ACME}/credentials/new/")
    field(page, "Name").fill("Sync")
    press(page, "Issue")
    expect(page.get_by_text("Copy it now.")).to_be_visible()


def at(path: str, heading: str) -> Callable[[Page, World], None]:
    def reach(page: Page, world: World) -> None:
        page.goto(world.address(path))
        expect(page.get_by_text(heading).first).to_be_visible()

    return reach


def import_that_is_ready(page: Page, world: World) -> None:
    ready = checked(world.acme, [HEADER, ["x-9", "Hooli", ""], ["x-7", "Raviga Capital", ""]])
    page.goto(f"{ACME}/imports/{ready.pk}/")
    expect(page.get_by_role("button", name="Import 2 rows")).to_be_visible()


def columns_matched_twice(page: Page, world: World) -> None:
    page.goto(f"{ACME}/imports/{world.waiting.pk}/columns/")
    field(page, "email").select_option("name")
    press(page, "Check the rows")
    expect(page.get_by_role("alert")).to_be_visible()


def undoing_in_the_way(page: Page, world: World) -> None:
    Customer.objects.get(external_id="x-7").revise({"city": "Berlin"})
    page.goto(f"{ACME}/imports/{world.applied.pk}/undo/")
    expect(page.get_by_text("was changed since the import")).to_be_visible()


def form_of_another_site(page: Page, world: World) -> None:
    page.goto("/backoffice/password/")
    page.context.clear_cookies(name="csrftoken")
    for name in ("old_password", "new_password1", "new_password2"):
        page.locator(f"#id_{name}").fill("a longer password")
    press(page, "Change the password")
    expect(page.get_by_role("heading", name="Nothing was saved")).to_be_visible()


def wrong_code(page: Page, world: World) -> None:
    page.goto("/backoffice/account/second-factor/")
    page.get_by_label("Code").fill("000000")
    press(page, "Turn on the second factor")
    expect(page.locator(".errorlist")).to_be_visible()


STATES: dict[str, Callable[[Page, World], None]] = {
    "a new customer refused": empty_form("customers/new/", "Create customer"),
    "an upload refused": refused_upload,
    "a credential refused": empty_form("credentials/new/", "Issue"),
    "an edit refused": refused_edit,
    "a user refused": refused_user,
    "a payment method refused": refused_payment_method,
    "a removal refused": refused_removal,
    "a conflict": conflict,
    "a restore refused": refused_restore,
    "a selection": selection,
    "open menus": opened_menus,
    "nothing found": nothing_found,
    "invalid filters": invalid_filters,
    "test data": at("/backoffice/acme/test/", "TEST DATA"),
    "no customers": at("/backoffice/acme/test/customers/", "No customers yet"),
    "no imports": at("/backoffice/acme/test/imports/", "No imports yet"),
    "no credentials": at(
        "/backoffice/acme/test/credentials/", "None in this organization and mode."
    ),
    "a secret": secret,
    "a key that cannot be replaced": at(
        "credentials/key/{world.revoked.pk}/replace/", "nothing to replace"
    ),
    "an archived customer": at("customers/{world.archived.pk}/", "archived"),
    "an import that is done": at("imports/{world.applied.pk}/", "The rows are kept for 90 days."),
    "an import that is ready": import_that_is_ready,
    "columns matched twice": columns_matched_twice,
    "undoing refused": undoing_in_the_way,
    "404": at("nothing/", "Page not found"),
    "a form of another site": form_of_another_site,
    "a wrong code": wrong_code,
    "the start": at("/", "Customer registry"),
}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_states_are_accessible(sara: Page, world: World, part: int) -> None:
    found = []
    for name, reach in list(STATES.items())[part::4]:
        reach(sara, world)
        found += faults(sara, name)
    assert found == []


def answering(text: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=text, content_type="text/html")


@pytest.mark.slow
def test_sign_in_and_error_pages_are_accessible(browsing: Browsing, acme: Organization) -> None:
    found = []
    page = browsing.window()
    page.goto("/backoffice/login/")
    found += faults(page, "signing in")
    for attempt in range(5):
        page.get_by_label("Username").fill("sara")
        page.get_by_label("Password").fill("a wrong one")
        press(page, "Sign in")
        if attempt == 1:
            expect(page.get_by_role("alert")).to_be_visible()
            found += faults(page, "signing in refused")
    expect(page.get_by_role("heading", name="Too many failed sign-ins")).to_be_visible()
    found += faults(page, "locked out")
    for name in ("400", "500"):
        text = get_template(f"{name}.html").render()
        page.route(f"**/{name}", answering(text))
        page.goto(f"/{name}")
        found += faults(page, name)
    viewer = browsing.window(factories.staff("vera", "Viewer", organizations=[acme]))
    viewer.goto(f"{ACME}/credentials/")
    found += faults(viewer, "403")
    nobody = browsing.window(factories.staff("nora", "Viewer"))
    nobody.goto("/backoffice/")
    found += faults(nobody, "nowhere")

    assert found == []


@pytest.mark.slow
def test_pages_that_wait_are_accessible(
    sara: Page, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    monkeypatch.setattr(home_page, "figures_of", lambda _credential: None)
    sara.goto(f"{ACME}/")
    expect(sara.get_by_text("The customers are being counted")).to_be_visible()
    found += faults(sara, "counting")
    monkeypatch.setattr(import_views, "PROGRESS_FROM_ROWS", 1)
    sara.goto(f"{ACME}/imports/{world.waiting.pk}/columns/")
    press(sara, "Check the rows")
    expect(sara.get_by_role("link", name="See what the import would do")).to_be_visible()
    found += faults(sara, "work that goes on")

    assert found == []
