"""Customers that may be the same one: what makes two of them alike, which are, and why.

Two live customers of one tenant are possible duplicates where a criterion gives both the same key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower, Replace
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, NotDuplicate
from customers.models.credential import Tenant
from customers.models.search import Plain, heading, lines_contain

#: Gives the expression of a field, by its name: the column, or the value of one customer.
Columns = Callable[[str], Combinable]

_LOOKED_AT = 25
_ALIKE_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Criterion:
    """One way in which customers are alike."""

    label: Promise
    """What they have in common."""

    key: Callable[[Columns], Combinable]
    """An expression with the same value for those alike; NULL or empty for none to be alike."""

    narrow: Callable[[Customer], Iterator[Q]]
    """Conditions that an index answers; those alike meet one of them. None if it has no key."""


def _email(customer: Customer) -> Iterator[Q]:
    if customer.email:
        yield Q()  # the key is indexed


def _ein(customer: Customer) -> Iterator[Q]:
    if customer.ein:
        digits = customer.ein.replace("-", "")
        for spelling in (digits, f"{digits[:2]}-{digits[2:]}"):
            yield Q(lines_contain(spelling))


def _legal_number(customer: Customer) -> Iterator[Q]:
    if customer.legal_number:
        yield Q(lines_contain(customer.legal_number))


def _name_and_postal_code(customer: Customer) -> Iterator[Q]:
    if customer.name and customer.postal_code:
        yield Q(lines_contain(customer.name), lines_contain(customer.postal_code))


def _name(customer: Customer) -> Iterator[Q]:
    if customer.name:
        yield Q()  # the key is indexed


CRITERIA = {
    "email": Criterion(_("email"), lambda of: Lower(of("email")), _email),
    "ein": Criterion(_("EIN"), lambda of: Replace(of("ein"), Value("-"), Value("")), _ein),
    "legal_number": Criterion(_("legal number"), lambda of: of("legal_number"), _legal_number),
    "name_and_postal_code": Criterion(
        _("name and postal code"),
        lambda of: Func(
            Plain(of("name")),
            Plain(of("postal_code")),
            template="(%(expressions)s)",
            arg_joiner=" || '|' || ",
            output_field=TextField(),
        ),
        _name_and_postal_code,
    ),
}
#: What is also worth a look before a customer is created.
BEFORE_CREATING = {**CRITERIA, "name": Criterion(_("name"), heading, _name)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer that may be the same as another one."""

    customer: Customer
    reasons: list[str]
    """What the two have in common."""


def possible_duplicates(
    customer: Customer,
    limit: int,
    *,
    criteria: Mapping[str, Criterion] = CRITERIA,
    older_than: UUID | None = None,
) -> list[Candidate]:
    """The live customers that may be the same one, the newest first; at most `limit`.

    The customer may be one that is not stored yet. Those that someone said are not the same are
    left out.
    """
    others = Customer.objects.visible_to(customer.tenant).live().order_by()
    if customer.pk is not None:
        apart = NotDuplicate.objects.visible_to(customer.tenant).filter(customer=customer.pk)
        others = others.exclude(pk=customer.pk).exclude(pk__in=apart.values("other"))
    if older_than is not None:
        others = others.filter(pk__lt=older_than)
    criteria = {name: one for name, one in criteria.items() if list(one.narrow(customer))}
    own = _values_of(customer)
    # Each by itself: for conditions joined by OR the planner would read every customer.
    alike = [
        others.alias(key=criterion.key(F)).filter(condition, key=criterion.key(own)).values("pk")
        for criterion in criteria.values()
        for condition in criterion.narrow(customer)
    ]
    if not alike:
        return []
    firsts = [rows[:limit] for rows in alike]
    found = Customer.objects.filter(pk__in=firsts[0].union(*firsts[1:])).order_by("-pk")
    return _candidates(found[:limit], customer, criteria)


def reasons(customer: Customer, other: Customer) -> list[str]:
    """What two customers have in common."""
    (candidate,) = _candidates(Customer.objects.filter(pk=other.pk), customer, CRITERIA)
    return candidate.reasons


def _candidates(
    found: QuerySet[Customer], customer: Customer, criteria: Mapping[str, Criterion]
) -> list[Candidate]:
    own = _values_of(customer)
    keys = {f"{name}_key": criterion.key(F) for name, criterion in criteria.items()}
    own_keys = {f"own_{name}_key": criterion.key(own) for name, criterion in criteria.items()}
    return [
        Candidate(other, [str(criteria[name].label) for name in _criteria_met(other, criteria)])
        for other in found.annotate(**keys, **own_keys)
    ]


def _criteria_met(other: Customer, criteria: Mapping[str, Criterion]) -> Iterator[str]:
    for name in criteria:
        key = getattr(other, f"{name}_key")
        if key and key == getattr(other, f"own_{name}_key"):
            yield name


def _values_of(customer: Customer) -> Columns:
    def value(name: str) -> Value:
        field: Any = Customer._meta.get_field(name)
        return Value(getattr(customer, name), output_field=field)

    return value


@dataclass(frozen=True, slots=True)
class Pair:
    """Two customers that may be the same one."""

    newer: Customer
    older: Customer


def next_pair(tenant: Tenant, newer: UUID | None = None, older: UUID | None = None) -> Pair | None:
    """The pair that follows that of `newer` and `older`, or the first one; None if none is left.

    They come from those that the last count marked, the newest customer first. Each pair comes
    once: as the newer customer with the older one.
    """
    marked = Customer.objects.visible_to(tenant).live().order_by("-pk")
    marked = marked.filter(possible_duplicate__isnull=False)
    if newer is not None:
        marked = marked.filter(pk__lte=newer)
    for customer in marked[:_LOOKED_AT]:
        before = older if customer.pk == newer and older is not None else customer.pk
        if found := possible_duplicates(customer, _ALIKE_AT_ONCE, older_than=before):
            return Pair(customer, found[0].customer)
    return None


# Every customer is compared with every other, so once for all of a tenant.
_COUNT = """
WITH live AS MATERIALIZED ({live}),
apart AS MATERIALIZED (
    SELECT customer_id AS id, other_id FROM customers_notduplicate
    WHERE organization_id = %s AND mode = %s
),
found AS MATERIALIZED ({alike}),
gone AS (
    DELETE FROM customers_possibleduplicate AS known USING customers_customer AS customer
    WHERE customer.id = known.customer_id AND customer.organization_id = %s
        AND customer.mode = %s AND known.customer_id NOT IN (SELECT id FROM found)
),
new AS (
    INSERT INTO customers_possibleduplicate (customer_id)
    SELECT id FROM found ON CONFLICT DO NOTHING
)
SELECT count(*) FROM found
"""
# Without those whose likes are all said to be others.
_ALIKE = """
SELECT live.id FROM live JOIN (
    SELECT {key}, count(*) AS number FROM live WHERE {key} <> '' GROUP BY {key} HAVING count(*) > 1
) AS shared USING ({key}) LEFT JOIN (
    SELECT apart.id, count(*) AS number FROM apart
    JOIN live AS one ON one.id = apart.id JOIN live AS other ON other.id = apart.other_id
    WHERE one.{key} = other.{key} GROUP BY apart.id
) AS known ON known.id = live.id
WHERE shared.number - 1 > coalesce(known.number, 0)
"""


def count_duplicates(tenant: Tenant) -> int:
    """The number of the tenant's possible duplicates; marks them as `models.PossibleDuplicate`."""
    keys = {f"{name}_key": criterion.key(F) for name, criterion in CRITERIA.items()}
    live = Customer.objects.visible_to(tenant).live().order_by().values("id", **keys)
    sql, parameters = live.query.sql_with_params()
    alike = " UNION ".join(_ALIKE.format(key=key) for key in keys)
    whose = (tenant.organization_id, tenant.mode)
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT.format(live=sql, alike=alike),
            [*parameters, *whose, *whose],
        )
        return int(cursor.fetchone()[0])
