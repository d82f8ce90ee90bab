"""Finding by words: how a customer is turned into words, and what was typed into a search.

The database does both, in the functions of migration 0004, so that the two always agree: lower
case, Latin letters without their accents, and anything between letters and digits is a space. An
index holds the words of every customer; the last letters of a word need not be typed. None of it
needs an extension of PostgreSQL.
"""

from typing import Any

from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db.models import BooleanField, Func, TextField, Value
from django.db.models.functions import Coalesce

# Whatever a person may have been given of a customer.
_SEARCHED = (
    *("name", "legal_name", "email", "city", "external_id", "reference", "processor_reference"),
    *("ein", "legal_number", "postal_code", "phone"),
)
_HEADING = ("name", "legal_name", "email", "external_id")


class Plain(Func):
    """A text for comparing: lower case, no accents, a space for whatever stands between words."""

    function = "customers_plain"
    output_field = TextField()


class Words(Func):
    """The words of several texts. The last is a telephone number, also known without its spaces."""

    template = "customers_words(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()

    @classmethod
    def of_customer(cls) -> "Words":
        """All words by which a customer is found."""
        return cls(*_texts(*_SEARCHED), Digits(*_texts("phone")))


class Digits(Func):
    """Only the digits of a text."""

    template = "regexp_replace(%(expressions)s, '[^0-9]+', '', 'g')"
    output_field = TextField()


class WordsQuery(Func):
    """What was typed, as a question for `Words`: every word must begin one of the customer's."""

    function = "customers_words_query"
    output_field = SearchQueryField()


class Matches(Func):
    """Whether words answer a question."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


def has_words(typed: str) -> Matches:
    """The condition that a customer is found by what was typed."""
    return Matches(Words.of_customer(), WordsQuery(Value(typed)))


def heading() -> Plain:
    """What lists show first of a customer, for sorting by it."""
    return Plain(Coalesce(*_HEADING, Value("")))


def _texts(*names: str) -> list[Any]:
    return [Coalesce(name, Value("")) for name in names]
