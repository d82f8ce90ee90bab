"""A customer as it stood at a time beside what it is today, and bringing parts of it back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from customers.backoffice.forms import FIELDSETS
from customers.insights.past import payment_methods_at, row_of, users_at
from customers.insights.timeline import events_of, payment_method_names
from customers.models import Customer, CustomerUser, PaymentMethod
from customers.models.base import CustomerRelated, label

_FIELDS = [
    name for _legend, names in FIELDSETS for name in names if name not in ("metadata", "reason")
]
_DEFAULT, _ARCHIVED = "default_payment_method", "archived_at"
_SET_BY_STORE = {"id", "version", "created_at", "updated_at", "organization_id", "mode"}


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a customer, or a row that belongs to it, then and today."""

    name: str
    """What the form sends. Of a row it has the version today, 0 if the row is not there."""
    label: str
    then: str
    today: str
    differs: bool
    restoring: str = ""
    """What restoring does, where it is more than to write a value."""
    permission: str = "change_customer"
    """What restoring needs."""


@dataclass(frozen=True, slots=True)
class Related:
    """A row that belongs to a customer: its event then and itself today, or None."""

    model: type[CustomerUser | PaymentMethod]
    id: UUID
    event: Any
    row: Any

    @property
    def part(self) -> Part:
        then = None if self.event is None else row_of(self.event)
        version = 0 if self.row is None else self.row.version
        if then is None:
            verb, restoring = "delete", _("remove")
        elif self.row is None:
            verb, restoring = "add", _("add again")
        else:
            verb, restoring = "change", ""
        of_model = self.model._meta
        return Part(
            name=f"{of_model.model_name}:{self.id}:{version}",
            label=capfirst(str(of_model.verbose_name)),
            then=_described(then),
            today=_described(self.row),
            differs=then is None or version != then.version,
            restoring=restoring,
            permission=f"{verb}_{of_model.model_name}",
        )

    def prepare(self) -> None:
        """Bring the row back to what it was, but do not remove it yet.

        Raises:
            VersionMismatch, ObjectDoesNotExist: someone changed it since, or removed it.
        """
        if self.event is None:
            self.row.lock([self.row.version])
            return
        row: CustomerRelated
        if self.row is None:
            events = events_of(self.model).filter(pgh_obj=self.id)
            row = self.model.bring_back(events.latest("pgh_id"))
            row.lock()
        else:
            row = self.row
            row.lock([self.row.version])
        names = [column.attname for column in self.model._meta.concrete_fields]
        values = {
            name: getattr(self.event, name)
            for name in names
            if hasattr(self.event, name) and name not in {*_SET_BY_STORE, "customer_id"}
        }
        row.write(values)

    def finish(self) -> None:
        """Remove the row if it was not there."""
        if self.event is None:
            self.row.remove()


class Comparison:
    """A customer today, beside the event that it was at a time."""

    def __init__(self, customer: Customer, event: Any, at: datetime) -> None:
        self.customer = customer
        self.event = event
        ids = [customer.pk]
        self._related = [
            *_pairs(CustomerUser, users_at(customer.tenant, ids, at), customer.users),
            *_pairs(
                PaymentMethod,
                payment_methods_at(customer.tenant, ids, at),
                customer.payment_methods,
            ),
        ]
        self._methods = payment_method_names(ids)
        self.fields = [part for part in self._of_customer() if part.then or part.today]
        self.related = [related.part for related in self._related]

    @property
    def different(self) -> list[Part]:
        """The parts that are different today."""
        return [part for part in (*self.fields, *self.related) if part.differs]

    def restore(self, names: Collection[str], *, seen: int) -> None:
        """Bring the parts with these names back, in the transaction of the caller.

        Rows of payment methods are locked before the customer, as `PaymentMethod.remove` does.

        Raises:
            VersionMismatch, ObjectDoesNotExist: someone changed it since, or removed a row.
            Refusal, ValidationError: as the changes that these are.
        """
        chosen = [related for related in self._related if related.part.name in names]
        for related in chosen:
            related.prepare()
        customer, event = self.customer, self.event
        if _DEFAULT in names:
            method = self._default()
            customer.set_default_payment_method(method, expecting=[seen])
        else:
            customer.lock([seen])
        if _ARCHIVED in names and event.archived_at:
            customer.archive()  # first: its external id is then no one else's affair
        values = {name: getattr(event, name) for name in _FIELDS if name in names}
        if keys := {name for name in names if name.startswith("metadata[")}:
            values["metadata"] = self._metadata(keys)
        customer.write(values)
        if _ARCHIVED in names and not event.archived_at:
            customer.restore()
        for related in chosen:
            related.finish()

    def _default(self) -> PaymentMethod | None:
        """The payment method that was the default. Raises ValidationError if it is not there."""
        id = self.event.default_payment_method_id
        if id is None:
            return None
        found = self.customer.payment_methods.filter(pk=id).first()
        if found is None:
            name = self._methods.get(id, "")
            raise ValidationError(
                _("The default payment method %(name)s was removed. Restore it too.")
                % {"name": name}
            )
        return found

    def _metadata(self, names: Collection[str]) -> dict[str, str]:
        """Today's metadata with these keys as they were."""
        found = dict(self.customer.metadata)
        for key in {*found, *self.event.metadata}:
            if f"metadata[{key}]" in names:
                found.pop(key, None)
                if key in self.event.metadata:
                    found[key] = self.event.metadata[key]
        return found

    def _of_customer(self) -> Iterator[Part]:
        event, customer = self.event, self.customer
        for name in _FIELDS:
            yield _part(name, label(Customer, name), getattr(event, name), getattr(customer, name))
        for key in sorted({*event.metadata, *customer.metadata}):
            values = event.metadata.get(key), customer.metadata.get(key)
            yield _part(f"metadata[{key}]", f"{label(Customer, 'metadata')}: {key}", *values)
        ids = event.default_payment_method_id, customer.default_payment_method_id
        then, today = (self._methods.get(id, "") for id in ids)
        yield Part(_DEFAULT, label(Customer, _DEFAULT), then, today, ids[0] != ids[1])
        then, today = (_("archived") if row.archived_at else _("live") for row in (event, customer))
        yield Part(_ARCHIVED, _("Status"), then, today, then != today)


def _part(name: str, label: str, then: str | None, today: str | None) -> Part:
    return Part(name, label, then or "", today or "", differs=then != today)


def _pairs(
    model: type[CustomerUser | PaymentMethod], events: QuerySet[Any], rows: Any
) -> list[Related]:
    """The rows that were there then, or are there today, oldest first."""
    then = {event.id: event for event in events}
    today = {row.pk: row for row in rows.all()}
    return [Related(model, id, then.get(id), today.get(id)) for id in sorted({*then, *today})]


def _described(row: CustomerUser | PaymentMethod | None) -> str:
    """A row in a line."""
    if row is None:
        return ""
    if isinstance(row, CustomerUser):
        return ", ".join(dict.fromkeys(filter(None, [str(row), row.email])))
    expiry = f"{row.exp_month}/{row.exp_year}" if row.exp_year else None
    parts = [str(row), expiry, row.bank_name, row.processor, row.processor_token]
    return ", ".join(dict.fromkeys(filter(None, parts)))
