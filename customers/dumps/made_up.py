"""Made-up values in place of personal ones: the same for the same value, and for no other.

They are made from keyed hashes: without this installation's `SECRET_KEY` no one can try out which
value one of them stands for. Values that are equal but for their case stay so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from random import Random
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import models
from django.utils.crypto import salted_hmac

from customers.values.card_numbers import contains_card_number
from customers.values.uuid7 import created_at, uuid7

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ATTEMPTS = 50
_SHORT = 2  # characters: too few to say anything


class MadeUp:
    """Replaces values. None of `originals` is in what it makes, as far as that can be."""

    def __init__(self, originals: Collection[str]) -> None:
        self.originals = {text.lower() for text in originals if len(text) > _SHORT}

    def row(self, row: models.Model) -> models.Model:
        """The row with everything that is personal replaced: ids, texts and JSON.

        Times, numbers and what is one of a few choices stay, and so does what is absent.
        """
        values = {
            field.attname: self.value(field, getattr(row, field.attname))
            for field in row._meta.concrete_fields
            if not field.generated
        }
        return type(row)(**values)

    def value(self, field: models.Field[Any, Any], value: Any) -> Any:
        if isinstance(value, UUID):
            return self.id(value)
        if isinstance(value, dict):
            return self.json(value)
        if not is_personal(field, value):
            return value
        if isinstance(field, models.EmailField):
            return self._made(email, value)
        return self._made(_KINDS.get(field.name, alike), value)

    def id(self, id: UUID) -> UUID:
        """Another id of the same time."""
        return uuid7(created_at(id), random=_random("id", str(id)).getrandbits(62))

    def json(self, value: Any) -> Any:
        """The same structure, with the same keys."""
        if isinstance(value, dict):
            return {key: self.json(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.json(item) for item in value]
        return self._made(alike, value) if isinstance(value, str) and value else value

    def _made(self, kind: Callable[[str, Random], str], value: str) -> str:
        made = ""
        for attempt in range(_ATTEMPTS):
            made = kind(value, _random(f"{kind.__name__} {attempt}", value.lower()))
            told = any(original in made.lower() for original in self.originals)
            if not told and not contains_card_number(made):
                break
        return made


def is_personal(field: models.Field[Any, Any], value: object) -> bool:
    """Whether the value is a text that anyone may have written."""
    return isinstance(value, str) and value != "" and not field.choices


def texts(value: object) -> list[str]:
    """The texts in a value of JSON, without the keys."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return [value] if isinstance(value, str) else []


# --- Kinds of values: of the value, and of random numbers that depend on it ignoring case ---------


def alike(value: str, random: Random) -> str:
    """A letter for a letter, a digit for a digit."""
    made = "".join(_alike(char, random) for char in value)
    return made if made != value else _word(random)


def email(value: str, random: Random) -> str:
    _, _, domain = value.rpartition("@")
    mailbox = f"{_word(random).lower()}.{random.getrandbits(40):010x}"
    return _in_case_of(value, f"{mailbox}@{_domain(domain)}")


def identifier(value: str, random: Random) -> str:
    """An id of another system: it must be the only one, and its case matters."""
    made = "".join(random.choices(_LETTERS, k=14))
    if value == value.lower():
        return made
    case = _random("case", value)
    return made[0].upper() + "".join(case.choice((char, char.upper())) for char in made[1:])


def name(value: str, random: Random) -> str:
    """As many words, to three."""
    words = [_word(random) for _ in value.split()[:3]] or [_word(random)]
    return _in_case_of(value, " ".join(words))


def address(_value: str, random: Random) -> str:
    return f"{_word(random)} {1 + random.randrange(199)}"


def state(value: str, random: Random) -> str:
    """A code says no more than the country does."""
    return value if len(value) <= _SHORT else _word(random)


def telephone(value: str, random: Random) -> str:
    """The beginning of the country's code stays."""
    kept = 3 if value.startswith("+") else 0
    return value[:kept] + alike(value[kept:] or value, random)


def ein(value: str, random: Random) -> str:
    """The first two digits say which office gave it; not every pair is one."""
    return value[:_SHORT] + alike(value[_SHORT:], random)


def slug(_value: str, random: Random) -> str:
    return f"{_word(random).lower()}-{random.getrandbits(24):06x}"


def web_address(value: str, random: Random) -> str:
    parts = urlsplit(value)
    path = f"/{_word(random).lower()}" if parts.path.strip("/") else ""
    return f"https://{_domain(parts.netloc)}{path}"


#: By the field's name. Any other text becomes one alike.
_KINDS: dict[str, Callable[[str, Random], str]] = {
    "external_id": identifier,
    "processor_reference": identifier,
    "processor_token": identifier,
    "name": name,
    "legal_name": name,
    "first_name": name,
    "last_name": name,
    "bank_name": name,
    "address_line1": address,
    "city": name,
    "state": state,
    "ein": ein,
    "phone": telephone,
    "slug": slug,
    "url": web_address,
    "logo_url": web_address,
}


def _random(kind: str, value: str) -> Random:
    """Random numbers that depend on the value and on the key of this installation."""
    digest = salted_hmac(f"customers.dumps.made_up {kind}", value, algorithm="sha256").digest()
    return Random(int.from_bytes(digest, "big"))  # noqa: S311


def _alike(char: str, random: Random) -> str:
    if char.isdecimal():
        return random.choice("0123456789")
    if char.isalpha() or not (char.isascii() or char.isspace()):
        letter = random.choice(_LETTERS)
        return letter.upper() if char.isupper() else letter
    return char


def _word(random: Random) -> str:
    """A word that can be spoken and means nothing."""
    return "".join(
        random.choice("bdfghjklmnprstvz") + random.choice("aeiou") for _ in range(3)
    ).capitalize()


def _domain(domain: str) -> str:
    random = _random("domain", domain.lower())
    return f"{_word(random).lower()}-{random.getrandbits(32):08x}.example"


def _in_case_of(value: str, made: str) -> str:
    if value.isupper():
        return made.upper()
    return made.lower() if value.islower() else made
