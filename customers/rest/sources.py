"""What the contracts' endpoints read: the sources of `customers.rest.reading`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, F, Q, QuerySet, When

from customers.models import Customer, PaymentMethod
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


def payment_methods(tenant: Tenant, customer_id: UUID) -> QuerySet[Any]:
    """The payment methods of a customer."""
    is_default = Q(customer__default_payment_method=F("pk"))
    of_customer: QuerySet[Any] = PaymentMethod.objects.visible_to(tenant)
    methods: QuerySet[Any] = of_customer.filter(customer=customer_id).annotate(
        is_default=Case(When(is_default, then=True), default=False, output_field=BooleanField())
    )
    return methods
