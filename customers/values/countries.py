"""Countries of ISO 3166-1 and Kosovo: stored as alpha-2, read in the forms that contracts use.

Kosovo (XK, XKX) is no entry of ISO's list, which leaves these codes to users. The European Union
and payment systems use them, so it is a country here; `settings.COUNTRIES_OVERRIDE` adds it.
"""

import re
import unicodedata
from collections import Counter

from django.utils.translation import get_language, override
from django_countries import countries
from django_countries.base import CountriesBase
from django_countries.data import COUNTRIES

ALPHA2: tuple[str, ...] = tuple(sorted(countries.countries))
_ALPHA3 = {code: countries.alpha3(code) for code in ALPHA2}

# English names that need no guess and are not made from ISO's: common, former, short and long ones.
_OTHER_NAMES = {
    "america": "US",
    "argentine republic": "AR",
    "bosnia": "BA",
    "british virgin islands": "VG",
    "burma": "MM",
    "cape verde": "CV",
    "congo brazzaville": "CG",
    "congo kinshasa": "CD",
    "czech republic": "CZ",
    "dr congo": "CD",
    "east timor": "TL",
    "england": "GB",
    "faeroe islands": "FO",
    "french republic": "FR",
    "gabonese republic": "GA",
    "great britain": "GB",
    "hellenic republic": "GR",
    "holland": "NL",
    "holy see (vatican city state)": "VA",
    "hong kong sar": "HK",
    "hong kong sar china": "HK",
    "hong kong special administrative region of china": "HK",
    "italian republic": "IT",
    "ivory coast": "CI",
    "kyrgyz republic": "KG",
    "lebanese republic": "LB",
    "libyan arab jamahiriya": "LY",
    "macao sar": "MO",
    "macao sar china": "MO",
    "macao special administrative region of china": "MO",
    "macau": "MO",
    "macedonia": "MK",
    "myanmar (burma)": "MM",
    "northern ireland": "GB",
    "palestinian territories": "PS",
    "palestinian territory": "PS",
    "people's republic of china": "CN",
    "pitcairn islands": "PN",
    "portuguese republic": "PT",
    "republic of the congo": "CG",
    "rwandese republic": "RW",
    "scotland": "GB",
    "slovak republic": "SK",
    "svalbard & jan mayen islands": "SJ",
    "swaziland": "SZ",
    "swiss confederation": "CH",
    "togolese republic": "TG",
    "turkey": "TR",
    "uae": "AE",
    "uk": "GB",
    "united mexican states": "MX",
    "united states": "US",
    "us virgin islands": "VI",
    "vatican": "VA",
    "virgin islands of the united states": "VI",
    "wales": "GB",
}

# Words by which a name says what kind of state it is: "Federal Republic of Germany".
_STYLED = re.compile(
    r"(?:\w+ )*?(?:commonwealth|confederation|duchy|kingdom|principality|republic|states?"
    r"|sultanate|union) of (?P<name>.+)"
)
# Names that several states have.
_SHARED_NAMES = {"china", "congo", "georgia", "korea"}

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

    None if there is no such country, or more than one. Case, accents, punctuation and "the" do not
    matter.
    """
    plain = _plain(text)
    if (code := _SPELLINGS.get(_joined(plain))) or len(plain) > _LONGEST:
        return code
    styled = _STYLED.fullmatch(plain)
    if styled is None or styled["name"] in _SHARED_NAMES:
        return None
    return _SPELLINGS.get(_joined(styled["name"]))


def alpha3(alpha2: str) -> str:
    """The alpha-3 code of an alpha-2 code."""
    return _ALPHA3[alpha2]


def _plain(text: str) -> str:
    """The words of a name, in lower case, without accents, punctuation and "the"."""
    if len(text) > _LONGEST:
        return ""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    words = re.findall(r"\w+", re.sub(r"[.'\u2018\u2019\u02bc`\u00b4]", "", letters))
    return " ".join("saint" if word == "st" else word for word in words if word != "the")


def _joined(plain: str) -> str:
    """The words without the spaces between them, which names have or not; codes have none."""
    joined = plain.replace(" ", "")
    return joined if len(joined) > 3 else plain


def _forms(name: str) -> tuple[str, str]:
    """A name of ISO's, as "Korea (the Republic of)", as it is spoken, and without its addition."""
    match = re.fullmatch(r"([^(,]+?)(?: \((.+)\)|, ([^,]+ of(?: the)?))", name)
    if match is None:
        return name, name
    base, *additions = match.groups("")
    return f"{''.join(additions)} {base}", base


def _spellings() -> dict[str, str]:
    with override("en"):
        names = {code: [str(COUNTRIES.get(code, countries.name(code)))] for code in ALPHA2}
        for code in ALPHA2:
            names[code].append(str(countries.name(code)))
            names[code] += map(str, CountriesBase.OLD_NAMES.get(code, []))
    spellings: dict[str, str] = {}
    forms = [(code, _forms(name)) for code in ALPHA2 for name in names[code]]
    bases = {(_joined(_plain(base)), code) for code, (_spoken, base) in forms}
    shared = Counter(base for base, _code in bases)
    spellings.update((base, code) for base, code in bases if shared[base] == 1)
    for code, (spoken, _base) in forms:
        spellings[_joined(_plain(spoken))] = code
    for name, code in _OTHER_NAMES.items():
        spellings[_joined(_plain(name))] = code
    # What ISO publishes comes last: nothing else may take its place.
    for code in ALPHA2:
        for spelling in (*names[code], _ALPHA3[code], code):
            spellings[_joined(_plain(spelling))] = code
    return spellings


_LONGEST = 255
_SPELLINGS = _spellings()
