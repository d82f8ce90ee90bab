"""Finding customers by what a person typed into a search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any
from unicodedata import normalize
from uuid import UUID

from django.db import OperationalError, connections
from django.db.models import (
    BooleanField,
    Exists,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.lookups import IsNull

from customers.models.database_settings import changed_settings
from customers.models.search import lines_contain
from customers.values.phone_numbers import national_digits

if TYPE_CHECKING:
    from customers.models.customer import Customer
    from customers.models.querysets import CustomerQuerySet

_NEWEST = 2_000
_PAGE = 50
_FEW = 4_000

# MATERIALIZED, so that the planner does not hope to find the first ones by reading all.
_FIND_FEW = """
WITH own (id) AS MATERIALIZED ({own})
(SELECT id, 0 FROM own LIMIT {limit}) UNION ALL ({users}) UNION ALL ({payment_methods})
"""


def words_of(typed: str) -> list[str]:
    """The words of what was typed that have a letter or a digit."""
    return [word for word in typed.split() if any(map(str.isalnum, normalize("NFKD", word)))]


def matching(rows: CustomerQuerySet, typed: str) -> CustomerQuerySet:
    """Those of `rows` that match each word that was typed, in any order.

    The words are parts of the customer's own texts, or all of one user's, or all of one payment
    method's. A telephone number also matches with another country code or none.

    Where matches are frequent, a page of them is found soon by reading the rows in the order of the
    list; where they are rare, the index finds all. The planner does not know which (it takes words
    for independent of each other), so this looks first, and filters by the ids of the few. A single
    letter of ASCII, which has no index, is sought in the customer's own texts alone.
    """
    words = words_of(typed)
    if not words or rows.query.is_empty():
        return rows.none()
    own = Q(*map(lines_contain, words))
    if digits := national_digits(typed):
        own |= Q(lines_contain(digits))
    if all(word.isascii() and len(word) == 1 for word in words):
        return rows.filter(own)
    related = {name: _related(rows.model, name, words) for name in ("users", "payment_methods")}
    # Not EXISTS: for that the planner would find all users that match, before the first customer.
    firsts = [Subquery(one.values("pk")[:1]) for one in related.values()]
    ways = [own, *(Q(IsNull(first, rhs=False)) for first in firsts)]
    newest = rows.order_by("-pk").values("pk")[:_NEWEST]
    own_of_newest = rows.model._default_manager.filter(own, pk__in=newest).values_list("pk")
    if len(own_of_newest[:_PAGE]) == _PAGE:
        return rows.filter(reduce(or_, ways))
    found = _find_few(rows, own, related)
    counts = Counter(number for _pk, number in found)
    few = Q(pk__in={pk for pk, number in found if counts[number] <= _FEW})
    return rows.filter(reduce(or_, (ways[n] for n in counts if counts[n] > _FEW), few))


def _related(model: type[Customer], name: str, words: list[str]) -> QuerySet[Any]:
    """A customer's users or payment methods that have all the words."""
    related: Any = model._meta.get_field(name).related_model
    same = {column: OuterRef(column) for column in ("organization", "mode")}
    found: QuerySet[Any] = related._default_manager.filter(*map(lines_contain, words), **same)
    return found.filter(customer=OuterRef("pk"))


def _find_few(
    rows: CustomerQuerySet, own: Q, related: Mapping[str, QuerySet[Any]]
) -> list[tuple[UUID, int]]:
    """The ids of those that match, each with the number of the way; of a way `_FEW` + 1 at most."""
    unordered = rows.order_by()
    queries = {"own": unordered.filter(own).values("pk")}
    for number, (name, one) in enumerate(related.items(), 1):
        found = unordered.filter(Exists(one)).values_list("pk", Value(number))
        queries[name] = found[: _FEW + 1]
    compiled = {name: query.query.sql_with_params() for name, query in queries.items()}
    sql = _FIND_FEW.format(limit=_FEW + 1, **{name: sql for name, (sql, _) in compiled.items()})
    with connections[rows.db].cursor() as cursor:
        cursor.execute(sql, [value for _, values in compiled.values() for value in values])
        return list(cursor)


# --- What is spelled nearly so --------------------------------------------------------------------

_SETTINGS = {"statement_timeout": "300", "pg_trgm.word_similarity_threshold": "0.5"}


def resembling(rows: CustomerQuerySet, typed: str, limit: int) -> list[Customer]:
    """Those of `rows` with a text spelled most like what was typed; none if that takes too long."""
    sought = Func(Value(typed), function="customers_sought")
    alike = Func(
        "search_text",
        sought,
        template="%(expressions)s",
        arg_joiner=" %%> ",
        output_field=BooleanField(),
    )
    likeness = Func(sought, "search_text", function="word_similarity", output_field=FloatField())
    try:
        with changed_settings(rows.db, _SETTINGS):
            return list(rows.filter(alike).order_by(likeness.desc(), "-pk")[:limit])
    except OperationalError:
        return []
