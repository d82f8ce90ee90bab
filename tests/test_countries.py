"""Countries in the spellings that the contracts use."""

from __future__ import annotations

import string

import pytest
from django.db import connection
from django.utils.translation import override
from django_countries import countries as library
from django_countries.data import COUNTRIES

from customers.values import countries


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("de", "DE"),
        ("DEU", "DE"),
        ("deu", "DE"),
        ("Germany", "DE"),
        ("  gErMaNy\n", "DE"),
        ("US", "US"),
        ("USA", "US"),
        ("United States", "US"),
        ("United States of America", "US"),
        ("America", "US"),
        ("UK", "GB"),
        ("GBR", "GB"),
        ("Great Britain", "GB"),
        ("United Kingdom", "GB"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Turkiye", "TR"),
        ("Ivory Coast", "CI"),
        ("Côte d'Ivoire", "CI"),
        ("COTE D'IVOIRE", "CI"),
        ("Czechia", "CZ"),
        ("Czech Republic", "CZ"),
        ("Netherlands", "NL"),
        ("Vietnam", "VN"),
        ("South Korea", "KR"),
        ("Åland Islands", "AX"),
        ("Curac\N{COMBINING CEDILLA}ao", "CW"),
        ("ＤＥ", "DE"),
        ("Bahamas", "BS"),
        ("The Netherlands", "NL"),
        ("Côte d\N{RIGHT SINGLE QUOTATION MARK}Ivoire", "CI"),
        ("Viet Nam", "VN"),
        ("Korea (the Republic of)", "KR"),
        ("Korea, Republic of", "KR"),
        ("Republic of Korea", "KR"),
        ("Svalbard & Jan Mayen Islands", "SJ"),
        ("Holy See (Vatican City State)", "VA"),
        ("St. Kitts and Nevis", "KN"),
        ("Federal Republic of Germany", "DE"),
        ("Kingdom of the Netherlands", "NL"),
        ("U.S.A.", "US"),
        ("Kosovo", "XK"),
        ("XKX", "XK"),
    ],
)
def test_a_country_is_understood(text: str, code: str) -> None:
    assert countries.parse(text) == code


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "D", "XX", "ZZ", "EU", "XXX", "Atlantis", "276", "Germania", "D E", "\0"),
        *("Korea", "Virgin Islands", "Republic of China", "State of Georgia", "x" * 1000),
    ],
)
def test_what_is_no_country_is_none(text: str) -> None:
    assert countries.parse(text) is None


@pytest.mark.parametrize("code", COUNTRIES)
def test_the_name_that_iso_publishes_is_understood(code: str) -> None:
    with override("en"):
        assert countries.parse(str(COUNTRIES[code])) == code


@pytest.mark.parametrize("code", countries.ALPHA2)
def test_every_form_of_a_country_leads_to_its_code(code: str) -> None:
    with override("en"):
        name = str(library.name(code))

    for spelling in (code, code.lower(), countries.alpha3(code), name, name.upper()):
        assert countries.parse(spelling) == code


def test_there_is_an_alpha3_code_for_each() -> None:
    codes = [countries.alpha3(code) for code in countries.ALPHA2]

    assert all(len(code) == 3 and code.isupper() for code in codes)
    assert len(set(codes)) == len(codes) == len(COUNTRIES) + 1


def test_an_alpha3_code_is_the_one_of_iso() -> None:
    assert [countries.alpha3(code) for code in ("DE", "CH", "US")] == ["DEU", "CHE", "USA"]


def test_the_choices_are_in_the_language_of_the_reader() -> None:
    with override("en"):
        assert dict(countries.choices())["DE"] == "Germany"
    with override("de"):
        assert dict(countries.choices())["DE"] == "Deutschland"


def test_every_country_may_be_chosen() -> None:
    assert sorted(code for code, _ in countries.choices()) == list(countries.ALPHA2)


@pytest.mark.django_db
def test_the_database_knows_the_same_codes() -> None:
    letters = string.ascii_uppercase
    pairs = [first + second for first in letters for second in letters]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pair FROM unnest(%s::text[]) AS pair WHERE customers_is_country(pair)", [pairs]
        )
        known = {pair for (pair,) in cursor}

    assert known == set(countries.ALPHA2)
