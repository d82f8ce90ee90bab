"""The store's rules for single values, as Django validators: model fields carry them, so that the
domain verbs, every form and every contract's serializer apply the same ones.

An email address is judged by Django's own validator: see `customers.models.columns.email_address`.

No message repeats the value, which may be a card number.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator
from django.utils.translation import gettext_lazy as _
from stdnum.us import ein

from customers.values import countries
from customers.values.card_numbers import contains_card_number
from customers.values.text import has_unseen

LONGEST_TEXT = 2048  # characters, of any field
NOT_A_COUNTRY = _("This is not a country. Give a two-letter ISO 3166 code, for example DE.")
NOT_A_COUNTRY_NAME = _(
    "This is not a country. Give a two-letter code (DE), a three-letter code (DEU) or an English "
    "name (Germany)."
)
IS_CARD_NUMBER = _("This looks like a payment card number, which is never stored here.")
PARTED_CARD_NUMBER = _(
    "This and the texts before it look like a payment card number, which is never stored here."
)
_NOT_STORABLE = re.compile(r"[\0\ud800-\udfff]")
REASON_LENGTH = 255
METADATA_KEYS, METADATA_KEY_LENGTH, METADATA_VALUE_LENGTH = 50, 40, 500


def can_be_stored(text: str) -> bool:
    """Whether PostgreSQL can store `text`: it has no NUL and no lone surrogate."""
    return _NOT_STORABLE.search(text) is None


def validate_storable(text: str) -> None:
    """Refuse text that cannot be stored (code `characters`)."""
    if not can_be_stored(text):
        raise ValidationError(_("This has characters that cannot be stored."), code="characters")


def validate_no_card_number(text: str) -> None:
    """Refuse text with a payment card number in it (code `card_number`).

    Text longer than any field is left to the field's own limit, so that no one can make the server
    search a megabyte.
    """
    if len(text) <= LONGEST_TEXT and contains_card_number(text):
        raise ValidationError(IS_CARD_NUMBER, code="card_number")


#: Of the reason of a change, which the history keeps.
REASON_RULES: list[Callable[[str], None]] = [
    MaxLengthValidator(REASON_LENGTH),
    validate_storable,
    validate_no_card_number,
]


def validate_seen(identifier: str) -> None:
    """Refuse an identifier with an unseen character in it (code `unseen`); see `values.text`."""
    if has_unseen(identifier):
        raise ValidationError(
            _("This has a character that cannot be seen. Type it again, without copying it."),
            code="unseen",
        )


def validate_country(code: str) -> None:
    """Refuse anything but an ISO 3166-1 alpha-2 code (code `country`)."""
    if code not in countries.ALPHA2:
        raise ValidationError(NOT_A_COUNTRY, code="country")


_EIN = re.compile(r"\d{2}-?\d{7}", re.ASCII)


def validate_ein(number: str) -> None:
    """Refuse anything but a US employer identification number, with or without its dash."""
    if not (_EIN.fullmatch(number) and ein.is_valid(number)):
        raise ValidationError(
            _("This is not an employer identification number. Give nine digits, as 12-3456789."),
            code="ein",
        )


_http_url = URLValidator(schemes=["http", "https"])


def validate_web_url(url: str) -> None:
    """Refuse all but http and https URLs without credentials. Nothing is ever fetched from them."""
    try:
        _http_url(url)
        parts = urlsplit(url)
    except (ValidationError, ValueError):
        parts = None
    if parts is None or parts.username is not None or parts.password is not None:
        raise ValidationError(
            _("This is not a web address. Give an http or https URL without credentials."),
            code="url",
        )


def validate_metadata(value: object) -> None:
    """Refuse metadata that is not a small object of strings, or that has a card number in it.

    The limits are the tightest that a contract documents, so that each can show what is stored.
    """
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise ValidationError(_("Metadata is an object whose values are strings."), code="metadata")
    if (
        len(value) > METADATA_KEYS
        or any(len(key) > METADATA_KEY_LENGTH for key in value)
        or any(len(text) > METADATA_VALUE_LENGTH for text in value.values())
    ):
        raise ValidationError(
            _("Metadata has at most 50 keys of 40 characters, with values of 500."),
            code="metadata_limits",
        )
    for text in (*value.keys(), *value.values()):
        validate_storable(text)
        validate_no_card_number(text)
