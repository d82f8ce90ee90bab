"""What the contracts' endpoints read: the sources of `customers.rest.reading`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, F, Q, QuerySet, When

from customers.insights import past
from customers.models import Customer, CustomerUser, PaymentMethod
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


def archived_customers(tenant: Tenant) -> CustomerQuerySet:
    """The tenant's archived customers."""
    return Customer.objects.visible_to(tenant).archived()


def all_customers(tenant: Tenant) -> CustomerQuerySet:
    """The tenant's customers, archived or not."""
    return Customer.objects.visible_to(tenant)


def customer_with_external_id(tenant: Tenant, external_id: str) -> CustomerQuerySet:
    """The live customer with this external id."""
    return live_customers(tenant).filter(external_id=external_id)


def users(tenant: Tenant) -> QuerySet[Any]:
    """The tenant's users."""
    return CustomerUser.objects.visible_to(tenant)


def users_of(tenant: Tenant, customer_id: UUID) -> QuerySet[Any]:
    """The users of a customer."""
    return users(tenant).filter(customer=customer_id)


def user_of(tenant: Tenant, customer_id: UUID, id: UUID) -> QuerySet[Any]:
    """A user of a customer."""
    return users_of(tenant, customer_id).filter(pk=id)


def payment_methods(tenant: Tenant) -> QuerySet[Any]:
    """The tenant's payment methods, each with `is_default`."""
    is_default = Q(customer__default_payment_method=F("pk"))
    visible: QuerySet[Any] = PaymentMethod.objects.visible_to(tenant)
    methods: QuerySet[Any] = visible.annotate(
        is_default=Case(When(is_default, then=True), default=False, output_field=BooleanField())
    )
    return methods


def payment_methods_of(tenant: Tenant, customer_id: UUID) -> QuerySet[Any]:
    """The payment methods of a customer."""
    return payment_methods(tenant).filter(customer=customer_id)


def payment_method_of(tenant: Tenant, customer_id: UUID, id: UUID) -> QuerySet[Any]:
    """A payment method of a customer."""
    return payment_methods_of(tenant, customer_id).filter(pk=id)


# --- As things stood -----------------------------------------------------------------------------


def all_customers_at(tenant: Tenant, as_of: datetime, newest: UUID) -> QuerySet[Any]:
    """The tenant's customers as they stood at a time, archived or not."""
    return past.customers_at(tenant, as_of, newest)


def live_customers_at(tenant: Tenant, as_of: datetime, newest: UUID) -> QuerySet[Any]:
    """The tenant's customers that were not archived at a time."""
    return all_customers_at(tenant, as_of, newest).filter(was_archived_at=None)


def archived_customers_at(tenant: Tenant, as_of: datetime, newest: UUID) -> QuerySet[Any]:
    """The tenant's customers that were archived at a time."""
    return all_customers_at(tenant, as_of, newest).filter(was_archived_at__isnull=False)


def customer_at(tenant: Tenant, as_of: datetime, newest: UUID, id: UUID) -> QuerySet[Any]:
    """The customer of this id as it stood at a time, archived or not."""
    return all_customers_at(tenant, as_of, newest).filter(pk=id)


def users_at(tenant: Tenant, as_of: datetime, ids: list[UUID]) -> QuerySet[Any]:
    """The users that some customers had at a time."""
    return past.users_at(tenant, ids, as_of)


def payment_methods_at(tenant: Tenant, as_of: datetime, ids: list[UUID]) -> QuerySet[Any]:
    """The payment methods that some customers had at a time, each with `is_default` then."""
    return past.payment_methods_at(tenant, ids, as_of)
