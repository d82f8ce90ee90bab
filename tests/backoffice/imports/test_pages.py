"""The pages of imports, from the file to the import."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from customers.imports import upload_handler
from customers.models import Customer, CustomerImport, Organization
from tests import factories
from tests.backoffice.imports.support import (
    HOME,
    MIXED,
    CustomerEvent,
    only_import,
    send_confirmation,
    text,
    upload,
    url_of,
)
from tests.imports.support import checked, confirm, uploaded


def test_a_file_goes_from_upload_to_import(editor: Client, customer: Customer) -> None:
    response = upload(editor, MIXED)
    assert response.url == url_of(only_import(), "columns/")

    page = text(editor.get(response.url))
    assert "New one" in page
    assert "No column is matched to Id or External id" not in page

    response = editor.post(
        url_of(only_import(), "columns/"),
        {"column_0": "external_id", "column_1": "legal_name"},
        follow=True,
    )
    page = text(response)
    assert "Import 2 rows: 1 new, 1 changed" in page
    assert not Customer.objects.filter(external_id="x-1").exists()

    page = text(send_confirmation(editor, only_import(), follow=True))
    assert "The file is imported: 1 new, 1 changed." in page
    customer.refresh_from_db()
    assert (customer.name, customer.legal_name) == ("Coleman-Blair", "Renamed")
    assert Customer.objects.filter(external_id="x-1", legal_name="New one").exists()


def test_the_history_names_the_person_the_import_and_the_request(
    editor: Client, found: CustomerImport, customer: Customer
) -> None:
    response = send_confirmation(editor, found)

    context = CustomerEvent.objects.filter(pgh_obj_id=customer.pk).latest("pgh_id").pgh_context
    assert context["actor"]["label"] == "sara"
    assert context["import"] == str(found.pk)
    assert context["reason"] == "Import of customers.csv"
    assert context["request_id"] == response["X-Request-Id"]


def test_without_imports_the_page_explains_them(editor: Client) -> None:
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
    ("content", "message"),
    [
        (b"name,city\nA,B,C\n", "Row 2 has 3 cells"),
        (b"", "empty"),
        (b"%PDF\x00\n\x00", "neither a CSV file nor an XLSX file"),
    ],
)
def test_an_unreadable_file_is_refused_on_the_form(
    editor: Client, content: bytes, message: str
) -> None:
    response = upload(editor, content)

    assert response.status_code == 400
    assert message in text(response)
    assert not CustomerImport.objects.exists()


def test_a_file_is_required(editor: Client) -> None:
    response = editor.post(f"{HOME}new/")

    assert response.status_code == 400
    assert "This field is required" in text(response)


def test_columns_are_matched_by_name_and_read_only_ones_marked(
    editor: Client, acme: Organization
) -> None:
    found = uploaded(acme, [["E-mail", "created_at", "Colour"], ["a@b.test", "2026", "red"]])

    page = text(editor.get(url_of(found, "columns/")))

    assert '<option value="email" selected>Email</option>' in page
    assert page.count("Set by the registry, never imported.") == 1
    assert "so every row becomes a new customer" in page


def test_two_columns_cannot_be_matched_to_one_field(editor: Client, acme: Organization) -> None:
    found = uploaded(acme, MIXED)

    response = editor.post(url_of(found, "columns/"), {"column_0": "name", "column_1": "name"})

    assert response.status_code == 400
    assert "Two columns are matched to “Name”" in text(response)
    found.refresh_from_db()
    assert found.state == "uploaded"


def test_an_unknown_field_is_refused(editor: Client, acme: Organization) -> None:
    found = uploaded(acme, MIXED)

    response = editor.post(url_of(found, "columns/"), {"column_0": "version", "column_1": "name"})

    assert response.status_code == 400


def test_empty_cells_clear_fields_if_the_box_is_ticked(editor: Client, customer: Customer) -> None:
    upload(editor, [["external_id", "name"], ["ext-1", " "]])

    form = {"column_0": "external_id", "column_1": "name"}
    assert "There is nothing to import" in text(
        editor.post(url_of(only_import(), "columns/"), form, follow=True)
    )
    page = text(
        editor.post(url_of(only_import(), "columns/"), {**form, "blank_clears": "on"}, follow=True)
    )

    assert "Import 1 row: 1 changed" in page


def test_refused_rows_are_left_out_and_can_be_downloaded(
    editor: Client, acme: Organization
) -> None:
    found = checked(
        acme,
        [["name", "country"], ["=cmd()", "Nowhere"], ["Good", "DE"], ["Card", "4111111111111111"]],
    )

    page = text(editor.get(url_of(found)))
    assert "2 rows are refused and will be left out." in page
    assert "Import 1 of 3 rows: 1 new" in page
    assert "two-letter code (DE)" in page
    assert "4111" not in page

    file = text(editor.get(url_of(found, "refused.csv")))
    assert file.splitlines()[0] == "\ufeffname,country,Row,Why it was refused"
    assert file.splitlines()[1].startswith("'=cmd(),Nowhere,2,")
    assert "country “Nowhere”: This is not a country." in file
    assert "Good" not in file
    assert "4111" not in file

    page = text(send_confirmation(editor, found, follow=True))
    assert "The file is imported: 1 new. 2 refused rows were left out." in page
    assert Customer.objects.get().name == "Good"


def test_the_check_ends_with_a_warning_if_rows_are_refused(
    editor: Client, acme: Organization
) -> None:
    found = uploaded(acme, [["name", "country"], ["A", "Nowhere"], ["B", "DE"]])
    form = {"column_0": "name", "column_1": "country"}

    page = text(editor.post(url_of(found, "columns/"), form, follow=True))

    warning = '<li class="warning"><bdi>1 row is refused and will be left out.'
    assert warning in page
    assert "The file is checked." not in page
    assert "1 row refused" in text(editor.get(HOME))


def test_a_file_of_refused_rows_alone_cannot_be_confirmed(
    editor: Client, acme: Organization
) -> None:
    found = checked(acme, [["name", "country"], ["A", "Nowhere"]])

    page = text(editor.get(url_of(found)))
    assert "There is nothing to import yet." in page
    assert "<button" not in page.split("<main")[1].split("</form>")[0]
    page = text(send_confirmation(editor, found, follow=True))
    assert "Nothing was imported. This import cannot be confirmed" in page


@pytest.mark.parametrize("sent", [{}, {"revision": "0"}, {"revision": "x"}, {"revision": "١"}])
def test_an_import_that_was_checked_again_since_it_was_seen_is_not_applied(
    editor: Client, found: CustomerImport, sent: dict[str, str]
) -> None:
    page = text(editor.post(url_of(found, "confirm/"), sent, follow=True))

    assert "Nothing was imported. Rows were checked again since you opened the page." in page
    assert Customer.objects.count() == 1


def test_after_a_change_since_the_check_the_rows_can_be_checked_again(
    editor: Client, found: CustomerImport, customer: Customer
) -> None:
    customer.revise({"city": "Berlin"})

    page = text(send_confirmation(editor, found, follow=True))
    assert "Nothing was imported. 1 customer was changed since the check. Check again." in page

    editor.post(url_of(found, "check/"))
    assert "The file is imported" in text(send_confirmation(editor, found, follow=True))


def test_confirming_twice_imports_once(editor: Client, found: CustomerImport) -> None:
    send_confirmation(editor, found)
    send_confirmation(editor, found)

    assert Customer.objects.count() == 2


@pytest.mark.parametrize("part", ["confirm/", "check/"])
def test_a_get_of_an_action_redirects_to_the_import(
    editor: Client, found: CustomerImport, part: str
) -> None:
    response = editor.get(url_of(found, part))

    assert (response.status_code, response.url) == (302, url_of(found))  # type: ignore[attr-defined]
    found.refresh_from_db()
    assert found.state == "checked"


def test_an_imported_file_is_not_matched_again(editor: Client, found: CustomerImport) -> None:
    confirm(found)

    assert editor.get(url_of(found, "columns/")).url == url_of(found)  # type: ignore[attr-defined]
    form = {"column_0": "external_id", "column_1": "name"}
    page = text(editor.post(url_of(found, "columns/"), form, follow=True))
    assert "This file is already imported." in page


def test_the_export_of_the_list_imports_as_unchanged(editor: Client, customer: Customer) -> None:
    factories.customer(customer.organization, name="=1+1", metadata={"a": "b"}, country="DE")
    response: Any = editor.get("/backoffice/acme/live/customers/export.csv")

    found = checked(customer.organization, b"".join(response.streaming_content))

    assert found.counts == {"unchanged": 2}


def test_cells_are_escaped(editor: Client, acme: Organization) -> None:
    found = checked(acme, [["name", "country"], ["<b>x</b>", "<script>"]])

    page = text(editor.get(url_of(found))) + text(editor.get(url_of(found, "columns/")))

    assert "<script>" not in page.split("</head>")[1]
    assert "<b>x" not in page


def test_a_file_that_is_too_large_is_refused_on_the_form(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_handler, "MAX_REQUEST", 2000)

    response = upload(editor, b"name\n" + b"a\n" * 2000)

    assert response.status_code == 400
    assert "The file is larger than 50 MiB. Import it in parts." in text(response)
    assert not CustomerImport.objects.exists()
    assert upload(editor, b"name\na\n").status_code == 302
