"""What is taken for a payment card number, and what is not."""

from __future__ import annotations

import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from customers.values.card_numbers import card_numbers as places
from customers.values.card_numbers import contains_card_number

VISA = "4242424242424242"
SYMBOLS = "./_,:;|\\*'~=&#\u00b7\u2022\u2026\u2192\u3002\uff0f"

# Published test numbers, and numbers made up with the brand's prefix and a right check digit.
PLANTED = [
    # Visa
    "4111111111111111",
    "4242424242424242",
    "4012888888881881",
    "4000000000000000006",
    "4242 4242 4242 4242",
    "4242-4242-4242-4242",
    "4242  4242 - 4242 -- 4242",
    "4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2",
    # Mastercard
    "5555555555554444",
    "5105 1051 0510 5100",
    "5454-5454-5454-5454",
    "2221000000000009",
    "2223 0031 2200 3222",
    "2720-9900-0000-0007",
    # American Express
    "378282246310005",
    "3714 496353 98431",
    "3400-000000-00009",
    # Diners Club
    "30569309025904",
    "3852 000002 3237",
    "36227206271667",
    "3095-000000-0000",
    # JCB
    "3530111333300000",
    "3566 0020 2036 0505",
    "3528000000000007",
    # Discover
    "6011111111111117",
    "6011 0009 9013 9424",
    "6441111111111117",
    "6500-0000-0000-0002",
    # UnionPay
    "6200000000000005",
    "6205 5000 0000 0000 004",
    "8171 9999 2766 0000",
    # RuPay, Mir, Troy, Maestro
    "6074 8200 0000 0009",
    "2200 0000 0000 0004",
    "9792 0303 9444 0796",
    "6759649826438453",
    "6304 0000 0000 0000",
    "5018 0000 0009",
    "6761 0000 0000 0000 001",
    # Other alphabets, spaces and dashes
    "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢",
    "４２４２ ４２４２ ４２４２ ４２４２",
    "४२४२ ४२४२ ४२४२ ४२४२",
    "4242\N{NO-BREAK SPACE}4242\N{NO-BREAK SPACE}4242\N{NO-BREAK SPACE}4242",
    "4242\N{THIN SPACE}4242\N{EM SPACE}4242\N{IDEOGRAPHIC SPACE}4242",
    "4242\N{EN DASH}4242\N{EM DASH}4242\N{MINUS SIGN}4242",
    "4242\N{NON-BREAKING HYPHEN}4242\N{HYPHEN}4242\N{FULLWIDTH HYPHEN-MINUS}4242",
    "4242\N{ZERO WIDTH SPACE}4242\N{SOFT HYPHEN}4242\N{WORD JOINER}4242",
    "4\N{VARIATION SELECTOR-16}242424242424242",
    "4242\t4242\n4242\r\n4242",
    "4242\N{LINE SEPARATOR}4242\x0b4242\x1f4242",
    "4242\N{NEXT LINE}4242\N{NEXT LINE}4242\N{NEXT LINE}4242",
    # Digits that are no decimal digits
    "④②④②④②④②④②④②④②④②",
    "❹❷❹❷ ❹❷❹❷ ❹❷❹❷ ❹❷❹❷",
    "⑷⑵⑷⑵⑷⑵⑷⑵⑷⑵⑷⑵⑷⑵⑷⑵",
    "⁴²⁴²⁴²⁴²⁴²⁴²⁴²⁴²",
    "₄₂₄₂ ₄₂₄₂ ₄₂₄₂ ₄₂₄₂",
    "𝟒𝟐𝟒𝟐-𝟒𝟐𝟒𝟐-𝟒𝟐𝟒𝟐-𝟒𝟐𝟒𝟐",
    "𝟺𝟸𝟺𝟸.𝟺𝟸𝟺𝟸.𝟺𝟸𝟺𝟸.𝟺𝟸𝟺𝟸",
    # Marks upon digits: keycaps, strokes
    "".join(f"{digit}\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}" for digit in VISA),
    "".join(f"{digit}\N{COMBINING LONG STROKE OVERLAY}" for digit in VISA),
    # Divided by symbols
    *(symbol.join(["4242"] * 4) for symbol in SYMBOLS),
    *(symbol.join(VISA) for symbol in SYMBOLS),
    *(symbol.join(["3782", "822463", "10005"]) for symbol in SYMBOLS),
    "4242, 4242, 4242, 4242",
    "4242.4242/4242_4242",
    "(4242)(4242)(4242)(4242)",
    "[4242] [4242] [4242] [4242]",
    "**4242** **4242** **4242** **4242**",
    "4,242,424,242,424,242",
    "4242+4242+4242+4242",
    # In sentences
    "Please charge 4111111111111111, thanks.",
    "card:4111111111111111",
    "Kartennummer 4111 1111 1111 1111 (gültig bis 12/28)",
    "4111 1111 1111 1111 123",
    "12 4111 1111 1111 1111",
    "pan=4111111111111111&cvc=123",
    "VISA4111111111111111exp1228",
    "<b>3782 822463 10005</b>",
    "first 1234 5678 9012, then 5555 5555 5555 4444",
    "+4111111111111111",
    "+49 151 2345 6789 4242 4242 4242 4242",
]

HARMLESS = [
    "",
    "Coleman-Blair",
    # Near misses: a wrong check digit, prefix or length, or other text in between
    "4111111111111112",
    "4242 4242 4242 4241",
    "5555555555554445",
    "378282246310006",
    "1111111111111117",
    "9999999999999995",
    "411111111111116",
    "424242424242",
    "42424242424242424242",
    "4111 1111 x 1111 1111",
    "4111 a 1111 b 1111 c 1111",
    # Grouped as no one writes a card number
    "41.11.1111.11.111111",
    "4.111111111111111",
    "4111 ..... 1111 ..... 1111 ..... 1111",
    # Card numbers of thirteen digits, which are telephone and identity numbers today
    "4222222222222",
    "4915112345674",
    # A longer number with a card number inside
    "994111111111111111199",
    "100041111111111111111",
    # Telephone numbers
    "1-171-883-3711 x245",
    "+49 151 2345 6789",
    "+5018000000009",
    "415-555-2671, 415-555-2672",
    "+44 20 7946 0958, +44 20 7946 0958",
    "4915112345674 / 4915112345674",
    "(555) 010-9999 ext. 42",
    "001-171-883-3711x24512",
    "+1 (202) 555-0143",
    "030 901820",
    # EINs, tax and registration numbers
    "12-3456789",
    "DE 136695976",
    "HRB 123456 B",
    "GB 999 9999 73",
    # Long ids
    "5f0c8b7e-31d4-7c3a-9f4e-446655440000",
    "20260304120000123456789",
    "ORDER-000123456789-2026",
    "1234567890123456",
    # Dates
    "2026-03-04",
    "2026-03-04 2027-03-04",
    "2026-03-04T12:30:45.123456Z",
    "04.03.2026 12:30",
    "2024 2025 2026 2027",
    "25/01/04 13:21 - 16/02/06 20:41",
    "30.01.2026 - 31.01.2026",
    "2026/03/04 12:30:45, 2027/03/04 12:30:45",
    # Addresses and versions
    "192.168.100.200, 192.168.100.200",
    "4.2.42.424.24.24.2.4.24.24",
    "48.85661400, 2.35222190",
    # What is a number, and no digit
    "⑩⑪⑫⑬⑭⑮⑯⑰",
    "½" * 16,
    "四二四二四二四二四二四二四二四二",
]

# (a prefix of the brand, a length it has)
BRANDS = [
    *(("4", length) for length in (16, 19)),
    *((prefix, 16) for prefix in ("51", "52", "53", "54", "55", "2221", "2229", "2300", "2720")),
    *((prefix, 15) for prefix in ("34", "37")),
    *((prefix, 14) for prefix in ("300", "303", "305", "3095", "36", "38", "39")),
    *((prefix, length) for prefix in ("3528", "3589") for length in (16, 17, 18, 19)),
    *((prefix, length) for prefix in ("6011", "644", "649", "65") for length in (16, 19)),
    *((prefix, length) for prefix in ("62", "81") for length in (16, 17, 18, 19)),
    *((prefix, length) for prefix in ("2200", "2204") for length in (16, 19)),
    *((prefix, length) for prefix in ("5018", "6304", "6759", "6763") for length in range(12, 20)),
    ("9792", 16),
]

SEPARATORS = st.text("  --\t\N{NO-BREAK SPACE}\N{EN DASH}\N{ZERO WIDTH SPACE}", max_size=2)


@pytest.mark.parametrize("text", PLANTED)
def test_a_card_number_is_found(text: str) -> None:
    assert contains_card_number(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_is_let_through(text: str) -> None:
    assert not contains_card_number(text)


def luhn_sum(number: str) -> int:
    """Zero where the check digit is right (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(divmod(value, 10)[0] + value % 10 for value in doubled) % 10


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    prefix, length = draw(st.sampled_from(BRANDS))
    missing = length - len(prefix) - 1
    body = prefix + draw(st.text(string.digits, min_size=missing, max_size=missing))
    return body + str(-luhn_sum(body + "0") % 10)


@given(card_numbers(), st.data())
def test_no_grouping_hides_a_card_number(number: str, data: st.DataObject) -> None:
    grouped = "".join(digit + data.draw(SEPARATORS) for digit in number)

    assert contains_card_number(f"Card {grouped}, thanks")


@given(card_numbers(), st.integers(1, 9))
def test_a_number_with_one_wrong_digit_is_let_through(number: str, error: int) -> None:
    wrong = number[:-1] + str((int(number[-1]) + error) % 10)

    assert not contains_card_number(wrong)


@given(card_numbers(), st.sampled_from("٠۰०０𝟎"))
def test_a_card_number_is_read_in_any_alphabet(number: str, zero: str) -> None:
    assert contains_card_number("".join(chr(ord(zero) + int(digit)) for digit in number))


@given(
    card_numbers(), st.text(SYMBOLS + " -", min_size=1, max_size=3), st.sampled_from([1, 3, 4, 5])
)
def test_no_symbol_hides_a_card_number(number: str, symbols: str, size: int) -> None:
    groups = [number[start : start + size] for start in range(0, len(number), size)]

    assert contains_card_number(f"Card {symbols.join(groups)}, thanks")


times = st.floats(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(times, times)
def test_a_period_of_time_is_no_card_number(start: datetime, end: datetime) -> None:
    for form in ("%d.%m.%Y", "%m/%d/%Y", "%d.%m.%y %H:%M", "%Y.%m.%d %H:%M:%S.%f", "%H:%M:%S"):
        for between in (" - ", ", ", " / "):
            text = f"{start:{form}}{between}{end:{form}}"
            assert not contains_card_number(text), text


def test_the_places_of_card_numbers_are_told() -> None:
    text = "a 4242.4242.4242.4242, ④②④②④②④②④②④②④②④② 17 b"

    assert [text[slice(*place)] for place in places(text)] == [
        "4242.4242.4242.4242",
        "④②④②④②④②④②④②④②④②",
    ]


@given(st.text(string.digits, min_size=20, max_size=60))
def test_one_long_string_of_digits_is_no_card_number(text: str) -> None:
    assert not contains_card_number(text)


@given(st.text(string.ascii_letters + string.punctuation + " ") | st.text())
def test_text_of_few_digits_is_no_card_number(text: str) -> None:
    few = "".join(char for char in text if not char.isdecimal())

    assert not contains_card_number(f"{few}12345678901{few}")


@pytest.mark.parametrize(
    ("text", "most"),
    [("1 " * 5_000, 0), ("4 " * 5_000, 3 * 5_000), ("6011 " * 5_000, 4 * 5_000), ("4" * 9_999, 1)],
)
def test_long_text_is_looked_through_once(
    text: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few Luhn checks for each group of digits, whatever stands in them."""
    checked: list[str] = []

    def is_valid(digits: str) -> bool:
        checked.append(digits)
        return False

    monkeypatch.setattr(luhn, "is_valid", is_valid)

    assert not contains_card_number(text)
    assert len(checked) <= most
