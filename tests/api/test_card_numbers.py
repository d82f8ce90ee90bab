"""Card numbers: refused in every free text of every contract, shown to no one, stored nowhere."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from stdnum import luhn

from customers.models import Customer, IdempotencyRecord, Organization
from tests.api.contract_table import TABLE, WITH_BODY, name_of
from tests.api.harness import JSON, Endpoint, Harness, Route, rows_of
from tests.stored import everything_stored

# These may be any number.
IDS = {
    *("customer_id", "external_id", "external_reference", "processor_reference"),
    *("legal_number", "phone"),
}


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
    *(symbol.join(["4242"] * 4) for symbol in "./_,:\N{MIDDLE DOT}"),
    "(4242)(4242)(4242)(4242)",
    "[4242] [4242] [4242] [4242]",
    "\N{CIRCLED DIGIT FOUR}\N{CIRCLED DIGIT TWO}" * 8,
    "\N{SUPERSCRIPT FOUR}\N{SUPERSCRIPT TWO}" * 8,
    "\N{SUBSCRIPT FOUR}\N{SUBSCRIPT TWO}" * 8,
    _in_digits_from("\N{MATHEMATICAL BOLD DIGIT ZERO}"),
]

FREE = [
    (harness, route, field)
    for harness, route in WITH_BODY
    for field in (*route.fields, *(["metadata"] if route.metadata else []))
    if field not in IDS
]
ID_FIELDS = [(*pair, field) for pair in WITH_BODY for field in pair[1].fields if field in IDS]


def planted(field: str, text: str) -> list[Any]:
    """Values of the field that have the text in them, in the ways in which it may stand there."""
    if field == "email":
        return [f"{text}@example.org", f"ada@example.org {text}"]
    if field == "metadata":
        return [{"note": text}, {text: "note"}, {"a": "b", "note": f"see {text}."}]
    if field in ("url", "logo_url"):
        return [text, f"https://example.org/{text}", f"https://example.org/?card={text}"]
    return [text, f"see {text}."] if text.isascii() else [text]


def write(
    acme: Organization, customer: Customer, harness: Harness, route: Route, **values: Any
) -> Any:
    values = {name: harness.form(name).written(value) for name, value in values.items()}
    body = harness.good(route, **values)
    if "customer_id" in values or "external_id" in values:  # Lago's two names of one id
        body = harness.wrap({**values})
    path = Endpoint(harness, route).path_of(customer)
    key = {"HTTP_IDEMPOTENCY_KEY": f"{harness} {route} {sorted(values)}".encode().hex()[:255]}
    client: Any = harness.client(acme)
    return client.generic(route.method, path, json.dumps(body).encode(), JSON, **key)


def digits_of(text: str) -> str:
    return re.sub(r"\W", "", text)


def test_there_are_forty_at_least_and_no_two_are_the_same() -> None:
    assert len(set(NUMBERS)) == len(NUMBERS) >= 40


@pytest.mark.parametrize("text", NUMBERS)
def test_a_card_number_is_refused_in_every_free_text_and_stored_nowhere(
    acme: Organization, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    caplog.set_level("DEBUG")
    customer, _ = rows_of(acme)
    keys: dict[Harness, Any] = {harness: harness.client(acme) for harness in TABLE}
    before = everything_stored().count("\n")

    turn = NUMBERS.index(text)
    for place, (harness, route, field) in enumerate(FREE):
        # The fields share their rules, and take turns: each meets a dozen of the numbers.
        if (place + turn) % 4:
            continue
        ways = planted(field, text)
        value = ways[turn % len(ways)]
        body = json.dumps(harness.good(route, **{field: value})).encode()
        answer = keys[harness].generic(
            route.method,
            Endpoint(harness, route).path_of(customer),
            body,
            JSON,
            HTTP_IDEMPOTENCY_KEY=f"{route.path} {field}",
        )
        reported = harness.assert_error(answer, harness.invalid)
        assert harness.faults(reported) == {field}
        shown = answer.content.decode()
        for trace in {text, digits_of(text)}:
            assert trace not in shown
            assert trace not in str(reported)

    after = everything_stored()
    assert after.count("\n") == before
    for trace in {text, digits_of(text)}:
        assert trace not in after
        assert trace not in caplog.text
    assert not IdempotencyRecord.objects.exists()
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("triple", ID_FIELDS, ids=name_of)
@pytest.mark.parametrize("text", ["4242424242424242", "4242 4242 4242 4242", "38428245500193"])
def test_an_id_a_registration_and_a_telephone_number_may_look_like_one(
    acme: Organization, customer: Customer, triple: Any, text: str
) -> None:
    harness, route, field = triple
    answer = write(acme, customer, harness, route, **{field: text})

    assert answer.status_code == route.ok, answer.content
    body = answer.json()
    assert body.get("customer", body)[field] == text


RESEMBLING = [
    "4242424242424241",  # a wrong check digit
    "1234567812345670",  # a right one, of no brand
    "+49 30 4242 4242",
    "10001-4242",
    "42424242424242424242424242424242",  # longer than any
    "HRB 4242424",
    "42/42/4242/4242/4242",
    "4222222222222",  # thirteen digits, as telephone numbers have
    "25.01.2026 - 30.01.2026",
    "192.168.100.200",
]


@pytest.mark.parametrize(
    "triple", [t for t in FREE if t[2] in {"name", "reference", "phone", "metadata"}], ids=name_of
)
@pytest.mark.parametrize("text", RESEMBLING)
def test_what_only_resembles_a_card_number_is_kept(
    acme: Organization, customer: Customer, triple: Any, text: str
) -> None:
    harness, route, field = triple
    value = {"note": text} if field == "metadata" else text
    answer = write(acme, customer, harness, route, **{field: value})

    assert answer.status_code == route.ok, answer.content
    body = answer.json()
    assert harness.form(field).read(body.get("customer", body)[field]) == value


@pytest.mark.parametrize("pair", WITH_BODY, ids=name_of)
def test_members_that_are_not_read_are_not_kept_either(acme: Organization, pair: Any) -> None:
    """Neither in the answer that is kept for a retry: the body is kept as a digest only."""
    harness, route = pair
    number = "4242424242424242"
    customer, _ = rows_of(acme)

    answer = write(acme, customer, harness, route, card=number, note={"number": [number]})

    assert answer.status_code == route.ok
    assert IdempotencyRecord.objects.count() == 1
    assert number not in everything_stored()


@pytest.mark.parametrize("pair", WITH_BODY, ids=name_of)
def test_an_idempotency_key_that_looks_like_one_is_not_kept_as_it_is(
    acme: Organization, pair: Any
) -> None:
    harness, route = pair
    number = "4242424242424242"
    customer, _ = rows_of(acme)
    path, body = pair.path_of(customer), json.dumps(harness.good(route)).encode()

    client: Any = harness.client(acme)
    answer = client.generic(route.method, path, body, JSON, HTTP_IDEMPOTENCY_KEY=number)

    assert answer.status_code == route.ok
    assert number not in everything_stored()
