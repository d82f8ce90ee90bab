"""Importing a file in the browser, from refused rows to undoing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer, Organization
from tests import factories
from tests.browser.support import ACME, follow, page_of, press
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

    expect(sara.get_by_text("1 row is refused, so nothing can be imported yet")).to_be_visible()
    changed, refused = rows(sara)
    assert "Changed" in changed
    assert "Name Hooli → becomes Hooli XYZ" in changed
    assert "Refused" in refused
    assert "email nobody: Enter a valid email address." in refused
    assert "country Nowhere: This is not a country." in refused
    with sara.expect_download() as download:
        follow(sara, "Download the refused rows")
    download.value.save_as(tmp_path / "refused.csv")
    assert "Raviga" in (tmp_path / "refused.csv").read_text("utf-8-sig")
    assert "x-1" not in (tmp_path / "refused.csv").read_text("utf-8-sig")

    follow(sara, "Upload the corrected file")
    upload(sara, [HEADER, ["x-1", "Hooli XYZ", "", "US"], ["x-2", "Raviga", "r@r.test", "Germany"]])
    press(sara, "Check the rows")
    assert Customer.objects.count() == 1
    press(sara, "Import 2 rows: 1 new, 1 changed")
    expect(sara.get_by_text("The file is imported: 1 new, 1 changed.")).to_be_visible()
    assert Customer.objects.get(external_id="x-2").country == "DE"
    known.refresh_from_db()
    assert known.name == "Hooli XYZ"

    follow(sara, "Undo…")
    expect(sara.get_by_text("1 new customer is archived")).to_be_visible()
    press(sara, "Undo the import of 2 customers")
    expect(sara.get_by_text("The import is undone.")).to_be_visible()
    known.refresh_from_db()
    assert known.name == "Hooli"
    assert [row.name for row in Customer.objects.live()] == ["Hooli"]


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
