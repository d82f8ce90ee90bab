"""Customers that may be the same one: what makes two of them alike, which are, and why.

Two live customers of one tenant are possible duplicates where a criterion gives both the same key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Func, Q, Subquery, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower, Replace
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from customers.models.credential import Tenant
from customers.models.search import Plain, lines_contain


@dataclass(frozen=True, slots=True)
class Criterion:
    """One way in which customers are alike."""

    label: Promise
    """What they have in common."""

    key: Combinable
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


CRITERIA = {
    "email": Criterion(_("email"), Lower("email"), _email),
    "ein": Criterion(_("EIN"), Replace("ein", Value("-"), Value("")), _ein),
    "legal_number": Criterion(_("legal number"), F("legal_number"), _legal_number),
    "name_and_postal_code": Criterion(
        _("name and postal code"),
        Func(
            Plain("name"),
            Plain("postal_code"),
            template="(%(expressions)s)",
            arg_joiner=" || '|' || ",
            output_field=TextField(),
        ),
        _name_and_postal_code,
    ),
}
_KEYS = {f"{name}_key": criterion.key for name, criterion in CRITERIA.items()}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer that may be the same as another one."""

    customer: Customer
    reasons: list[str]
    """What the two have in common."""


def possible_duplicates(customer: Customer, limit: int) -> list[Candidate]:
    """The live customers that may be the same one, the newest first; at most `limit`."""
    own = Customer.objects.filter(pk=customer.pk).order_by()
    own_keys = {
        f"own_{name}_key": Subquery(own.values(key=criterion.key))
        for name, criterion in CRITERIA.items()
    }
    others = Customer.objects.visible_to(customer.tenant).live().exclude(pk=customer.pk).order_by()
    # Each by itself: for conditions joined by OR the planner would read every customer.
    alike = [
        others.alias(key=criterion.key)
        .filter(condition, key=own_keys[f"own_{name}_key"])
        .values("pk")[:limit]
        for name, criterion in CRITERIA.items()
        for condition in criterion.narrow(customer)
    ]
    if not alike:
        return []
    found = Customer.objects.filter(pk__in=alike[0].union(*alike[1:])).annotate(**_KEYS, **own_keys)
    return [
        Candidate(other, [str(CRITERIA[name].label) for name in _criteria_met(other)])
        for other in found.order_by("-pk")[:limit]
    ]


def _criteria_met(other: Customer) -> Iterator[str]:
    for name in CRITERIA:
        key = getattr(other, f"{name}_key")
        if key and key == getattr(other, f"own_{name}_key"):
            yield name


# Every customer is compared with every other, so once for all of a tenant.
_COUNT = """
WITH live AS MATERIALIZED ({live}),
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
_ALIKE = """
SELECT id FROM live JOIN (
    SELECT {key} FROM live WHERE {key} <> '' GROUP BY {key} HAVING count(*) > 1
) AS shared USING ({key})
"""


def count_duplicates(tenant: Tenant) -> int:
    """The number of the tenant's possible duplicates; marks them as `models.PossibleDuplicate`."""
    live = Customer.objects.visible_to(tenant).live().order_by().values("id", **_KEYS)
    sql, parameters = live.query.sql_with_params()
    alike = " UNION ".join(_ALIKE.format(key=key) for key in _KEYS)
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT.format(live=sql, alike=alike),
            [*parameters, tenant.organization_id, tenant.mode],
        )
        return int(cursor.fetchone()[0])
