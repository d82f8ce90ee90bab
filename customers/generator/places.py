"""Fifteen countries with cities, their postal codes and the numbers that go with them."""

from __future__ import annotations

from random import Random
from typing import NamedTuple


class Country(NamedTuple):
    code: str
    names: str
    """Whose names people have there, as in `words.PEOPLE`."""
    legal_form: str
    legal_number: str
    """`#` is a digit."""
    street: str
    dial: str
    """Of a telephone number, without the rest of the digits."""
    cities: list[tuple[str, str, str | None]]
    """City, postal code (`#` is a digit, `@` a letter), and state where addresses have one."""


# fmt: off
COUNTRIES = [
    Country("DE", "german", "GmbH", "HRB #####", "{street}straße {number}", "+49 40 5550", [
        ("Hamburg", "2035#", None), ("Leipzig", "041##", None), ("München", "803##", None),
        ("Köln", "506##", None), ("Dresden", "010##", None), ("Düsseldorf", "402##", None)]),
    Country("AT", "german", "GmbH", "FN ######", "{street}gasse {number}", "+43 1 555", [
        ("Wien", "10#0", None), ("Graz", "801#", None), ("Linz", "402#", None),
        ("Salzburg", "502#", None)]),
    Country("FR", "french", "SARL", "#########", "{number} rue {street}", "+33 1 9900", [
        ("Paris", "7500#", None), ("Lyon", "6900#", None), ("Nantes", "4400#", None),
        ("Besançon", "2500#", None), ("Nîmes", "3000#", None)]),
    Country("NL", "dutch", "B.V.", "########", "{street}straat {number}", "+31 20 555", [
        ("Amsterdam", "10## @@", None), ("Utrecht", "35## @@", None),
        ("Eindhoven", "56## @@", None), ("Groningen", "97## @@", None)]),
    Country("ES", "spanish", "S.L.", "B########", "Calle {street} {number}", "+34 976 55", [
        ("Madrid", "280##", "Madrid"), ("Málaga", "290##", "Málaga"),
        ("Sevilla", "410##", "Sevilla"), ("Zaragoza", "500##", "Zaragoza")]),
    Country("IT", "italian", "S.r.l.", "#######", "Via {street} {number}", "+39 011 555", [
        ("Torino", "101##", "TO"), ("Milano", "201##", "MI"), ("Bologna", "401##", "BO"),
        ("Napoli", "801##", "NA")]),
    Country("GB", "english", "Ltd", "########", "{number} {street} Street", "+44 113 496", [
        ("London", "EC#A #@@", None), ("Leeds", "LS# #@@", None), ("Bristol", "BS# #@@", None),
        ("Manchester", "M# #@@", None), ("Glasgow", "G# #@@", None)]),
    Country("IE", "english", "Ltd", "######", "{number} {street} Road", "+353 91 55", [
        ("Galway", "H91 @#@#", "Co. Galway"), ("Cork", "T12 @#@#", "Co. Cork"),
        ("Dublin", "D02 @#@#", "Co. Dublin")]),
    Country("SE", "nordic", "AB", "556###-####", "{street}gatan {number}", "+46 31 555", [
        ("Göteborg", "411 ##", None), ("Stockholm", "111 ##", None), ("Malmö", "211 ##", None),
        ("Umeå", "903 ##", None)]),
    Country("FI", "nordic", "Oy", "#######-#", "{street}katu {number}", "+358 2 555", [
        ("Turku", "201##", None), ("Helsinki", "001##", None), ("Jyväskylä", "401##", None)]),
    Country("PL", "polish", "Sp. z o.o.", "##########", "ul. {street} {number}", "+48 42 555", [
        ("Łódź", "90-###", None), ("Kraków", "30-###", None), ("Gdańsk", "80-###", None),
        ("Poznań", "61-###", None)]),
    Country("US", "english", "Inc.", "C#######", "{number} {street} Street", "+1 608 555", [
        ("Madison", "537##", "WI"), ("Boulder", "803##", "CO"), ("Austin", "787##", "TX"),
        ("New York", "100##", "NY"), ("Portland", "972##", "OR"), ("San José", "951##", "CA")]),
    Country("CA", "english", "Inc.", "######-#", "{number} {street} Avenue", "+1 902 555", [
        ("Halifax", "B3H #@#", "NS"), ("Montréal", "H2Y #@#", "QC"), ("Toronto", "M5V #@#", "ON"),
        ("Vancouver", "V6B #@#", "BC")]),
    Country("AU", "english", "Pty Ltd", "#########", "{number} {street} Street", "+61 3 5550", [
        ("Hobart", "700#", "TAS"), ("Melbourne", "300#", "VIC"), ("Sydney", "200#", "NSW"),
        ("Brisbane", "400#", "QLD")]),
    Country("JP", "japanese", "K.K.", "####-##-#####", "{number} {street}-dōri", "+81 75 555", [
        ("Kyoto", "600-8###", "Kyoto"), ("Osaka", "530-0###", "Osaka"),
        ("Sapporo", "060-0###", "Hokkaido")]),
]
# fmt: on


class Place(NamedTuple):
    """Where a customer is, with the texts that go into a row."""

    country: Country
    city: str
    state: str | None
    postal_code: str


def places(random: Random, count: int) -> list[Place]:
    """So many places, among which large countries are as frequent as small ones."""
    found = []
    for number in range(count):
        country = COUNTRIES[number % len(COUNTRIES)]
        city, pattern, state = random.choice(country.cities)
        found.append(Place(country, city, state, fill(pattern, random)))
    random.shuffle(found)
    return found


def fill(pattern: str, random: Random) -> str:
    """The pattern with digits for `#` and letters for `@`."""
    filled = (
        random.choice("0123456789")
        if char == "#"
        else random.choice("ABDEFGHJLNPQRSTUWXYZ")
        if char == "@"
        else char
        for char in pattern
    )
    return "".join(filled)
