"""What of a typed telephone number is the same in every way to write it."""

import pytest

from customers.values.phone_numbers import national_digits


@pytest.mark.parametrize(
    "typed",
    [
        "+49 30 1234",
        "0049 30 1234",
        "030 1234",
        "(030) 1234",
        "+49 (0)30 1234",
        "+49 (0) 30 1234",
        "+49-30/12-34",
        "+49301234",
        " 0301234 ",
    ],
)
def test_the_same_number_has_the_same_digits(typed: str) -> None:
    assert national_digits(typed) == "301234"


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("+1 (171) 883-3711", "1718833711"),
        ("+7 495 1234567", "4951234567"),
        ("+44 20 7946 0018", "2079460018"),
        ("+358 9 123456", "9123456"),
        ("+998 71 123 45 67", "711234567"),
        ("+971 4 123 4567", "41234567"),
    ],
)
def test_country_codes_have_one_to_three_digits(typed: str, digits: str) -> None:
    assert national_digits(typed) == digits


@pytest.mark.parametrize(
    "typed", ["", "555", "1171883", "anna", "+49", "ext-0301", "0301234 anna", "+49 0 1", "١٢٣٤٥٦"]
)
def test_other_texts_have_none(typed: str) -> None:
    assert national_digits(typed) is None
