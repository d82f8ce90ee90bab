"""Fields that a person does not touch stay exactly as the APIs stored them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from customers.models import Customer, Organization
from tests import factories
from tests.backoffice.support import at, edited, form_of

STORED: dict[str, Any] = {
    "name": " Foo ",
    "external_id": " x1 ",
    "address_line1": "l1\nl2",
    "metadata": {"note": "a\nb", "k\ney": " c ", "plain": "d"},
}


@pytest.fixture
def stored(acme: Organization) -> Customer:
    return factories.customer(acme, **STORED)


def as_text_inputs_send(sent: dict[str, Any]) -> dict[str, Any]:
    """Text inputs drop line breaks."""

    def flat(value: Any) -> Any:
        if isinstance(value, list):
            return [flat(one) for one in value]
        return value.replace("\n", "") if isinstance(value, str) else value

    return {name: flat(value) for name, value in sent.items()}


def kept(customer: Customer) -> dict[str, Any]:
    customer.refresh_from_db()
    return {name: getattr(customer, name) for name in STORED}


def test_only_what_was_changed_is_written(editor: Client, stored: Customer) -> None:
    address = at("customer_edit", stored.pk)
    sent = as_text_inputs_send(form_of(editor.get(address)))

    assert editor.post(address, {**sent, "phone": "555-0100"}).status_code == 302

    assert kept(stored) == STORED
    assert (stored.phone, stored.version) == ("555-0100", 2)


def test_a_form_without_changes_writes_nothing(editor: Client, stored: Customer) -> None:
    address = at("customer_edit", stored.pk)

    editor.post(address, as_text_inputs_send(form_of(editor.get(address))))

    assert kept(stored) == STORED
    assert stored.version == 1


def test_untouched_metadata_keys_are_kept(editor: Client, stored: Customer) -> None:
    address = at("customer_edit", stored.pk)
    sent = as_text_inputs_send(form_of(editor.get(address)))
    pairs = dict(zip(sent["metadata_key"], sent["metadata_value"], strict=True))
    pairs |= {"plain": "changed", "new": ""}

    editor.post(address, {**sent, "metadata_key": [*pairs], "metadata_value": [*pairs.values()]})

    assert kept(stored)["metadata"] == {**STORED["metadata"], "plain": "changed", "new": ""}


def test_keys_that_differ_only_by_spaces_stay_two(editor: Client, stored: Customer) -> None:
    stored.revise({"metadata": {"a": "1", " a ": "2"}})

    assert edited(editor, at("customer_edit", stored.pk), phone="1").status_code == 302

    assert kept(stored)["metadata"] == {"a": "1", " a ": "2"}


def test_the_conflict_page_keeps_them_too(editor: Client, stored: Customer) -> None:
    address = at("customer_edit", stored.pk)
    sent = as_text_inputs_send(form_of(editor.get(address)))
    stored.revise({"city": "Rome"})
    response: Any = editor.post(address, {**sent, "city": "Kyiv"})
    assert response.status_code == 409
    hidden = {name: value.replace("\n", "\r\n") for name, value in response.context["untouched"]}

    editor.post(address, {**hidden, "version": "2", "reason": "", "city": "Kyiv"})

    assert kept(stored) == STORED
    assert (stored.city, stored.version) == ("Kyiv", 3)
