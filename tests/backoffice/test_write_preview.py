"""While someone edits, the page says which APIs will show the change, and which cannot."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from customers.backoffice.write_preview import preview_of
from customers.models import Customer
from customers.rest.contract import contracts
from tests import factories
from tests.backoffice.support import CARD, CustomerEvent, at, form_of, text

ALL = [contract.title for contract in contracts()]

VALUES: dict[str, Any] = {
    "external_id": "crm-7",
    "processor_reference": "cus_x",
    "reference": "R-1",
    "email": "ada@example.org",
    "name": "Ada",
    "legal_name": "Ada Ltd",
    "legal_number": "HRB 1",
    "ein": "12-3456789",
    "address_line1": "1 High Street",
    "address_line2": "Floor 2",
    "city": "Springfield",
    "state": "Illinois",
    "postal_code": "12345",
    "country": "US",
    "phone": "+1 171 883 3711",
    "url": "https://example.org",
    "logo_url": "https://example.org/logo.png",
    "metadata": {"plan": "gold"},
}


def shown(response: Any) -> dict[str, tuple[list[str], list[str]]]:
    previews = response.context["previews"]
    return {preview.label: (preview.shown_by, preview.not_shown_by) for preview in previews}


def reach(name: str) -> tuple[list[str], list[str]]:
    """The contracts that have a name for a field, and the others."""
    named = [contract.title for contract in contracts() if name in contract.expresses]
    return named, [title for title in ALL if title not in named]


@pytest.mark.parametrize("name", VALUES)
def test_a_field_is_shown_by_the_contracts_that_have_a_name_for_it(
    customer: Customer, name: str
) -> None:
    (preview,) = preview_of(customer, {name: VALUES[name]})

    assert (preview.shown_by, preview.not_shown_by) == reach(name)


def test_every_writable_field_is_tried() -> None:
    assert VALUES.keys() == Customer.WRITABLE


def test_the_preview_has_the_changed_fields_alone_and_saves_nothing(
    editor: Client, customer: Customer
) -> None:
    sent = form_of(editor.get(at("customer_edit", customer.pk)), city="Kyiv", phone="1")

    response = editor.post(at("customer_preview", customer.pk), sent)

    assert shown(response) == {"City": reach("city"), "Phone": reach("phone")}
    assert "<html" not in text(response)
    customer.refresh_from_db()
    assert (customer.city, customer.version) == (None, 1)


def test_without_script_a_button_shows_the_same_and_keeps_the_text(
    editor: Client, customer: Customer
) -> None:
    address = at("customer_edit", customer.pk)
    sent = form_of(editor.get(address), email="ada@example.org", reason="asked", preview="on")

    response = editor.post(address, sent)

    assert response.status_code == 200
    assert shown(response) == {"Email": (ALL, [])}
    assert form_of(response)["email"] == "ada@example.org"
    assert form_of(response)["reason"] == "asked"
    assert CustomerEvent.objects.count() == 1
    assert editor.post(address, form_of(response)).status_code == 302
    customer.refresh_from_db()
    assert customer.email == "ada@example.org"


def test_a_new_customer_is_previewed_and_not_created(editor: Client) -> None:
    sent = {"name": "Hooli", "country": "US"}

    for response in (
        editor.post(at("customer_new_preview"), sent),
        editor.post(at("customer_new"), {**sent, "preview": "on", "once": "1"}),
    ):
        assert shown(response) == {"Name": reach("name"), "Country": reach("country")}
    assert not Customer.objects.exists()


def test_what_is_not_valid_is_left_out_and_never_repeated(
    editor: Client, customer: Customer
) -> None:
    sent = {"city": "Kyiv", "email": "nobody", "reference": CARD}

    response = editor.post(at("customer_preview", customer.pk), sent)

    assert list(shown(response)) == ["City"]
    page = text(response)
    assert "Fields with errors are left out." in page
    assert CARD not in page


def test_nothing_changed_is_said(editor: Client, acme: Any) -> None:
    customer = factories.customer(acme, **VALUES)
    sent = form_of(editor.get(at("customer_edit", customer.pk)))

    assert "Nothing is changed yet." in text(editor.post(at("customer_preview", customer.pk), sent))
