"""What a person looked at last, kept in their session until they sign out: customers, a list."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from customers.models import Customer
from customers.models.credential import Tenant
from customers.models.querysets import CustomerQuerySet

KEPT = 8
#: Of so many organizations and modes.
_TENANTS = 10
_KEY = "recent_customers"
_LISTS = "recent_lists"


def remember(request: HttpRequest, customer: Customer) -> None:
    """Put a customer first among those that were looked at."""
    ids, id = request.session.get(_KEY, {}).get(str(customer.tenant), []), str(customer.pk)
    if ids[:1] != [id]:
        ids = [id, *(other for other in ids if other != id)][:KEPT]
        _keep(request, _KEY, customer.tenant, ids)


def recent(request: HttpRequest, tenant: Tenant, rows: CustomerQuerySet) -> list[Customer]:
    """Those of `rows` that were looked at, the last one first."""
    ids = [UUID(id) for id in request.session.get(_KEY, {}).get(str(tenant), [])]
    found = rows.in_bulk(ids)
    return [found[id] for id in ids if id in found]


def remember_list(request: HttpRequest, tenant: Tenant, query: str) -> None:
    """Keep the query of the list, to go back to it from a customer."""
    if last_list(request, tenant) != query:
        _keep(request, _LISTS, tenant, query)


def last_list(request: HttpRequest, tenant: Tenant) -> str:
    """The query of the list that was looked at last; empty if it was the whole list, or none."""
    query: str = request.session.get(_LISTS, {}).get(str(tenant), "")
    return query


def _keep(request: HttpRequest, key: str, tenant: Tenant, value: object) -> None:
    kept = request.session.get(key, {})
    others = [(name, other) for name, other in kept.items() if name != str(tenant)]
    request.session[key] = dict([*others, (str(tenant), value)][-_TENANTS:])
