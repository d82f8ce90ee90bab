"""The past: customers, their users and their payment methods as they stood at a time.

Triggers write every version of a row into its history. As of a time T, a row is what its last event
of T or earlier says, and is not there if that event is its removal.

- The time of an event is the clock of the database at the change itself: not when its transaction
  began, nor when that was committed.
- The last event is that with the greatest `pgh_id`. Who changes a row holds its lock, so the events
  of one row have their ids in the order of the changes: also where several have the same time, and
  where the clock was set back between them.
- The changes of one transaction have times of their own, so T may lie between them.
- What a transaction changes is seen once it is committed. So the past of the last moments is final
  when the transactions that were open at T have ended; how long one may be open is limited.

The record of a customer begins with its first event. That is later than `created_at` if the
customer came with an older one, from a file or a fixture. Earlier times raise `BeforeTheRecord`.

Nothing deletes the history: no command sweeps it, and its tables refuse changes and deletions. So
users and payment methods that were removed are shown at the times at which they were there. The
store never deletes a customer. If someone does so by SQL, because all that is known of a person has
to go, the customer is in no past from then on; the rows of the history remain until they are
deleted too, which only the owner of the tables can do.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    F,
    FilteredRelation,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.sql.datastructures import Join

from customers.insights.timeline import events_of
from customers.models import Customer, CustomerUser, PaymentMethod
from customers.models.base import Versioned
from customers.models.credential import Tenant
from customers.models.errors import BeforeTheRecord
from customers.models.search import field_is_one_of
from customers.values.uuid7 import last_uuid7

#: A customer's `created_at` is at most so much later than its first event: clocks may differ.
CLOCKS_DIFFER_BY = timedelta(days=1)

#: What the columns of customers as they stood are called in `customers_at`, before their names.
WAS = "was_"
_EVENTS = {model: events_of(model).model for model in (Customer, CustomerUser, PaymentMethod)}
_COLUMNS = [
    field.attname
    for field in _EVENTS[Customer]._meta.concrete_fields
    if field.attname not in ("id", "pgh_id", "pgh_obj_id")
]
_THERE = ("insert", "update")


def customers_at(tenant: Tenant, at: datetime, newest: UUID) -> QuerySet[Any]:
    """The tenant's customers that were there at a time, archived or not.

    Each has the columns that it had then, under names that begin with `WAS`. `newest` is the
    greatest id that one may have had: `newest_at(at)`.
    """
    past = FilteredRelation("events", condition=Q(events__pgh_created_at__lte=at))
    rows = Customer.objects.visible_to(tenant).filter(pk__lte=newest).alias(past=past)
    were: QuerySet[Any] = rows.annotate(**{f"{WAS}{name}": F(f"past__{name}") for name in _COLUMNS})
    were.query.alias_map["past"] = LastEvent.of(were.query.alias_map["past"])
    return were.filter(**{f"{WAS}pgh_label__in": _THERE})


class LastEvent(Join):
    """The join of rows with the last of those of their events that meet a condition.

    Django has no lateral joins. A subquery in the condition would do, but PostgreSQL expects a
    single row of that, and so reads the whole history for each page.
    """

    @classmethod
    def of(cls, join: Any) -> LastEvent:
        """Make a join with all such events one with the last of them."""
        return cls(
            *(join.table_name, join.parent_alias, join.table_alias, join.join_type),
            *(join.join_field, join.nullable, join.filtered_relation),
        )

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = super().as_sql(compiler, connection)
        source, _on, condition = sql.removeprefix(f"{self.join_type} ").partition(" ON ")
        alias = compiler.quote_name_unless_alias(self.table_alias)
        last = f"{source} WHERE {condition} ORDER BY {alias}.pgh_id DESC LIMIT 1"
        return f"CROSS JOIN LATERAL (SELECT {alias}.* FROM {last}) {alias}", params  # noqa: S608


def newest_at(at: datetime) -> UUID:
    """The greatest id that a customer who was there at a time can have."""
    return last_uuid7(at + CLOCKS_DIFFER_BY)


def users_at(tenant: Tenant, customer_ids: list[UUID], at: datetime) -> QuerySet[Any]:
    """The events of the users that some customers had at a time."""
    return _of_customers_at(CustomerUser, tenant, customer_ids, at)


def payment_methods_at(tenant: Tenant, customer_ids: list[UUID], at: datetime) -> QuerySet[Any]:
    """The events of the payment methods that some customers had, with `is_default` then."""
    customer = events_of(Customer).filter(pgh_obj=OuterRef("customer_id"), pgh_created_at__lte=at)
    default = customer.order_by("-pgh_id").values("default_payment_method_id")[:1]
    methods = _of_customers_at(PaymentMethod, tenant, customer_ids, at)
    found: QuerySet[Any] = methods.alias(default=Subquery(default)).annotate(
        is_default=Case(
            When(pgh_obj_id=F("default"), then=True), default=False, output_field=BooleanField()
        )
    )
    return found


def _of_customers_at(
    model: type[Versioned], tenant: Tenant, customer_ids: list[UUID], at: datetime
) -> QuerySet[Any]:
    events = events_of(model).filter(
        field_is_one_of("customer_id", customer_ids), **tenant.columns, pgh_created_at__lte=at
    )
    last = events.order_by("pgh_obj", "-pgh_id").distinct("pgh_obj").values("pgh_id")
    return events_of(model).filter(pgh_id__in=last, pgh_label__in=_THERE)


def event_at(row: Versioned, at: datetime) -> Any:
    """The last event of a row at a time. None if it has none, or was removed."""
    events = events_of(type(row)).filter(pgh_obj=row.pk, pgh_created_at__lte=at)
    event = events.order_by("-pgh_id").first()
    return event if event is not None and event.pgh_label in _THERE else None


def row_of(event: Any) -> Any:
    """The row as an event has it: an instance of its model, to be shown but not saved."""
    model: type[Model] = event.pgh_tracked_model
    names = [
        field.attname for field in model._meta.concrete_fields if hasattr(event, field.attname)
    ]
    return model(**{name: getattr(event, name) for name in names})


def check_recorded(tenant: Tenant, at: datetime, customer_id: UUID | None = None) -> None:
    """Raise BeforeTheRecord if the record of a tenant, or of a customer, begins after a time."""
    events = events_of(Customer).filter(**tenant.columns)
    if customer_id is not None:
        events = events.filter(pgh_obj=customer_id)
    begins = events.aggregate(at=Min("pgh_created_at"))["at"]
    if begins is not None and at < begins:
        raise BeforeTheRecord(begins)
