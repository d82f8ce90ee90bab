"""Searching for any part of any text of a customer, of its users or of its payment methods.

The column `search_text` has every text of a row, each on a line of its own, normalized by the
functions of `migrations/sql/search.sql`: lower case, no accents, one space for whatever is neither
letter nor digit. One index per table has its trigrams. The text that is sought is a parameter that
the database normalizes by the same functions, so that the two always agree.
"""

from collections.abc import Callable

from django.contrib.postgres.indexes import GinIndex
from django.db.models import BooleanField, Func, JSONField, TextField, Transform, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Replace

_HEADING = ("name", "legal_name", "email", "external_id")


class Plain(Transform):
    """A text normalized for comparison: lower case, no accents, a space between words."""

    lookup_name = "plain"
    function = "customers_plain"
    output_field = TextField()


# Django's own expressions only: migrations name them, so this module may move.


def heading(of: Callable[[str], Combinable | str] = str) -> Func:
    """What lists show first of a customer, for sorting by it.

    `of` gives the expression of a field instead of its column: a value to compare with.
    """
    first = Coalesce(*map(of, _HEADING), Value(""))
    return Func(first, function=Plain.function, output_field=TextField())


def digits_of(name: str) -> Func:
    """A field's digits alone."""
    return Func(
        name,
        Value("[^0-9]+"),
        Value(""),
        Value("g"),
        function="regexp_replace",
        output_field=TextField(),
    )


def values_of(name: str) -> Func:
    """The values of an object in JSON, each on a line of its own."""
    values = Func(name, Value("$.*"), function="jsonb_path_query_array", output_field=JSONField())
    return Replace(Cast(values, TextField()), Value('", "'), Value("\n"))


def search_index(name: str) -> GinIndex:
    """The index of a table's `search_text`, of one tenant.

    The text comes first: PostgreSQL looks for the next row by each column in turn, and few rows
    have the text. A search reads all rows that wait to be merged into the index, so they are few.
    """
    return GinIndex(
        fields=["search_text", "organization", "mode"],
        opclasses=["gin_trgm_ops", "uuid_ops", "varchar_ops"],
        gin_pending_list_limit=256,
        name=name,
    )


def lines_contain(part: str) -> Func:
    """The condition that a line of `search_text` contains a part: what the index answers.

    It is true of every row if the part has no letter and no digit.
    """
    return Func(
        "search_text",
        Value(part),
        function="customers_lines_contain",
        output_field=BooleanField(),
    )


def field_is_one_of(name: str, texts: list[str]) -> Func:
    """The condition that a field is one of some texts: SQL that does not depend on how many."""
    return Func(
        name,
        Value(texts),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


def field_contains(name: str, part: str) -> Func:
    """The condition that a field contains a part, but for case and normalization form."""
    return Func(
        name,
        Value(part),
        function="customers_field_contains",
        output_field=BooleanField(),
    )
