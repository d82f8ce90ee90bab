"""Full-text search: the words of a customer, and the query for what a person typed.

The database makes both, in the functions of `migrations/sql/search.sql`, so that the two always
agree: lower case, Latin letters without their accents, and a space for anything between letters and
digits. An index holds the words of every customer; a query matches the beginnings of words.
"""

from typing import Any

from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db.models import BooleanField, Func, TextField, Transform, Value
from django.db.models.functions import Coalesce

# What people know of a customer when they search.
_SEARCHED = (
    *("name", "legal_name", "email", "city", "external_id", "reference", "processor_reference"),
    *("ein", "legal_number", "postal_code", "phone"),
)
_HEADING = ("name", "legal_name", "email", "external_id")


class Plain(Transform):
    """A text normalised for comparison: lower case, no accents, a space between words."""

    lookup_name = "plain"
    function = "customers_plain"
    output_field = TextField()


# Django's own expressions only: migrations name them, so this module may move.


def heading() -> Func:
    """What lists show first of a customer, for sorting by it."""
    first = Coalesce(*_HEADING, Value(""))
    return Func(first, function=Plain.function, output_field=TextField())


def customer_words() -> Func:
    """All words by which a customer is found; a telephone number also as its digits alone."""
    digits = Func(
        *_texts("phone"),
        template="regexp_replace(%(expressions)s, '[^0-9]+', '', 'g')",
        output_field=TextField(),
    )
    return Func(
        *_texts(*_SEARCHED),
        digits,
        # In alphabetical order: migrations sort these, and Django compares them in their order.
        arg_joiner=" || ' ' || ",
        output_field=SearchVectorField(),
        template="customers_words(%(expressions)s)",
    )


def has_words(typed: str) -> Func:
    """The condition that every word that was typed begins a word of the customer."""
    query = Func(Value(typed), function="customers_words_query", output_field=SearchQueryField())
    return Func(
        customer_words(),
        query,
        template="%(expressions)s",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


def _texts(*names: str) -> list[Any]:
    return [Coalesce(name, Value("")) for name in names]
