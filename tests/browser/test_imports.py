"""Importing a file in the browser, from refused rows to undoing it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from customers.backoffice.imports.views import ImportPage
from customers.imports.apply import apply
from customers.imports.upload import begin
from customers.models import Customer, CustomerImport, ImportRow, Organization
from customers.staff.models import StaffUser
from tests import factories
from tests.browser.support import (
    ACME,
    NARROW,
    WIDE,
    Browsing,
    follow,
    overflow,
    page_of,
    press,
)
from tests.imports.support import csv_bytes, xlsx_bytes

pytestmark = pytest.mark.slow

HEADER = ["external_id", "name", "email", "country"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def upload(page: Page, content: bytes | Iterable[Sequence[str]], name: str = "crm.csv") -> None:
    data = content if isinstance(content, bytes) else csv_bytes(*content)
    kind = XLSX if name.endswith("xlsx") else "text/csv"
    page.get_by_label("CSV or XLSX file").set_input_files(
        {"name": name, "mimeType": kind, "buffer": data}
    )
    press(page, "Upload the file")


def rows(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("tbody tr").all_inner_texts()]


def test_a_file_is_corrected_imported_and_undone(
    sara: Page, acme: Organization, tmp_path: Path
) -> None:
    known = factories.customer(acme, name="Hooli", external_id="x-1", country="US")
    sara.goto(f"{ACME}/")
    sara.get_by_role("link", name="Imports").click()
    expect(sara.get_by_role("heading", name="No imports yet")).to_be_visible()
    follow(sara, "Import a file")
    upload(sara, [HEADER, ["x-1", "Hooli XYZ", "", "US"], ["x-2", "Raviga", "nobody", "Nowhere"]])
    expect(sara.get_by_text("crm.csv, 2 rows")).to_be_visible()
    press(sara, "Check the rows")

    expect(
        sara.locator(".notice.warning", has_text="1 row is refused and will be left out.")
    ).to_be_visible()
    refused, changed = rows(sara)
    assert refused.startswith("3 Refused Correct row 3 because of")
    assert "nobody Enter a valid email address." in refused
    assert "Nowhere This is not a country." in refused
    assert changed.startswith("2 Changed")
    assert "Hooli → becomes Hooli XYZ" in changed
    with sara.expect_download() as download:
        follow(sara, "Download the refused rows")
    download.value.save_as(tmp_path / "refused.csv")
    assert "Raviga" in (tmp_path / "refused.csv").read_text("utf-8-sig")
    assert "x-1" not in (tmp_path / "refused.csv").read_text("utf-8-sig")

    follow(sara, "Correct")
    email = sara.get_by_role("textbox", name="email → Email")
    expect(email).to_be_focused()
    email.fill("r@r.test")
    sara.get_by_label("country").fill("Germany")
    sara.keyboard.press("Enter")
    expect(sara.get_by_text("Row 3 is checked: New.")).to_be_visible()
    expect(sara.get_by_text("corrected by sara")).to_be_visible()
    assert Customer.objects.count() == 1
    press(sara, "Import 2 rows: 1 new, 1 changed")
    expect(sara.get_by_text("The file is imported: 1 new, 1 changed.")).to_be_visible()
    made = Customer.objects.get(external_id="x-2")
    assert (made.email, made.country) == ("r@r.test", "DE")
    known.refresh_from_db()
    assert known.name == "Hooli XYZ"

    follow(sara, "Undo…")
    expect(sara.get_by_text("1 new customer is archived")).to_be_visible()
    press(sara, "Undo the import of 2 customers")
    expect(sara.get_by_text("The import is undone.")).to_be_visible()
    known.refresh_from_db()
    assert known.name == "Hooli"
    assert [row.name for row in Customer.objects.live()] == ["Hooli"]


def test_rows_are_corrected_one_after_the_other_without_scripts(
    browsing: Browsing, manager: StaffUser, acme: Organization
) -> None:
    page = browsing.window(manager, java_script_enabled=False)
    page.goto(f"{ACME}/imports/new/")
    upload(page, [HEADER, *([f"x-{n}", f"Name {n}", "", "Nowhere"] for n in range(3))])
    press(page, "Check the rows")
    expect(page.get_by_text("No other row changes anything.")).to_be_visible()
    follow(page, "Correct")
    for number in (2, 3):
        page.get_by_label("country").fill("Germany")
        press(page, "Check, and correct the next refused row")
        expect(page.get_by_text(f"Row {number} is checked: New.")).to_be_visible()

    page.get_by_label("country").fill("Elsewhere")
    press(page, "Check this row")
    expect(page.get_by_text("Row 4 is still refused.")).to_be_visible()
    expect(page.get_by_text("In the file: Nowhere")).to_be_visible()
    follow(page, "Cancel")
    press(page, "Import 2 of 3 rows: 2 new")
    expect(page.get_by_text("1 refused row was left out.").first).to_be_visible()
    assert Customer.objects.count() == 2


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploading and importing take long enough to press Enter again."""

    def later(step: Callable[..., Any]) -> Callable[..., Any]:
        def wait(*args: Any, **kwargs: Any) -> Any:
            time.sleep(1)
            return step(*args, **kwargs)

        return wait

    monkeypatch.setattr("customers.backoffice.imports.upload.begin", later(begin))
    monkeypatch.setattr("customers.backoffice.imports.views.apply", later(apply))


def enter_twice(page: Page, name: str) -> None:
    """Press Enter, and again while the server is at work."""
    page.get_by_role("button", name=name).focus()
    with page.expect_request(lambda request: request.method == "POST"):
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")


def choose_file(page: Page) -> None:
    page.goto(f"{ACME}/imports/new/")
    page.get_by_label("CSV or XLSX file").set_input_files(
        {"name": "crm.csv", "mimeType": "text/csv", "buffer": csv_bytes(HEADER, ["x", "A", "", ""])}
    )


@pytest.mark.parametrize("scripts", [True, False])
def test_enter_twice_uploads_and_imports_once(
    browsing: Browsing, manager: StaffUser, acme: Organization, slow: None, *, scripts: bool
) -> None:
    page = browsing.window(manager, java_script_enabled=scripts)
    choose_file(page)
    enter_twice(page, "Upload the file")
    expect(page.get_by_role("button", name="Check the rows")).to_be_visible()
    assert CustomerImport.objects.count() == 1

    press(page, "Check the rows")
    enter_twice(page, "Import 1 row: 1 new")
    expect(page.get_by_role("link", name="Undo…")).to_be_visible()
    expect(page.get_by_text("Nothing was imported.")).to_have_count(0)
    assert Customer.objects.count() == 1


def test_without_the_token_enter_twice_uploads_twice(
    browsing: Browsing,
    manager: StaffUser,
    acme: Organization,
    slow: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ImportPage, "creates", False)
    page = browsing.window(manager, java_script_enabled=False)
    choose_file(page)
    enter_twice(page, "Upload the file")
    expect(page.get_by_role("button", name="Check the rows")).to_be_visible()

    assert CustomerImport.objects.count() == 2


def test_an_import_is_discarded(sara: Page, acme: Organization) -> None:
    sara.goto(f"{ACME}/imports/new/")
    upload(sara, [HEADER, ["x-1", "Hooli", "", ""]])
    press(sara, "Check the rows")
    follow(sara, "Discard…")
    press(sara, "Discard the import")

    expect(sara.get_by_text("crm.csv is discarded.")).to_be_visible()
    (row,) = rows(sara)
    assert "Discarded by sara" in row
    assert not ImportRow.objects.exists()


def test_the_rows_of_a_wide_file_scroll_in_their_own_region(sara: Page, acme: Organization) -> None:
    wide = [*HEADER, *(f"Column {n}" for n in range(30))]
    sara.goto(f"{ACME}/imports/new/")
    upload(
        sara, [wide, *([f"x-{n}", "Hooli", "", "Nowhere", *("text" * 5,) * 30] for n in range(60))]
    )
    press(sara, "Check the rows")
    region = sara.get_by_role("region", name="Rows of the file")
    for size in (WIDE, NARROW):
        sara.set_viewport_size(size)
        assert overflow(sara) == 0
        assert region.evaluate("element => element.scrollWidth > element.clientWidth")
        follow(sara, "Correct")
        form = sara.get_by_role("form", name="Correct row 2")
        box = form.bounding_box()
        assert box is not None
        assert box["width"] <= size["width"]
        follow(sara, "Cancel")
    region.focus()
    sara.keyboard.press("ArrowRight")
    sara.wait_for_function("() => document.querySelector('.file-rows').scrollLeft > 0")


def test_a_later_change_stays_when_the_other_customers_are_undone(
    sara: Page, acme: Organization
) -> None:
    sara.goto(f"{ACME}/imports/new/")
    upload(sara, [HEADER, ["x-1", "Hooli", "", ""], ["x-2", "Raviga", "", ""]])
    press(sara, "Check the rows")
    press(sara, "Import 2 rows: 2 new")
    expect(sara.get_by_text("The file is imported")).to_be_visible()
    Customer.objects.get(name="Hooli").revise({"city": "Palo Alto"})
    follow(sara, "Undo…")

    expect(sara.get_by_text("1 customer stays as it is")).to_be_visible()
    press(sara, "Undo the import of 1 customer")
    expect(sara.get_by_text("1 customer was not undone")).to_be_visible()
    assert [row.name for row in Customer.objects.live()] == ["Hooli"]
    follow(sara, "Hooli")
    sara.wait_for_url(f"**{page_of(Customer.objects.get(name='Hooli'))}")


def test_undoing_is_refused_after_a_change_since_the_preview(
    sara: Page, acme: Organization
) -> None:
    sara.goto(f"{ACME}/imports/new/")
    upload(sara, [HEADER, ["x-1", "Hooli", "", ""]])
    press(sara, "Check the rows")
    press(sara, "Import 1 row: 1 new")
    follow(sara, "Undo…")
    Customer.objects.get().revise({"city": "Palo Alto"})
    press(sara, "Undo the import of 1 customer")

    expect(sara.get_by_text("Nothing was undone.")).to_be_visible()
    assert Customer.objects.live().get().city == "Palo Alto"


def test_the_columns_of_a_workbook_can_be_matched_by_hand(sara: Page, acme: Organization) -> None:
    sara.goto(f"{ACME}/imports/new/")
    upload(sara, xlsx_bytes(["Kundennummer", "Firma", "zip"], ["0042", "Müller", 10115]), "k.xlsx")
    expect(sara.get_by_text("No column is matched to Id or External id")).to_be_visible()
    expect(sara.get_by_label("zip")).to_have_value("postal_code")
    sara.get_by_label("Kundennummer").select_option("external_id")
    sara.get_by_label("Firma").select_option("name")
    press(sara, "Check the rows")
    press(sara, "Import 1 row: 1 new")

    expect(sara.get_by_text("The file is imported: 1 new.")).to_be_visible()
    made = Customer.objects.get()
    assert (made.external_id, made.name, made.postal_code) == ("0042", "Müller", "10115")


def test_an_unreadable_file_is_refused_on_the_form(sara: Page, acme: Organization) -> None:
    sara.goto(f"{ACME}/imports/new/")
    upload(sara, b"PK\x03\x04 not a workbook", "broken.xlsx")

    expect(sara.locator(".errorlist")).not_to_be_empty()
    expect(sara.get_by_label("CSV or XLSX file")).to_be_visible()


def test_the_progress_of_a_long_import_is_shown(sara: Page, acme: Organization) -> None:
    sara.goto(f"{ACME}/imports/new/")
    upload(
        sara, [HEADER, *([f"x-{number}", f"Customer {number}", "", ""] for number in range(2000))]
    )
    press(sara, "Check the rows")

    expect(sara.get_by_text("The file is checked. Nothing is imported yet.")).to_be_visible(
        timeout=30_000
    )
    follow(sara, "See what the import would do")
    expect(sara.get_by_role("button", name="Import 2,000 rows: 2,000 new")).to_be_visible()
