"""What `expand` adds to customers: their users and their payment methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.api.registry.serializers import PaymentMethodSerializer, UserSerializer
from customers.models.compiled import fetch_rows
from customers.models.credential import Tenant
from customers.models.search import field_is_one_of
from customers.rest.fields import Body
from customers.rest.problems import InvalidQuery
from customers.rest.reading import Source, Wire, wire_of
from customers.rest.sources import payment_methods, payment_methods_at, users, users_at

MOST = 100


class Expansion(NamedTuple):
    """A member of customers that holds rows of theirs, now or as they stood."""

    source: Source
    source_at: Source
    wire: Wire


EXPANSIONS = {
    "users": Expansion(users, users_at, wire_of(UserSerializer)),
    "payment_methods": Expansion(
        payment_methods, payment_methods_at, wire_of(PaymentMethodSerializer)
    ),
}


@extend_schema_field({"type": "string", "examples": ["users,payment_methods"]})
class ExpandField(serializers.CharField):
    """Names of expansions, with commas between."""

    default_error_messages = {"unknown": "Must be users, payment_methods, or both with a comma."}

    def __init__(self) -> None:
        super().__init__(
            default="",
            allow_blank=True,
            trim_whitespace=False,
            help_text="`users`, `payment_methods`, or both with a comma: the first 100 of each "
            "customer are shown in it",
        )

    def run_validation(self, data: Any = serializers.empty) -> Any:
        text = "" if data is serializers.empty else str(data)
        names = text.split(",") if text else []
        if not EXPANSIONS.keys() >= set(names):
            self.fail("unknown")
        return tuple(name for name in EXPANSIONS if name in names)


class ExpandQuery(Body):
    """The query parameter of one customer."""

    expand = ExpandField()


def read_expand(query: Mapping[str, Any]) -> tuple[str, ...]:
    """The expansions that a query asks for. Raises InvalidQuery."""
    try:
        names: tuple[str, ...] = ExpandQuery.read(query)["expand"]
    except serializers.ValidationError as error:
        raise InvalidQuery(error.detail) from None
    return names


def expand(
    customers: Sequence[tuple[UUID, dict[str, Any]]],
    names: Iterable[str],
    tenant: Tenant,
    origin: str,
    as_of: datetime | None = None,
) -> None:
    """Add the expansions to the members of customers, each with one query for all of them."""
    ids = [id for id, _members in customers]
    for name in names:
        wire = EXPANSIONS[name].wire
        found: dict[UUID, list[Any]] = {id: [] for id in ids}
        owner = wire.columns.index("customer_id")
        values = {**tenant.columns, "ids": ids, **({"as_of": as_of} if as_of else {})}
        for row in fetch_rows(_first_of_each, name, values) if ids else ():
            found[row[owner]].append(wire.members(row, origin))
        for id, members in customers:
            members[name] = {"data": found[id][:MOST], "has_more": len(found[id]) > MOST}


def _first_of_each(name: str, values: Mapping[str, Any]) -> QuerySet[Any, Any]:
    """The first rows of each customer, and one more where there are more."""
    source, source_at, wire = EXPANSIONS[name]
    tenant, ids = Tenant(values["organization_id"], values["mode"]), values["ids"]
    if "as_of" in values:
        rows = source_at(tenant, values["as_of"], ids)
    else:
        rows = source(tenant).filter(field_is_one_of("customer_id", ids))
    numbered = rows.annotate(
        number=Window(RowNumber(), partition_by=[F("customer_id")], order_by="id")
    )
    first: QuerySet[Any, Any] = numbered.filter(number__lte=MOST + 1).order_by("id")
    return first.values_list(*wire.columns)
