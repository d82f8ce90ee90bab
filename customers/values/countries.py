"""Countries of ISO 3166-1: stored as alpha-2, read in the three forms that contracts use."""

import unicodedata

from django.utils.translation import get_language, override
from django_countries import countries

ALPHA2: tuple[str, ...] = tuple(sorted(countries.countries))
_ALPHA3 = {code: countries.alpha3(code) for code in ALPHA2}

# English names in daily use that are neither ISO's nor among django-countries' common names.
_OTHER_NAMES = {
    "america": "US",
    "czech republic": "CZ",
    "great britain": "GB",
    "ivory coast": "CI",
    "turkey": "TR",
    "uk": "GB",
    "united states": "US",
}

# By language. Validating a country asks for them, and making them takes as long as an insert.
_choices: dict[str | None, list[tuple[str, str]]] = {}


def choices() -> list[tuple[str, str]]:
    """(alpha-2, name) pairs in the reader's language, for forms."""
    language = get_language()
    if language not in _choices:
        _choices[language] = [(country.code, country.name) for country in countries]
    return _choices[language]


def parse(text: str) -> str | None:
    """The alpha-2 code of a country given as an alpha-2 code, an alpha-3 code or an English name.

    None if there is no such country. Case, accents and surrounding spaces do not matter.
    """
    return _SPELLINGS.get(_plain(text))


def alpha3(alpha2: str) -> str:
    """The alpha-3 code of an alpha-2 code."""
    return _ALPHA3[alpha2]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _spellings() -> dict[str, str]:
    spellings = dict(_OTHER_NAMES)
    with override("en"):
        official = {code: str(countries.name(code)) for code in ALPHA2}
    iso_names = {country.code: country.name for country in countries}
    for code in ALPHA2:
        for spelling in (official[code], iso_names[code], countries.alpha3(code), code):
            spellings[_plain(spelling)] = code
    return spellings


_SPELLINGS = _spellings()
