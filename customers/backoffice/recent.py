"""The customers that a person looked at last, kept in their session until they sign out."""

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


def remember(request: HttpRequest, customer: Customer) -> None:
    """Put a customer first among those that were looked at."""
    seen, place, id = request.session.get(_KEY, {}), str(customer.tenant), str(customer.pk)
    ids = seen.get(place, [])
    if ids[:1] != [id]:
        ids = [id, *(other for other in ids if other != id)][:KEPT]
        others = [(name, value) for name, value in seen.items() if name != place]
        request.session[_KEY] = dict([*others, (place, ids)][-_TENANTS:])


def recent(request: HttpRequest, tenant: Tenant, rows: CustomerQuerySet) -> list[Customer]:
    """Those of `rows` that were looked at, the last one first."""
    ids = [UUID(id) for id in request.session.get(_KEY, {}).get(str(tenant), [])]
    found = rows.in_bulk(ids)
    return [found[id] for id in ids if id in found]
