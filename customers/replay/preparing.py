"""Stores what was there before a recording began, as far as the recording shows it.

Whatever an answer shows that no earlier request of the recording created was there before. It is
stored as the first answer shows it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from customers.models import Customer, PaymentMethod
from customers.models.credential import Tenant
from customers.models.errors import Refusal, refusals
from customers.replay.ids import Ids
from customers.replay.sending import ORIGIN
from customers.rest.contract import Contract
from customers.rest.renderers import dump_json
from customers.rest.traffic import Exchange, Resource

# What was created so long before the answer to a request was not created by it.
_LONG_BEFORE = timedelta(minutes=1)
_INSTANT = timedelta(microseconds=1)
_CREATES = ("POST", "PUT")


@dataclass(frozen=True, slots=True)
class Before:
    """Something that was there before the recording began."""

    resource: Resource
    id: str
    shown: Mapping[str, Any]
    owner: str | None
    """The recorded id of the customer that it belongs to."""

    @property
    def created_at(self) -> datetime | None:
        return _time(self.shown.get(self.resource.created))


def resource_at(contract: Contract, path: str) -> tuple[Resource, dict[str, str | None]] | None:
    """What the answers at a path show, with the ids in the path."""
    for resource in contract.traffic.resources:
        if match := resource.path.fullmatch(path):
            return resource, {name: id and unquote(id) for name, id in match.groupdict().items()}
    return None


def shown_before(contract: Contract, exchanges: Iterable[Exchange]) -> list[Before]:
    """What was there before, customers first, each kind in the order of its creation."""
    found: dict[tuple[str, str], Before] = {}
    created: set[tuple[str, str]] = set()
    for exchange in exchanges:
        place = resource_at(contract, exchange.path)
        if place is None or not 200 <= exchange.status < 300:
            continue
        resource, ids = place
        for one in _objects(exchange.shown, resource.id):
            key = (resource.model, one[resource.id])
            if _was_created(exchange, resource, ids, one):
                created.add(key)
            if key not in created and key not in found:
                found[key] = Before(resource, key[1], one, ids.get("customer"))
    in_order = list(found.values())
    if contract.traffic.newest_first:
        in_order.reverse()  # where times are the same, the lists tell which was first
    earliest = datetime.min.replace(tzinfo=UTC)
    return sorted(
        in_order,
        key=lambda one: (one.resource.model != "customer", one.created_at or earliest),
    )


def _was_created(
    exchange: Exchange, resource: Resource, ids: Mapping[str, str | None], shown: Mapping[str, Any]
) -> bool:
    """Whether a request created what its answer shows: it names no id, and it is new then."""
    if exchange.method not in _CREATES or ids.get("id") is not None:
        return False
    created_at = _time(shown.get(resource.created))
    if created_at is None or exchange.at is None:
        return True
    return created_at > exchange.at - _LONG_BEFORE


def _objects(body: Any, id: str) -> Iterator[Mapping[str, Any]]:
    """The objects of an answer: itself, the one in an envelope, or those of a list."""
    if not isinstance(body, dict):
        return
    if isinstance(body.get(id), str):
        yield body
        return
    for member in body.values():
        for item in member if isinstance(member, list) else [member]:
            if isinstance(item, dict) and isinstance(item.get(id), str):
                yield item


def _time(value: Any) -> datetime | None:
    try:
        time = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if time is None or time.tzinfo is None else time


class Preparation:
    """Stores what was there before, and counts what could not be."""

    def __init__(self, contract: Contract, tenant: Tenant, ids: Ids) -> None:
        self._contract, self._tenant, self._ids = contract, tenant, ids
        self._customers: dict[str, Customer] = {}
        self._last: datetime | None = None
        self.stored = self.refused = 0

    def store(self, before: Iterable[Before]) -> None:
        for one in before:
            try:
                with transaction.atomic():
                    self._store(one)
                self.stored += 1
            except (Refusal, ValidationError, LookupError, TypeError, ValueError, DataError):
                self.refused += 1

    def _store(self, one: Before) -> None:
        values = one.resource.values(one.shown)
        if one.resource.model == "customer":
            self._store_customer(one, values)
            return
        customer = self._customers[one.owner or ""]
        if one.resource.model == "user":
            self._ids.add(one.id, str(customer.add_user(**values).pk))
            return
        is_default = values.pop("is_default", False)
        method = PaymentMethod(**self._tenant.columns, customer=customer, **values)
        method.clean_fields()
        with refusals():
            method.save(force_insert=True)
        if is_default:
            customer.set_default_payment_method(method)
        self._ids.add(one.id, str(method.pk))

    def _store_customer(self, one: Before, values: Mapping[str, Any]) -> None:
        customer = Customer.objects.register(
            self._tenant, values, created_at=self._after_the_last(one.created_at)
        )
        self._customers[one.id] = customer
        represented = self._contract.represent(customer, ORIGIN)
        here = next(_objects(json.loads(dump_json(represented)), one.resource.id))
        self._ids.learn(one.shown, here)

    def _after_the_last(self, time: datetime | None) -> datetime:
        """A time of creation after that of the customer before, whose second may be the same."""
        time = min(time or timezone.now(), timezone.now())
        if self._last is not None and time <= self._last:
            time = self._last + _INSTANT
        self._last = time
        return time
