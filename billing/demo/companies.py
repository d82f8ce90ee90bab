"""Names and places of companies, enough for two years with new ones every day."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from billing.demo.cast import Home
from billing.demo.chance import number, pick


class Place(NamedTuple):
    form: str
    """The legal form at the end of the names of companies there."""
    street: str
    city: str
    postal_code: str
    state: str | None
    country: str
    dial: str


# fmt: off
PLACES = [
    Place("GmbH", "Hafenstraße {}", "Hamburg", "20457", None, "DE", "+49 40 5550"),
    Place("GmbH", "Lindenallee {}", "Leipzig", "04109", None, "DE", "+49 341 5550"),
    Place("SARL", "{} rue des Tanneurs", "Nantes", "44000", None, "FR", "+33 2 4055"),
    Place("B.V.", "Keizersgracht {}", "Amsterdam", "1016 DK", None, "NL", "+31 20 555"),
    Place("S.L.", "Calle Mayor {}", "Zaragoza", "50001", None, "ES", "+34 976 55"),
    Place("S.r.l.", "Via Garibaldi {}", "Torino", "10122", None, "IT", "+39 011 555"),
    Place("Ltd", "{} Mill Lane", "Leeds", "LS1 4DY", None, "GB", "+44 113 496"),
    Place("Ltd", "{} Quay Street", "Galway", "H91 E8KF", None, "IE", "+353 91 55"),
    Place("AB", "Storgatan {}", "Göteborg", "411 24", None, "SE", "+46 31 555"),
    Place("Oy", "Rantakatu {}", "Turku", "20100", None, "FI", "+358 2 555"),
    Place("Inc.", "{} Lake Street", "Madison", "53703", "WI", "US", "+1 608 555"),
    Place("LLC", "{} Canyon Road", "Boulder", "80302", "CO", "US", "+1 303 555"),
    Place("Inc.", "{} Harbour Street", "Halifax", "B3H 4R2", "NS", "CA", "+1 902 555"),
    Place("K.K.", "{} Karasuma-dori", "Kyoto", "600-8216", None, "JP", "+81 75 555"),
    Place("Pty Ltd", "{} Elizabeth Street", "Hobart", "7000", "TAS", "AU", "+61 3 5550"),
]
# No number divides both their lengths, so all pairs are used before one is repeated.
NAMES = [
    "Halden", "Osprey", "Bramley", "Castellan", "Juniper", "Nordby", "Rossi", "Kestrel", "Albers",
    "Tamarack", "Viola", "Delacroix", "Winslow", "Ikeda", "Marlow", "Sorrel", "Pettersen",
    "Quillon", "Fennimore", "Larkspur", "Zaleski", "Ostrava", "Brightwater", "Maddox", "Corvino",
    "Elstree", "Havlik", "Granby", "Underhill", "Yarrow", "Lindgren", "Thornbury", "Ortega",
    "Saltmarsh", "Jansen", "Pemberton", "Kowal",
]
TRADES = [
    "Bakery", "Optics", "Timber", "Cycles", "Ceramics", "Freight", "Dental Lab", "Print",
    "Roofing", "Coffee Roasters", "Marine", "Textiles", "Acoustics", "Nurseries", "Catering",
    "Software", "Glass", "Brewing", "Solar", "Surveyors", "Pharmacy", "Tools", "Studios",
    "Packaging", "Instruments", "Dairy", "Tutoring", "Elevators", "Books", "Paints",
    "Translations", "Fisheries", "Hydraulics", "Veterinary", "Events", "Metalworks", "Furniture",
    "Laundry", "Analytics", "Orchards", "Security",
]
# fmt: on


def company(day: date, turn: int, home: Home) -> dict[str, str | None]:
    """The first (0) or second (1) new company of a day, by the names of `Customer.WRITABLE`."""
    serial = 2 * day.toordinal() + turn
    key = f"company {home} {serial}"
    place = pick(key, PLACES)
    shifted = serial + number(str(home), 1000)
    name = NAMES[shifted * 5 % len(NAMES)]
    trade = TRADES[shifted * 7 % len(TRADES)]
    domain = f"{name}-{trade}".lower().replace(" ", "-")
    ein = f"{pick(key, ['12', '20', '27', '45', '81'])}-{5550000 + number(f'{key} ein', 9999)}"
    return {
        "external_id": f"B-{serial}",
        "name": f"{name} {trade}",
        "legal_name": f"{name} {trade} {place.form}",
        "ein": ein if place.country == "US" else None,
        "email": f"{pick(key, ['billing', 'accounts', 'office', 'finance'])}@{domain}.example",
        "address_line1": place.street.format(1 + number(f"{key} street", 140)),
        "city": place.city,
        "state": place.state,
        "postal_code": place.postal_code,
        "country": place.country,
        "phone": f"{place.dial} {1000 + number(f'{key} phone', 9000)}",
    }


def address(key: str, country: str) -> dict[str, str | None]:
    """The address in the same country that a company moves to."""
    place = pick(key, [place for place in PLACES if place.country == country] or PLACES)
    return {
        "address_line1": place.street.format(141 + number(key, 60)),
        "city": place.city,
        "state": place.state,
        "postal_code": place.postal_code,
        "country": place.country,
    }
