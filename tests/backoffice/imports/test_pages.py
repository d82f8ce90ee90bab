"""The pages of imports, from the file to the import."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from customers.imports import upload_handler
from customers.models import Customer, CustomerImport, Organization
from tests import factories
from tests.backoffice.imports.support import HOME, MIXED, CustomerEvent, at, only, send, text
from tests.imports.support import checked, confirm, uploaded


def test_a_file_goes_from_upload_to_import(editor: Client, customer: Customer) -> None:
    response = send(editor, MIXED)
    assert response.url == at(only(), "columns/")

    page = text(editor.get(response.url))
    assert "New one" in page
    assert "No column is matched to Id or External id" not in page

    response = editor.post(
        at(only(), "columns/"), {"column_0": "external_id", "column_1": "legal_name"}, follow=True
    )
    page = text(response)
    assert "Import 2 customers: 1 new, 1 changed" in page
    assert not Customer.objects.filter(external_id="x-1").exists()

    page = text(editor.post(at(only(), "confirm/"), follow=True))
    assert "The file is imported: 1 new, 1 changed." in page
    customer.refresh_from_db()
    assert (customer.name, customer.legal_name) == ("Coleman-Blair", "Renamed")
    assert Customer.objects.filter(external_id="x-1", legal_name="New one").exists()


def test_the_history_names_the_person_the_import_and_the_request(
    editor: Client, found: CustomerImport, customer: Customer
) -> None:
    response = editor.post(at(found, "confirm/"))

    context = CustomerEvent.objects.filter(pgh_obj_id=customer.pk).latest("pgh_id").pgh_context
    assert context["actor"]["label"] == "sara"
    assert context["import"] == str(found.pk)
    assert context["reason"] == "Import of customers.csv"
    assert context["request_id"] == response["X-Request-Id"]


def test_without_imports_the_page_says_what_they_are(editor: Client) -> None:
    assert "No imports yet" in text(editor.get(HOME))


def test_the_list_shows_the_imports_of_this_organization_and_mode(
    editor: Client, acme: Organization, globex: Organization
) -> None:
    uploaded(acme, MIXED, name="mine.csv")
    uploaded(acme, MIXED, name="test.csv", mode="test")
    uploaded(globex, MIXED, name="theirs.csv")

    page = text(editor.get(HOME))

    assert "mine.csv" in page
    assert "test.csv" not in page
    assert "theirs.csv" not in page


def test_the_template_names_all_columns(editor: Client) -> None:
    response = editor.get(f"{HOME}template.csv")

    assert response["Content-Disposition"] == 'attachment; filename="customers-template.csv"'
    assert text(response).startswith("\ufeffid,external_id,processor_reference,")


@pytest.mark.parametrize(
    ("content", "reported"),
    [
        (b"name,city\nA,B,C\n", "Row 2 has 3 cells"),
        (b"", "empty"),
        (b"%PDF\x00\n\x00", "neither a CSV file nor an XLSX file"),
    ],
)
def test_an_unreadable_file_is_refused_where_it_was_chosen(
    editor: Client, content: bytes, reported: str
) -> None:
    response = send(editor, content)

    assert response.status_code == 400
    assert reported in text(response)
    assert not CustomerImport.objects.exists()


def test_no_file_is_reported(editor: Client) -> None:
    response = editor.post(f"{HOME}new/")

    assert response.status_code == 400
    assert "This field is required" in text(response)


def test_columns_are_matched_beforehand_and_the_registrys_own_are_named(
    editor: Client, acme: Organization
) -> None:
    found = uploaded(acme, [["E-mail", "created_at", "Colour"], ["a@b.test", "2026", "red"]])

    page = text(editor.get(at(found, "columns/")))

    assert '<option value="email" selected>Email</option>' in page
    assert page.count("The registry keeps this itself.") == 1
    assert "so every row becomes a new customer" in page


def test_one_field_cannot_be_filled_by_two_columns(editor: Client, acme: Organization) -> None:
    found = uploaded(acme, MIXED)

    response = editor.post(at(found, "columns/"), {"column_0": "name", "column_1": "name"})

    assert response.status_code == 400
    assert "Two columns are matched to “Name”" in text(response)
    found.refresh_from_db()
    assert found.state == "uploaded"


def test_a_field_that_there_is_not_is_refused(editor: Client, acme: Organization) -> None:
    found = uploaded(acme, MIXED)

    response = editor.post(at(found, "columns/"), {"column_0": "version", "column_1": "name"})

    assert response.status_code == 400


def test_blank_cells_clear_where_the_box_is_ticked(editor: Client, customer: Customer) -> None:
    send(editor, [["external_id", "name"], ["ext-1", " "]])

    form = {"column_0": "external_id", "column_1": "name"}
    assert "There is nothing to import" in text(
        editor.post(at(only(), "columns/"), form, follow=True)
    )
    page = text(editor.post(at(only(), "columns/"), {**form, "blank_clears": "on"}, follow=True))

    assert "Import 1 customer: 1 changed" in page


def test_the_check_shows_what_was_and_what_will_be(editor: Client, found: CustomerImport) -> None:
    page = text(editor.get(at(found)))

    assert "<del>Coleman-Blair</del>" in page
    assert "<ins>Renamed</ins>" in page


def test_an_outcome_can_be_chosen(editor: Client, found: CustomerImport) -> None:
    page = text(editor.get(at(found), {"outcome": "new"}))

    assert "New one" in page
    assert "Renamed" not in page


def test_long_checks_are_paged_by_row(editor: Client, acme: Organization) -> None:
    found = checked(acme, [["name"], *([f"name-{number}."] for number in range(120))])

    first = editor.get(at(found)).context["page"]
    second = editor.get(f"{at(found)}?{first.links['next']}").context["page"]
    third = editor.get(f"{at(found)}?{second.links['next']}").context["page"]
    back = editor.get(f"{at(found)}?{third.links['previous']}").context["page"]

    assert [len(page.rows) for page in (first, second, third)] == [50, 50, 20]
    assert [row.number for row, *_ in back.rows] == [row.number for row, *_ in second.rows]
    assert "previous" not in first.links
    assert "next" not in third.links


@pytest.mark.parametrize("number", ["-1", "x", "1" * 30, "١", ""])
def test_an_odd_place_is_the_first_page(editor: Client, found: CustomerImport, number: str) -> None:
    assert editor.get(at(found), {"after": number}).status_code == 200


def test_refused_rows_block_the_import_and_can_be_downloaded(
    editor: Client, acme: Organization
) -> None:
    found = checked(
        acme,
        [["name", "country"], ["=cmd()", "Nowhere"], ["Good", "DE"], ["Card", "4111111111111111"]],
    )

    page = text(editor.get(at(found)))
    assert "2 rows are refused, so nothing can be imported yet" in page
    assert "confirm/" not in page
    assert "<q>Nowhere</q>" in page
    assert "two-letter code (DE)" in page
    assert "4111" not in page

    file = text(editor.get(at(found, "refused.csv")))
    assert file.splitlines()[0] == "\ufeffname,country,Row,Why it was refused"
    assert file.splitlines()[1].startswith("'=cmd(),Nowhere,2,")
    assert "country “Nowhere”: This is not a country." in file
    assert "Good" not in file
    assert "4111" not in file

    editor.post(at(found, "confirm/"))
    assert not Customer.objects.exists()


def test_a_change_since_the_check_is_reported_and_the_check_can_be_made_again(
    editor: Client, found: CustomerImport, customer: Customer
) -> None:
    customer.revise({"city": "Berlin"})

    page = text(editor.post(at(found, "confirm/"), follow=True))
    assert "Nothing was imported. 1 customer was changed since the check. Check again." in page

    editor.post(at(found, "check/"))
    assert "The file is imported" in text(editor.post(at(found, "confirm/"), follow=True))


def test_confirming_twice_imports_once(editor: Client, found: CustomerImport) -> None:
    editor.post(at(found, "confirm/"))
    editor.post(at(found, "confirm/"))

    assert Customer.objects.count() == 2


@pytest.mark.parametrize("part", ["confirm/", "check/"])
def test_an_address_that_only_takes_a_form_leads_to_the_import(
    editor: Client, found: CustomerImport, part: str
) -> None:
    response = editor.get(at(found, part))

    assert (response.status_code, response.url) == (302, at(found))  # type: ignore[attr-defined]
    found.refresh_from_db()
    assert found.state == "checked"


def test_an_imported_file_is_not_matched_again(editor: Client, found: CustomerImport) -> None:
    confirm(found)

    assert editor.get(at(found, "columns/")).url == at(found)  # type: ignore[attr-defined]
    form = {"column_0": "external_id", "column_1": "name"}
    page = text(editor.post(at(found, "columns/"), form, follow=True))
    assert "This file is imported already." in page


def test_the_lists_own_export_imports_back_as_unchanged(editor: Client, customer: Customer) -> None:
    factories.customer(customer.organization, name="=1+1", metadata={"a": "b"}, country="DE")
    response: Any = editor.get("/backoffice/acme/live/customers/export.csv")

    found = checked(customer.organization, b"".join(response.streaming_content))

    assert found.counts == {"unchanged": 2}


def test_a_cell_is_shown_as_text(editor: Client, acme: Organization) -> None:
    found = checked(acme, [["name", "country"], ["<b>x</b>", "<script>"]])

    page = text(editor.get(at(found))) + text(editor.get(at(found, "columns/")))

    assert "<script>" not in page.split("</head>")[1]
    assert "<b>x" not in page


def test_a_file_that_was_not_kept_is_shown_to_be_too_large(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_handler, "MAX_REQUEST", 2000)

    response = send(editor, b"name\n" + b"a\n" * 2000)

    assert response.status_code == 400
    assert "The file is larger than 50 MiB. Import it in parts." in text(response)
    assert not CustomerImport.objects.exists()
    assert send(editor, b"name\na\n").status_code == 302
