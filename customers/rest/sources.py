"""What the contracts' endpoints read: the sources of `customers.rest.reading`."""

from __future__ import annotations

from uuid import UUID

from customers.models import Customer
from customers.models.credential import Tenant
from customers.models.querysets import CustomerQuerySet


def live_customers(tenant: Tenant) -> CustomerQuerySet:
    """The tenant's customers that are not archived."""
    return Customer.objects.visible_to(tenant).live()


def customer(tenant: Tenant, id: UUID) -> CustomerQuerySet:
    """The customer of this id, archived or not."""
    return Customer.objects.visible_to(tenant).filter(pk=id)


def live_customer(tenant: Tenant, id: UUID) -> CustomerQuerySet:
    """The customer of this id, for a contract in which archived customers are not found."""
    return live_customers(tenant).filter(pk=id)
