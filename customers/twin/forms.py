"""The form of a value: which characters of it are replaced, and by which others."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import takewhile
from string import ascii_lowercase
from urllib.parse import unquote_to_bytes
from uuid import UUID

from customers.twin.alphabets import alphabet_of
from customers.twin.kept import RESERVED_DOMAINS

#: For each character those that may stand for it; what stays is alone.
Form = list[str]

_DOMAIN = r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][^\W_]+"
_SCHEME = r"(?i:https?://(?:www\.)?)"
DOMAIN = re.compile(_DOMAIN)
EMAIL = re.compile(rf"([^\s@<>()\[\],;:\"/]+)@({_DOMAIN})")
URL = re.compile(rf"({_SCHEME})([^\s/?#:@]+)((?:[/?#:].*)?)")
#: An address of the web or of a person within a longer text.
EMBEDDED = re.compile(rf"{_SCHEME}{_DOMAIN}(?:[/?#:][^\s<>\"]*)?|{EMAIL.pattern}")
RESERVED = frozenset(RESERVED_DOMAINS)

_HEXADECIMAL = re.compile(r"(?=.*\d)[0-9a-fA-F]{4,}(?:-?[0-9a-fA-F]{4,})+")
_UUID = re.compile(
    r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"
)
# As payment processors begin their ids.
_PREFIX = re.compile(r"(?:ba|cus|pi|pm|src|sub|tok)_(?=\w)", re.ASCII)
_COUNTRY_CODE = r"(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d\d)"
_CALLED_FROM_ABROAD = re.compile(
    rf"\s*\(?(?:(?:\+|00)\s*(?P<code>{_COUNTRY_CODE})|(?P<america>1)(?=[\s.(-]))"
    r"[\s./()-]*(?:\(0\)|0)?",
    re.ASCII,
)


def letter_by_letter(text: str) -> Form:
    """The form of a text in form NFC: a letter for a letter, a digit for a digit."""
    return [_alphabet(text, place) for place in range(len(text))]


def form_of(text: str) -> Form:
    """The form of a text in form NFC, with what makes it hexadecimal, or a processor's id."""
    form = letter_by_letter(text)
    if _HEXADECIMAL.fullmatch(text):
        form = ["abcdef" if char.isalpha() else part for char, part in zip(text, form, strict=True)]
        if _UUID.fullmatch(text):
            version, variant = (14, 19) if "-" in text else (12, 16)
            form[version] = text[version]
            form[variant] = text[variant]
    elif prefix := _PREFIX.match(text):
        form[: prefix.end()] = prefix[0]
    return form


def digits_alone(form: Form, text: str) -> Form:
    """The form, with all of the text but its digits as it is."""
    return [part if char.isdecimal() else char for char, part in zip(text, form, strict=True)]


def telephone_form(text: str) -> Form:
    """The form of a telephone number: its country's code stays, and the word for an extension.

    What a national number begins with says how long it is: 0 stays 0, 1 stays 1. So do, in the
    numbers of North America, the beginnings of both groups.
    """
    begins = _CALLED_FROM_ABROAD.match(text)
    start = begins.end() if begins else 0
    is_american = begins is not None and "1" in (begins["code"], begins["america"])
    form, seen = list(text[:start]), 0
    for char in text[start:]:
        if not char.isdecimal():
            form.append(char)
            continue
        is_first = seen == 0 or (is_american and seen == 3)
        form.append(_first_digits(char, "01") if is_first else alphabet_of(char))
        seen += not (is_first and char == "0")
    return form


def digits_of(text: str) -> str:
    """What makes two telephone numbers the same."""
    return "".join(filter(str.isdecimal, text))


def unregistered_form(last: str) -> Form:
    """The form of a top-level domain that does not exist.

    ISO 3166 leaves these codes of two and three letters to its users, so they are no country's.
    """
    if not last.isascii():
        return form_of(last)
    begins = ["q", "mnoprstvwxyz"] if len(last) <= 3 else ["q", "z"]
    return [*begins, *[ascii_lowercase] * (len(last) - 2)]


def id_spelled_as(text: str, id: UUID) -> str:
    """An id with hyphens or none, in the case of another."""
    spelled = str(id) if "-" in text else id.hex
    return spelled.upper() if text.isupper() else spelled


@dataclass(frozen=True, slots=True)
class PercentEncoded:
    """The rest of a web address: its text, and which characters of it are percent-encoded."""

    text: str
    encoded: list[bool]
    charset: str

    @classmethod
    def read(cls, rest: str) -> PercentEncoded:
        try:
            return cls._read(rest, "utf-8")
        except UnicodeDecodeError:
            return cls._read(rest, "latin-1")

    @classmethod
    def _read(cls, rest: str, charset: str) -> PercentEncoded:
        chars, encoded = "", []
        for part in _ENCODED.split(rest):
            is_encoded = _ENCODED.fullmatch(part) is not None
            text = unquote_to_bytes(part).decode(charset) if is_encoded else part
            chars += text
            encoded += [is_encoded] * len(text)
        return cls(chars, encoded, charset)

    def write(self, text: str) -> str:
        """A text of as many characters, encoded as this one."""
        return "".join(
            "".join(f"%{byte:02X}" for byte in char.encode(self.charset)) if is_encoded else char
            for char, is_encoded in zip(text, self.encoded, strict=True)
        )


_ENCODED = re.compile(r"((?:%[0-9a-fA-F]{2})+)")


def composed(text: str) -> str:
    """The text in form NFC, but for the few characters that this form makes two."""
    if unicodedata.is_normalized("NFC", text):
        return text
    return "".join(map(_composed, _clusters(text)))


def recomposed(made: str, original: str) -> str:
    """A text that is `composed`, in the form of the original that it stands for.

    Where the original has characters in both forms, each of them has its own.
    """
    if unicodedata.is_normalized("NFC", original):
        return made
    parts, at = [], 0
    for cluster in _clusters(original):
        end = at + len(_composed(cluster))
        part = made[at:end]
        is_composed = end - at == len(cluster)
        parts.append(part if is_composed else unicodedata.normalize("NFD", part))
        at = end
    return "".join(parts)


def _alphabet(text: str, place: int) -> str:
    char = text[place]
    marks = "".join(takewhile(_is_mark, text[place + 1 :]))
    if char.isdecimal() and not text[place - 1 : place].isdecimal():
        return _first_digits(char, "0")
    found = alphabet_of(char, before=marks)
    return char if len(found) == 1 else found


def _first_digits(char: str, kept: str) -> str:
    """What may stand for the first digit of a number: itself if it is one of those to be kept."""
    digits = alphabet_of(char)
    kept_digits = [digits[int(one)] for one in kept]
    return char if char in kept_digits else "".join(d for d in digits if d not in kept_digits)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


def _composed(cluster: str) -> str:
    found = unicodedata.normalize("NFC", cluster)
    return found if len(found) <= len(cluster) else cluster


def _clusters(text: str) -> list[str]:
    """The characters of a text, each with what it may be composed with."""
    found: list[str] = []
    for char in text:
        goes_on = _is_mark(char) or "\u1160" <= char <= "\u11ff"
        if goes_on and found:
            found[-1] += char
        else:
            found.append(char)
    return found
