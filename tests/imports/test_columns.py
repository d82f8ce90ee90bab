"""Columns are matched to fields by name."""

from __future__ import annotations

import pytest

from customers.imports import columns
from customers.models import Customer


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("id", "id"),
        ("External ID", "external_id"),
        ("external-id", "external_id"),
        ("EXTERNAL_ID", "external_id"),
        ("Company registration number", "legal_number"),
        ("Postcode", "postal_code"),
        ("ZIP", "postal_code"),
        ("zipcode", "postal_code"),
        ("E-mail", "email"),
        ("Street", "address_line1"),
        ("street_address", "address_line1"),
        ("sub_premise", "address_line2"),
        ("customer_integration_id", "processor_reference"),
        ("external_reference", "processor_reference"),
        ("lago_id", "id"),
        ("created_at", "created_at"),
        ("customer_id", None),
        ("Colour", None),
        ("*ContactName", "name"),
        ("POPostalCode", "postal_code"),
        ("SACity", None),  # Xero's address of delivery
        ("Billing State/Province", "state"),
        ("Billing Zip/Postal Code", "postal_code"),
        ("BillingStreet", "address_line1"),
        ("Billing Address Line 1", "address_line1"),
        ("Default Address Address1", "address_line1"),
        ("Default Address Country Code", "country"),
        ("Card Address Zip", "postal_code"),
        ("Card Last4", None),
        ("Account Name", "name"),
        ("Record ID", "processor_reference"),
        ("Company Domain Name", "url"),
        ("Country/Region", "country"),
        ("Shipping City", None),
    ],
)
def test_a_header_names_a_field(header: str, field: str | None) -> None:
    assert columns.field_of(header) == field


def test_every_writable_field_can_be_imported_by_its_name_and_label() -> None:
    assert set(columns.FIELDS) == Customer.WRITABLE
    assert {columns.field_of(columns.label(field)) for field in columns.FIELDS} == Customer.WRITABLE


def test_read_only_fields_are_not_matched() -> None:
    assert columns.match(columns.READ_ONLY) == [None] * 4


def test_a_field_is_matched_with_the_column_of_its_name_or_else_the_first() -> None:
    assert columns.match(["ZIP", "postal_code", "Postcode"]) == [None, "postal_code", None]
    assert columns.match(["ZIP", "Postcode"]) == ["postal_code", None]


@pytest.mark.parametrize(
    ("mapping", "messages"),
    [
        ([None, None], ["No column is matched to a field. Choose a field for at least one."]),
        (["id", None], ["Only the id is matched. Choose a field to import as well."]),
        (
            ["name", "name", "id"],
            ["Two columns are matched to “Name”. Choose one of them."],
        ),
        (["name", None, "id"], []),
    ],
)
def test_an_invalid_mapping_is_refused(mapping: list[str | None], messages: list[str]) -> None:
    assert columns.problems(mapping) == messages
