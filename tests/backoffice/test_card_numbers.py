"""Card numbers: refused in every text of every form, not shown again, stored nowhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from customers.models import ApiKey, Customer, Organization
from tests import factories
from tests.backoffice.support import CARD, at, signed_in, text
from tests.backoffice.test_matrix import chosen
from tests.stored import everything_stored

DIGITS = CARD.replace(" ", "")

#: Each form's text fields, without those that may be any number.
CUSTOMER = [
    *("name", "legal_name", "email", "url", "logo_url", "address_line1", "address_line2"),
    *("postal_code", "city", "state", "country", "reference", "ein", "reason"),
]
USER = ["email", "first_name", "last_name", "reason"]
METHOD = [
    *("type", "brand", "last4", "exp_month", "exp_year", "bank_name", "processor"),
    *("processor_token", "reason"),
]
REASON = ["reason"]
FORMS: dict[str, tuple[dict[str, str], list[str]]] = {
    "customer_new": ({"name": "Hooli"}, CUSTOMER),
    "customer_edit": ({"name": "Hooli", "version": "1"}, [*CUSTOMER, "version"]),
    "customer_archive": ({}, REASON),
    "customer_restore": ({}, REASON),
    "selected": ({"confirmed": "yes"}, REASON),
    "user_add": ({"email": "bob@example.org"}, USER),
    "user_edit": ({"email": "bob@example.org", "version": "1"}, USER),
    "user_remove": ({"version": "1"}, REASON),
    "payment_method_add": ({"type": "card"}, METHOD),
    "payment_method_edit": ({"type": "card", "version": "1"}, METHOD),
    "payment_method_remove": ({"version": "1"}, REASON),
    "credential_new": (
        {"kind": "key", "name": "sync", "scopes": "customers:read"},
        ["kind", "name", "scopes", "expires_at"],
    ),
    "credential_rotate": ({}, ["overlap"]),
}


def planted() -> list[tuple[str, str]]:
    return [(form, field) for form, (_sent, fields) in FORMS.items() for field in fields]


def is_shown(response: Any) -> bool:
    return DIGITS in re.sub(r"[ -]", "", text(response))


def is_stored() -> bool:
    return DIGITS in re.sub(r"[ -]", "", everything_stored())


@pytest.fixture
def addresses(acme: Organization, customer: Customer) -> dict[str, str]:
    """The address of each form."""
    user = factories.user(customer)
    method = factories.payment_method(customer)
    key = ApiKey.issue(acme, "live")[0]
    rows = {"user": user.pk, "payment": method.pk}
    found = {}
    for form in FORMS:
        kind, _, page = form.partition("_")
        if kind in rows and not form.endswith("add"):
            found[form] = at(form, customer.pk, rows[kind])
        elif kind == "credential" and page == "rotate":
            found[form] = at(form, "key", key.pk)
        elif form == "selected":
            found[form] = at(form, chosen(acme, customer).pk)
        elif form in {"customer_new", "credential_new"}:
            found[form] = at(form)
        else:
            found[form] = at(form, customer.pk)
    return found


@pytest.mark.parametrize("form", FORMS)
def test_a_card_number_is_refused_in_every_text_of_a_form(
    manager: Client, customer: Customer, addresses: dict[str, str], form: str
) -> None:
    sent, fields = FORMS[form]
    for field in fields:
        for number in (CARD, DIGITS):
            response = manager.post(addresses[form], {**sent, field: number})

            assert response.status_code in {400, 409}, field
    assert not is_stored()


@pytest.mark.parametrize("form", FORMS)
def test_a_card_number_is_not_shown_again(
    manager: Client, customer: Customer, addresses: dict[str, str], form: str
) -> None:
    sent, fields = FORMS[form]
    shown = []
    for field in fields:
        response = manager.post(addresses[form], {**sent, field: CARD})
        shown += [field] if is_shown(response) else []

    assert not shown


@pytest.mark.parametrize(
    "field",
    [
        "reason",
        *(name for name in ("name", "email", "ein", "url", "country")),
    ],
)
def test_it_is_not_shown_again_if_the_text_has_another_error(editor: Client, field: str) -> None:
    for given in (f"{'x' * 260} {CARD}", f"{CARD}\0", f"a {CARD}, valid until 12/30"):
        response = editor.post(at("customer_new"), {"name": "Hooli", field: given})

        assert response.status_code == 400
        assert not is_shown(response)
        assert not is_stored()


@pytest.mark.parametrize(
    ("keys", "values"),
    [
        (["note"], [CARD]),
        ([CARD], ["note"]),
        (["note"], [f"{'x' * 500} {CARD}"]),
        ([""], [CARD]),
        ([CARD, CARD], ["one", "two"]),
        ([str(key) for key in range(51)], [CARD] * 51),
    ],
    ids=["value", "key", "too long", "without a key", "twice", "too many"],
)
def test_it_is_refused_in_metadata(editor: Client, keys: list[str], values: list[str]) -> None:
    form = {"name": "Hooli", "metadata_key": keys, "metadata_value": values}
    response = editor.post(at("customer_new"), form)

    assert response.status_code == 400
    assert not is_shown(response)
    assert not is_stored()


def test_the_other_rows_of_metadata_are_shown_again(editor: Client) -> None:
    form = {"metadata_key": ["team", "note"], "metadata_value": ["north", CARD]}

    response = editor.post(at("customer_new"), form)

    assert 'value="north"' in text(response)


@pytest.mark.parametrize(
    "name",
    [
        *("sort", "after"),
        *(
            name
            for name in ("q", "status", "country", "created_from", "created_to", "month", "cards")
        ),
    ],
)
def test_it_is_not_shown_again_by_the_list(viewer: Client, customer: Customer, name: str) -> None:
    response = viewer.get(at("customers"), {name: CARD})

    assert not is_shown(response)
    assert not is_stored()


@pytest.mark.parametrize("name", sorted(Customer.LONG_NUMBERS))
def test_what_may_be_any_long_number_may_look_like_one(
    editor: Client, customer: Customer, name: str
) -> None:
    response = editor.post(at("customer_new"), {name: DIGITS})

    assert response.status_code == 302
    assert Customer.objects.filter(**{name: DIGITS}).exists()


def test_it_is_not_logged(acme: Organization, capfd: pytest.CaptureFixture[str]) -> None:
    client = signed_in(acme, "Editor")

    client.get(at("customers"), {"q": CARD, "month": CARD})
    client.post(at("customer_new"), {"name": CARD})

    assert DIGITS not in re.sub(r"[ -]", "", capfd.readouterr().err)
