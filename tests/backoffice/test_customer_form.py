"""The form of a customer: the address as on an envelope, and errors that link to their fields."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from customers.models import Customer, Organization
from tests import factories
from tests.backoffice.support import at, edited, text


def order(page: str) -> list[str]:
    """The names of the form's fields, from top to bottom."""
    main = page[page.index("<main") :]
    names = re.findall(r'<(?:input|select)[^>]* name="(\w+)"', main)
    return [name for name in names if name in Customer.WRITABLE]


@pytest.mark.parametrize(
    ("country", "address"),
    [
        ("DE", ["address_line1", "address_line2", "postal_code", "city", "state", "country"]),
        ("US", ["address_line1", "address_line2", "city", "state", "postal_code", "country"]),
        ("GB", ["address_line1", "address_line2", "city", "postal_code", "state", "country"]),
        ("JP", ["postal_code", "state", "city", "address_line1", "address_line2", "country"]),
        (None, ["address_line1", "address_line2", "postal_code", "city", "state", "country"]),
    ],
)
def test_the_address_is_in_the_order_of_its_countrys_envelopes(
    editor: Client, acme: Organization, country: str | None, address: list[str]
) -> None:
    customer = factories.customer(acme, name="Hooli", country=country)

    fields = order(text(editor.get(at("customer_edit", customer.pk))))

    start = fields.index(address[0])
    assert fields[start : start + len(address)] == address


def test_a_form_shown_again_has_the_order_of_the_country_that_was_chosen(
    editor: Client, customer: Customer
) -> None:
    response = edited(editor, at("customer_edit", customer.pk), country="US", email="nobody")

    fields = order(text(response))
    assert fields.index("city") < fields.index("postal_code")


def test_each_error_is_listed_first_as_a_link_to_its_field(
    editor: Client, customer: Customer
) -> None:
    response = edited(
        editor,
        at("customer_edit", customer.pk),
        email="nobody",
        ein="1",
        metadata_key=["", "b"],
        metadata_value=["x", "y"],
    )

    page = text(response)
    assert "<title>Error: Edit Coleman-Blair" in page
    summary = page[page.index('role="alert"') : page.index("<fieldset")]
    assert re.findall(r'<a href="#(\w+)">(\w+): ', summary) == [
        ("id_email", "Email"),
        ("id_ein", "EIN"),
        ("id_metadata", "Metadata"),
    ]
    for anchor in ("id_email", "id_ein", "id_metadata"):
        assert page.count(f'id="{anchor}"') == 1


def test_a_form_of_a_user_lists_its_errors_too(editor: Client, customer: Customer) -> None:
    page = text(editor.post(at("user_add", customer.pk), {"email": "nobody"}))

    assert "<title>Error: Add a user" in page
    assert '<a href="#id_email">Email: Enter a valid email address.</a>' in page
