"""Rows for tests, made as the product makes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rest_framework.test import APIClient

from customers.credential import Actor, Credential
from customers.models import ApiKey, Customer, CustomerUser, Organization, PaymentMethod
from customers.scopes import all_scopes


def organization(slug: str, name: str | None = None) -> Organization:
    return Organization.objects.create(slug=slug, name=name or slug.title())


def credential(
    organization: Organization, mode: str = "live", scopes: list[str] | None = None
) -> Credential:
    return Credential(
        organization_id=organization.pk,
        mode=mode,
        scopes=frozenset(all_scopes() if scopes is None else scopes),
        actor=Actor("command", "test", "test"),
    )


def customer(
    organization: Organization,
    mode: str = "live",
    *,
    created_at: datetime | None = None,
    **values: Any,
) -> Customer:
    return Customer.objects.register(credential(organization, mode), values, created_at=created_at)


def payment_method(customer: Customer, **values: Any) -> PaymentMethod:
    card = {"type": "card", "brand": "visa", "last4": "4242", "exp_month": 8, "exp_year": 2030}
    return PaymentMethod.objects.create(
        organization_id=customer.organization_id,
        mode=customer.mode,
        customer=customer,
        **{**card, **values},
    )


def user(customer: Customer, **values: Any) -> CustomerUser:
    return customer.add_user(**{"email": "ada@example.org", **values})


def client(
    organization: Organization, mode: str = "live", scopes: list[str] | None = None
) -> APIClient:
    """A client that shows an API key as Bearer."""
    _, secret = ApiKey.issue(organization, mode, scopes=scopes)
    return bearer(secret)


def bearer(secret: str) -> APIClient:
    """A client that shows `secret` as Bearer."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client
