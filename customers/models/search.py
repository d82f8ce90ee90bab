"""Searching for any part of any text of a customer, of its users or of its payment methods.

The column `search_text` has every text of a row, each on a line of its own, normalized by the
functions of `migrations/sql/search.sql`: lower case, no accents, one space for whatever is neither
letter nor digit. One index per table has its trigrams. The text that is sought is a parameter that
the database normalizes by the same functions, so that the two always agree.
"""

from __future__ import annotations

from collections import Counter
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING
from unicodedata import normalize

from django.contrib.postgres.indexes import GinIndex
from django.db.models import BooleanField, Exists, Func, OuterRef, Q, TextField, Transform, Value
from django.db.models.functions import Coalesce

from customers.values.phone_numbers import national_digits

if TYPE_CHECKING:
    from customers.models.customer import Customer
    from customers.models.querysets import CustomerQuerySet

_HEADING = ("name", "legal_name", "email", "external_id")


class Plain(Transform):
    """A text normalized for comparison: lower case, no accents, a space between words."""

    lookup_name = "plain"
    function = "customers_plain"
    output_field = TextField()


# Django's own expressions only: migrations name them, so this module may move.


def heading() -> Func:
    """What lists show first of a customer, for sorting by it."""
    first = Coalesce(*_HEADING, Value(""))
    return Func(first, function=Plain.function, output_field=TextField())


def search_index(name: str) -> GinIndex:
    """The index of a table's `search_text`."""
    return GinIndex(
        fields=["organization", "mode", "search_text"],
        opclasses=["uuid_ops", "varchar_ops", "gin_trgm_ops"],
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


def field_contains(name: str, part: str) -> Func:
    """The condition that a field contains a part, but for case and normalization form."""
    return Func(
        name,
        Value(part),
        function="customers_field_contains",
        output_field=BooleanField(),
    )


# --- What a person typed -------------------------------------------------------------------------

_NEWEST = 5_000
_PAGE = 100
_FEW = 2_000


def matching(rows: CustomerQuerySet, typed: str) -> CustomerQuerySet:
    """Those of `rows` that match each word that was typed, in any order.

    The words are parts of the customer's own texts, or all of one user's, or all of one payment
    method's. A telephone number also matches with another country code or none.

    Where matches are frequent, a page of them is found soon by reading the rows in the order of the
    list; where they are rare, the index finds all. The planner cannot know which: it takes words
    for independent of each other. So this looks first, and filters by the ids if they are few.
    """
    words = [word for word in typed.split() if any(map(str.isalnum, normalize("NFKD", word)))]
    if not words:
        return rows.none()
    own = Q(*map(lines_contain, words))
    if digits := national_digits(typed):
        own |= Q(lines_contain(digits))
    ways = [own, *(_of_one(rows.model, name, words) for name in ("users", "payment_methods"))]
    newest = rows.order_by("-pk").values("pk")[:_NEWEST]
    frequent = rows.model._default_manager.filter(reduce(or_, ways), pk__in=newest)
    if len(frequent.values_list("pk")[:_PAGE]) == _PAGE:
        return rows.filter(reduce(or_, ways))
    # No index has this order, so the planner does not hope to find the first ones soon.
    probes = [
        rows.filter(way).order_by("updated_at").values_list("pk", Value(number))[: _FEW + 1]
        for number, way in enumerate(ways)
    ]
    found = list(probes[0].union(*probes[1:], all=True))
    counts = Counter(number for _pk, number in found)
    few = Q(pk__in={pk for pk, number in found if counts[number] <= _FEW})
    return rows.filter(reduce(or_, (ways[n] for n in counts if counts[n] > _FEW), few))


def _of_one(model: type[Customer], name: str, words: list[str]) -> Q:
    """The condition that one of a customer's users or payment methods has all the words."""
    related = model._meta.get_field(name).related_model._default_manager
    same = {column: OuterRef(column) for column in ("organization", "mode")}
    return Q(Exists(related.filter(*map(lines_contain, words), customer=OuterRef("pk"), **same)))
