"""Files as they come: each case of `tests/cases/files` stands for its whole kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from customers.imports.errors import UnknownEncoding, UnreadableFile
from customers.models import Customer, CustomerImport, Organization
from tests import factories
from tests.imports.support import applied, checked, outcomes, problems, rows, uploaded

FILES = Path(__file__).parents[1] / "cases" / "files"


def read(name: str) -> bytes:
    return (FILES / name).read_bytes()


def by_field(found: CustomerImport) -> dict[str, str | None]:
    """The column that fills each field."""
    return {field: name for name, field in zip(found.header, found.mapping, strict=True) if field}


def new_values(found: CustomerImport, field: str) -> list[object]:
    return [row.changes[field][1] for row in rows(found) if field in row.changes]


def refusal(organization: Organization, name: str) -> str:
    with pytest.raises(UnreadableFile) as caught:
        uploaded(organization, read(name))
    return str(caught.value)


def test_the_id_of_another_system_is_offered_as_processor_reference(acme: Organization) -> None:
    found = checked(acme, read("i01-stripe-customers.csv"))

    assert by_field(found)["processor_reference"] == "id"
    assert by_field(found)["address_line1"] == "Card Address Line1"
    assert by_field(found)["postal_code"] == "Card Address Zip"
    assert outcomes(found) == ["new", "new"]
    assert {"Description", "plan_tier (metadata)"} <= set(found.left_out)
    assert "Plan" not in found.left_out  # it is empty


def test_the_columns_of_xero_are_matched_and_those_left_out_are_named(acme: Organization) -> None:
    found = checked(acme, read("i02-xero-contacts.csv"))

    assert by_field(found) == {
        "name": "*ContactName",
        "external_id": "AccountNumber",
        "email": "EmailAddress",
        "address_line1": "POAddressLine1",
        "address_line2": "POAddressLine2",
        "city": "POCity",
        "state": "PORegion",
        "postal_code": "POPostalCode",
        "country": "POCountry",
        "phone": "PhoneNumber",
        "url": "Website",
        "legal_name": "LegalName",
        "legal_number": "CompanyNumber",
    }
    assert found.left_out == ["FirstName", "LastName"]
    assert outcomes(found) == ["new"]


def test_the_separator_line_of_excel_is_obeyed(acme: Organization) -> None:
    found = checked(acme, read("i04-sep-line.csv"))

    assert found.header == ["external_id", "name", "email", "city"]
    assert new_values(found, "name") == ["Möbel Huber"]


def test_an_encoding_is_asked_for_with_a_line_as_each_reads(acme: Organization) -> None:
    with pytest.raises(UnknownEncoding) as caught:
        uploaded(acme, read("i06-cp1251.csv"))

    lines = {reading.encoding: reading.line for reading in caught.value.readings}
    assert "Казань" in lines["cp1251"]
    assert "Êàçàíü" in lines["cp1252"]
    assert not CustomerImport.objects.exists()


def test_the_line_of_a_bad_byte_in_utf_8_is_named(acme: Organization) -> None:
    message = refusal(acme, "i07-utf8-one-bad-byte.csv")

    assert "line 5" in message
    assert "Caf\N{REPLACEMENT CHARACTER} Luna" in message


def test_a_delimiter_between_quotation_marks_is_none(acme: Organization) -> None:
    found = uploaded(acme, read("i12-header-tie.csv"))

    assert found.header == ["Kunde", "Adresse (Straße, Nr, PLZ)", "E-Mail"]


def test_spaces_around_a_key_make_no_second_customer(acme: Organization) -> None:
    applied(acme, read("i15-key-with-space.csv"))

    found = checked(acme, read("i15b-key-with-space-again.csv"))

    assert outcomes(found) == ["changed", "refused"]  # the second is the same customer again
    assert rows(found)[1].problems == {"external_id": "This customer is already in row 2."}
    assert {row.customer_id for row in rows(found)} == {Customer.objects.get().pk}


def test_a_key_that_an_api_stored_with_spaces_is_still_found(acme: Organization) -> None:
    factories.customer(acme, external_id=" x ", name="Spaces")

    found = checked(acme, [["external_id", "name"], [" x ", "Spaces"]])

    assert outcomes(found) == ["unchanged"]


@pytest.mark.parametrize("around", ["\u00a0", "\t", "\r\n", " ", "\u200b", "\u202e"])
def test_spaces_around_an_email_are_no_part_of_it(acme: Organization, around: str) -> None:
    rows_ = [["external_id", "email"], ["E-1", f"{around}bill@example.com{around}"]]

    assert new_values(checked(acme, rows_), "email") == ["bill@example.com"]


def test_the_email_with_a_no_break_space_is_read(acme: Organization) -> None:
    found = checked(acme, read("i16-email-nbsp.csv"))

    assert new_values(found, "email") == ["bill@example.com"]


def test_a_website_without_a_scheme_gets_one(acme: Organization) -> None:
    found = checked(acme, read("i19-website-without-scheme.csv"))

    assert new_values(found, "url") == [
        "https://www.heron.example",
        "https://heron.example/shop",
        "HTTP://heron.example",
        "http://bücher.example",
    ]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://a.example", "me@a.example"])
def test_what_is_no_web_address_gets_no_scheme(acme: Organization, address: str) -> None:
    assert outcomes(checked(acme, [["name", "url"], ["A", address]])) == ["refused"]


def test_company_numbers_are_stored_though_they_pass_luhn(acme: Organization) -> None:
    found = checked(acme, read("i21-siret.csv"))

    assert outcomes(found) == ["new", "new", "new"]
    assert new_values(found, "legal_number")[0] == "38428245500193"


def test_a_web_page_with_the_name_of_a_workbook_is_refused(acme: Organization) -> None:
    message = refusal(acme, "i28-html.xls")

    assert "web page with the name of a workbook" in message
    assert "save it as .xlsx or CSV" in message


def test_the_names_of_countries_that_need_no_guess_are_read(acme: Organization) -> None:
    found = checked(acme, read("i36-published-sample-countries.csv"))

    assert new_values(found, "country") == ["SJ", "VA", "BN", "RU"]
    assert outcomes(found) == ["new", "new", "new", "new", "refused"]  # Korea is two countries
    assert found.left_out == ["Customer Id"]


def test_a_cell_is_read_as_its_number_format_shows_it(acme: Organization) -> None:
    found = checked(acme, read("x01-postcode-format.xlsx"))

    assert new_values(found, "postal_code") == ["01000", "02138", "D-01067"]


def test_a_formula_without_its_value_is_refused_by_its_cell(acme: Organization) -> None:
    message = refusal(acme, "x03-formula-without-value.xlsx")

    assert "Cell B2 has a formula without its value" in message
    assert "save it" in message


def test_the_errors_of_a_spreadsheet_are_refused_by_cell(acme: Organization) -> None:
    found = checked(acme, read("x04-error-cells.xlsx"))

    assert problems(found).keys() == {"name", "city"}
    assert "an error of a spreadsheet" in problems(found)["name"]


def test_the_first_visible_sheet_is_read(acme: Organization) -> None:
    found = checked(acme, read("x05-first-sheet-hidden.xlsx"))

    assert new_values(found, "name") == ["Seen"]


def test_the_carriage_return_of_excel_is_an_end_of_a_line(acme: Organization) -> None:
    found = checked(acme, read("x07-cr-escape.xlsx"))

    assert new_values(found, "address_line1") == ["12 Main St\nFloor 2"]
