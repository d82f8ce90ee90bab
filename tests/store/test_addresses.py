"""Addresses as the people of a country write them, with nothing left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from customers.values import countries
from customers.values.addresses import address_lines


@dataclass
class Address:
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


WHOLE = Address("1 High Street", "Floor 2", "Springfield", "Illinois", "12345")
PARTS = ("address_line1", "address_line2", "city", "state", "postal_code")


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (
            Address("20 W 34th St", None, "New York", "NY", "10001", "US"),
            ["20 W 34th St", "NEW YORK, NY 10001", "UNITED STATES"],
        ),
        (
            Address("Unter den Linden 1", "Hinterhaus", "Berlin", None, "10117", "DE"),
            ["Unter den Linden 1", "Hinterhaus", "10117 BERLIN", "GERMANY"],
        ),
        (
            Address("10 Downing Street", None, "London", None, "SW1A 2AA", "GB"),
            ["10 Downing Street", "LONDON", "SW1A 2AA", "UNITED KINGDOM"],
        ),
        (
            Address("1 rue de Rivoli", None, "Paris", None, "75001", "FR"),
            ["1 rue de Rivoli", "75001 PARIS", "FRANCE"],
        ),
        (
            Address("Bahnhofstrasse 1", None, "Zürich", None, "8001", "CH"),
            ["Bahnhofstrasse 1", "CH-8001 Zürich", "SWITZERLAND"],
        ),
        (Address("1 High Street", None, "Paris"), ["1 High Street", "Paris"]),
        (
            Address("1 High Street", None, "Paris", "Texas", "75460"),
            ["1 High Street", "75460 Paris", "Texas"],
        ),
        (Address(), []),
        (Address(country="DE"), []),
    ],
)
def test_an_address_is_laid_out_as_in_its_country(address: Address, lines: list[str]) -> None:
    assert address_lines(address) == lines


@pytest.mark.parametrize("country", ["US", "DE", "GB", "JP", "FR", "BR", "CH", "IN", "CN", "AQ"])
def test_the_country_stands_where_its_people_write_it_and_once(country: str) -> None:
    lines = address_lines(replace(WHOLE, country=country))

    name = lines[-1]
    assert name.isupper()
    assert lines.count(name) == 1


def left_out(address: Address) -> list[str]:
    """The parts that are not in the lines of the address."""
    laid_out = "\n".join(address_lines(address)).casefold()
    return [part for part in PARTS if (getattr(address, part) or "").casefold() not in laid_out]


@pytest.mark.parametrize("missing", [None, *PARTS])
def test_no_part_is_left_out_in_any_country(missing: str | None) -> None:
    without = replace(WHOLE, **({missing: None} if missing else {}))
    lacking = {
        country: left_out(replace(without, country=country))
        for country in [None, *countries.ALPHA2]
    }

    assert {country: parts for country, parts in lacking.items() if parts} == {}


words = st.text(
    "abcdefghijklmnopqrstuvwxyzäéßøżабв日本%@,.-'12345 ", min_size=1, max_size=20
).filter(lambda text: bool(text.strip()))
addresses = st.builds(
    Address,
    *(st.none() | words.map(str.strip) for _ in PARTS),
    st.none() | st.sampled_from(sorted(countries.ALPHA2)),
)


@how(max_examples=300)
@given(address=addresses)
def test_no_part_is_left_out_whatever_it_is(address: Address) -> None:
    assert left_out(address) == []
