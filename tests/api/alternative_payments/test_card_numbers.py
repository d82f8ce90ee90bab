"""Card numbers: refused in every free text, told back to no one, stored nowhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rest_framework.test import APIClient
from stdnum import luhn

from customers.models import Customer
from tests.api.alternative_payments.support import assert_error, everything_stored


def _with_check_digit(start: str) -> str:
    return start + luhn.calc_check_digit(start)


def _in_digits_from(zero: str) -> str:
    """A card number in the digits of another alphabet."""
    return "".join(chr(ord(zero) + int(digit)) for digit in "4242424242424242")


NUMBERS = [
    # Visa
    "4242424242424242",
    "4111111111111111",
    "4012888888881881",
    "4000056655665556",
    "4917610000000000",
    "4222222222222",
    _with_check_digit("400000000000000000"),
    # Mastercard
    "5555555555554444",
    "5200828282828210",
    "5105105105105100",
    "2223003122003222",
    _with_check_digit("272099999999999"),
    # American Express
    "378282246310005",
    "371449635398431",
    _with_check_digit("34000000000000"),
    # Discover, Diners Club, JCB, UnionPay, Maestro, RuPay, Mir, Troy
    "6011111111111117",
    "6011000990139424",
    "6445644564456445",
    _with_check_digit("650000000000000"),
    "30569309025904",
    "38520000023237",
    "36227206271667",
    "3530111333300000",
    "3566002020360505",
    "6200000000000005",
    _with_check_digit("620550000000000000"),
    "6759649826438453",
    _with_check_digit("50180000000"),
    _with_check_digit("810000000000000"),
    _with_check_digit("220012345678901"),
    _with_check_digit("979200000000000"),
    # As people write them
    "4242 4242 4242 4242",
    "4242-4242-4242-4242",
    "3782 822463 10005",
    "my card is 5555 5555 5555 4444, valid until 12/30",
    "(4111111111111111)",
    "4242\N{NO-BREAK SPACE}4242\N{NO-BREAK SPACE}4242\N{NO-BREAK SPACE}4242",
    "4242\N{EN DASH}4242\N{EN DASH}4242\N{EN DASH}4242",
    "4242\N{ZERO WIDTH SPACE}42424242\N{ZERO WIDTH JOINER}4242",
    _in_digits_from("\N{FULLWIDTH DIGIT ZERO}"),
    _in_digits_from("\N{ARABIC-INDIC DIGIT ZERO}"),
    "4242\t4242\n4242  4242",
]

CUSTOMER = [
    *("city", "country", "ein", "legal_name", "name"),
    *("postal_code", "state", "street_address", "sub_premise"),
]
USER = ["first_name", "last_name"]


def assert_refused(response: Any, field: str, text: str) -> None:
    assert set(assert_error(response, 422)["validation_errors"]) == {field}
    answer = response.content.decode()
    assert text not in answer
    assert re.sub(r"[ -]", "", text) not in re.sub(r"[ -]", "", answer)


def test_there_are_forty_at_least_and_no_two_are_the_same() -> None:
    assert len(set(NUMBERS)) == len(NUMBERS) >= 40


@pytest.mark.parametrize("text", NUMBERS)
def test_a_card_number_is_refused_in_every_free_text_and_stored_nowhere(
    api: APIClient, customer: Customer, text: str
) -> None:
    path = f"/customers/{customer.pk}"
    before = everything_stored()

    for field in CUSTOMER:
        body = {"name": "Acme", field: text}
        assert_refused(api.post("/customers", body, format="json"), field, text)
        assert_refused(api.patch(path, {field: text}, format="json"), field, text)
    for field in USER:
        assert_refused(api.post(f"{path}/users", {field: text}, format="json"), field, text)
    address = f"{text}@example.org"
    assert_refused(api.post("/customers", {"email": address}, format="json"), "email", text)
    assert_refused(api.post(f"{path}/users", {"email": address}, format="json"), "email", text)

    after = everything_stored()
    assert text not in before
    assert text not in after
    assert after.count("\n") == before.count("\n")


@pytest.mark.parametrize("text", ["4242424242424242", "4242 4242 4242 4242", "378282246310005"])
def test_an_external_id_may_look_like_one(api: APIClient, text: str) -> None:
    response = api.post("/customers", {"external_id": text}, format="json")

    assert response.status_code == 201
    assert response.json()["external_id"] == text


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424241",  # a wrong check digit
        "1234567812345670",  # a right one, of no brand
        "+49 30 4242 4242",
        "10001-4242",
        "42424242424242424242424242424242",  # longer than any
        "HRB 4242424",
        "4242/4242/4242/4242",
    ],
)
def test_what_only_resembles_a_card_number_is_kept(api: APIClient, text: str) -> None:
    response = api.post("/customers", {"name": text}, format="json")

    assert response.status_code == 201
    assert response.json()["name"] == text


def test_members_that_are_not_read_are_not_kept_either(api: APIClient, customer: Customer) -> None:
    """An unknown member is ignored, and so is what PATCH has no say in."""
    number = "4242424242424242"

    api.post("/customers", {"name": "Acme", "card": number, "note": number}, format="json")
    api.patch(f"/customers/{customer.pk}", {"name": "New", "external_id": number}, format="json")

    assert number not in everything_stored()
