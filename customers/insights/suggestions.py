"""What a search finds, each with the texts that match: a list that shows while someone types."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import OperationalError, connection
from django.utils.translation import gettext as _

from customers.models import Customer, CustomerUser, PaymentMethod
from customers.models.base import label
from customers.models.database_settings import changed_settings
from customers.models.matching import words_of
from customers.models.querysets import CustomerQuerySet, read_id
from customers.models.search import lines_contain
from customers.values.phone_numbers import national_digits

SHOWN = 8
#: A list that comes later than the next letter is of no use.
_SETTINGS = {"statement_timeout": "300"}

_TEXTS = [
    field.name
    for field in Customer._meta.concrete_fields
    if field.name in Customer.WRITABLE - {"country", "metadata"}
]

# Which of some texts contain which of some words, as the search finds them.
_CONTAINED = """
WITH lines (number, text) AS MATERIALIZED (
    SELECT number, customers_lines(text)
    FROM unnest(%s::text[]) WITH ORDINALITY AS given (text, number)
)
SELECT number - 1, word
FROM lines, unnest(%s::text[]) AS word WHERE customers_lines_contain(text, word)
"""


@dataclass(frozen=True, slots=True)
class Reason:
    """A text of a customer that matches: what it is, and the text."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A customer, and why a search finds it. A name that is shown anyway is no reason."""

    customer: Customer
    reasons: Sequence[Reason]


def suggestions(rows: CustomerQuerySet, typed: str) -> list[Suggestion] | None:
    """The newest of `rows` that match what was typed; None if that takes too long to find."""
    try:
        with changed_settings(rows.db, _SETTINGS):
            found = list(rows.matching(typed).order_by("-pk")[:SHOWN])
            reasons = _reasons(found, typed) if found else {}
    except OperationalError:
        return None
    return [Suggestion(customer, reasons.get(customer.pk, [])) for customer in found]


def _reasons(found: Sequence[Customer], typed: str) -> Mapping[UUID, Sequence[Reason]]:
    """Why each customer matches, by its id."""
    if read_id(typed.strip()) == found[0].pk:
        return {found[0].pk: [Reason(_("id"), typed.strip())]}
    words = set(words_of(typed))
    reasons = _own_reasons(found, words, national_digits(typed))
    unexplained = [customer for customer in found if customer.pk not in reasons]
    return {**reasons, **_related_reasons(unexplained, words)} if unexplained else reasons


def _own_reasons(
    found: Sequence[Customer], words: set[str], digits: str | None
) -> dict[UUID, list[Reason]]:
    """Of each customer whose own texts have all the words, as few texts as that takes."""
    texts = [(customer.pk, *text) for customer in found for text in _texts(customer)]
    sought = {*words, digits} if digits else words
    contained = _contained([text for _pk, _reason, text in texts], list(sought))
    reasons = {}
    for customer in found:
        own = [
            (reason, contained[number])
            for number, (pk, reason, _text) in enumerate(texts)
            if pk == customer.pk
        ]
        chosen = _cover(words, own)
        if chosen is None and digits:  # a telephone number is found by its digits alone
            chosen = _cover({digits}, own)
        if chosen is not None:
            reasons[customer.pk] = [one for one in chosen if one.text != str(customer)]
    return reasons


def _texts(customer: Customer) -> Iterator[tuple[Reason, str]]:
    """The texts of a customer, each as a reason and as it is searched."""
    for name in _TEXTS:
        if text := getattr(customer, name):
            searched = f"{text}\n{re.sub('[^0-9]', '', text)}" if name == "phone" else text
            yield Reason(label(Customer, name), text), searched
    for key, value in customer.metadata.items():
        yield Reason(key, str(value)), str(value)


def _contained(texts: list[str], words: list[str]) -> dict[int, set[str]]:
    """Which of the words each text contains, by the text's number."""
    contained: dict[int, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_CONTAINED, [texts, words])
        for number, word in cursor:
            contained[number].add(word)
    return contained


def _cover(words: set[str], texts: Sequence[tuple[Reason, set[str]]]) -> list[Reason] | None:
    """A few of the texts that have all the words between them; None if they lack one."""
    missing, chosen = set(words), []
    while missing:
        reason, has = max(texts, key=lambda text: len(text[1] & missing))
        if not has & missing:
            return None
        chosen.append(reason)
        missing -= has
    return chosen


def _related_reasons(found: Sequence[Customer], words: set[str]) -> dict[UUID, list[Reason]]:
    """The first payment method or user of each customer that has all the words."""
    reasons: dict[UUID, list[Reason]] = {}
    for model in (CustomerUser, PaymentMethod):
        mine = model._default_manager.filter(customer__in=found, **found[0].tenant.columns)
        having = mine.filter(*map(lines_contain, words)).order_by("customer_id", "pk")
        for row in having.distinct("customer_id"):
            reasons[row.customer_id] = [_reason(row)]
    return reasons


def _reason(row: CustomerUser | PaymentMethod) -> Reason:
    if isinstance(row, PaymentMethod):
        return Reason(row.get_type_display(), str(row))
    texts = [str(row), row.email] if row.email != str(row) else [row.email]
    return Reason(_("User"), " ".join(filter(None, texts)))
