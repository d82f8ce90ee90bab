"""Writing one field of several customers at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from customers.models import Customer, Organization, Selection
from tests import factories
from tests.backoffice.support import CARD, CustomerEvent, choose_value, confirm, make, select, text


@pytest.mark.parametrize(
    ("given", "now", "expected"),
    [
        ({"field": "country", "country": "DE"}, {"country": "FR"}, {"country": "DE"}),
        ({"field": "country", "country": ""}, {"country": "FR"}, {"country": None}),
        ({"field": "reference", "value": "B2B"}, {"reference": "A"}, {"reference": "B2B"}),
        ({"field": "state", "value": " "}, {"state": "CA"}, {"state": None}),
        (
            {"field": "metadata", "key": "plan", "value": "gold"},
            {"metadata": {"plan": "tin", "seats": "4"}},
            {"metadata": {"plan": "gold", "seats": "4"}},
        ),
        (
            {"field": "metadata", "key": "plan"},
            {"metadata": {"plan": "tin", "seats": "4"}},
            {"metadata": {"seats": "4"}},
        ),
    ],
)
def test_one_field_of_several_is_changed(
    editor: Client,
    acme: Organization,
    given: dict[str, str],
    now: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    rows = [
        factories.customer(acme, name="Was so", **now),
        factories.customer(acme, name="Is so", **expected),
    ]
    address = choose_value(editor, select(editor, "edit", *(row.pk for row in rows)).url, **given)

    page = text(editor.get(address))
    assert "Change 1 customer?" in page
    assert "1 stays as it is: have this value already" in page
    response = confirm(editor, address, reason="moved")

    assert "1 customer is changed." in text(editor.get(response.url))
    for row, version in zip(rows, (2, 1), strict=True):
        row.refresh_from_db()
        assert {name: getattr(row, name) for name in expected} == expected
        assert row.version == version
    assert CustomerEvent.objects.get(version=2).pgh_context["reason"] == "moved"


def test_the_preview_of_an_edit_shows_the_values(editor: Client, acme: Organization) -> None:
    rows = make(acme, 2, city="Berlin")
    address = select(editor, "edit", *(row.pk for row in rows)).url

    page = text(editor.get(choose_value(editor, address, field="city", value="<b>Kyiv</b>")))

    assert "Country becomes “Germany”" in text(
        editor.get(choose_value(editor, address, field="country", country="DE"))
    )
    assert "City becomes “&lt;b&gt;Kyiv&lt;/b&gt;”" in page
    assert page.count("now <bdi>Berlin</bdi>") == 2


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"field": "external_id", "value": "x"},
        {"field": "country", "country": "XX"},
        {"field": "reference", "value": CARD},
        {"field": "reference", "value": "x" * 300},
        {"field": "reference", "value": "a\0b"},
        {"field": "metadata", "value": "x"},
        {"field": "metadata", "key": "k" * 41, "value": "x"},
        {"field": "metadata", "key": "card", "value": CARD},
    ],
)
def test_a_value_that_the_store_refuses_is_not_kept(
    editor: Client, customer: Customer, given: dict[str, str]
) -> None:
    address = select(editor, "edit", customer.pk).url

    response = editor.post(address, given)

    assert response.status_code == 400
    assert CARD not in text(response)
    assert Selection.objects.count() == 1


def test_one_whose_other_texts_make_a_card_number_is_left_out(
    editor: Client, acme: Organization
) -> None:
    rows = [factories.customer(acme, name="One", legal_name="4242 4242 4242"), *make(acme, 1)]
    address = select(editor, "edit", *(row.pk for row in rows)).url

    address = choose_value(editor, address, field="reference", value="4242")
    confirm(editor, address)

    page = text(editor.get(address))
    assert "1 customer is changed." in page
    assert "1 is left out" in page
