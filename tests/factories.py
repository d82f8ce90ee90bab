"""Rows for tests, made as the product makes them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from rest_framework.test import APIClient

from customers.models import (
    ApiKey,
    Customer,
    CustomerNote,
    CustomerUser,
    OAuthClient,
    Organization,
    PaymentMethod,
)
from customers.models.credential import Actor, Credential, Tenant
from customers.models.scopes import all_scopes
from customers.staff.models import StaffUser
from customers.webhooks.models import Delivery, WebhookEndpoint


def organization(slug: str, name: str | None = None) -> Organization:
    return Organization.objects.create(slug=slug, name=name or slug.title())


def tenant(organization: Organization, mode: str = "live") -> Tenant:
    return Tenant(organization.pk, mode)


def credential(
    organization: Organization, mode: str = "live", scopes: list[str] | None = None
) -> Credential:
    return Credential(
        tenant=tenant(organization, mode),
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
    if not any(values.values()):
        values["legal_number"] = "1"  # a new customer of which nothing is known is refused
    return Customer.objects.register(tenant(organization, mode), values, created_at=created_at)


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


def note(customer: Customer, author: StaffUser | None = None, **values: Any) -> CustomerNote:
    if author is None:
        author = StaffUser.objects.get_or_create(username="grace", defaults={"is_staff": True})[0]
    return CustomerNote.write_about(
        customer, author=author, **{"text": "Calls back on Monday.", **values}
    )


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


def oauth_client(
    organization: Organization, mode: str = "live", scopes: list[str] | None = None
) -> OAuthClient:
    """An OAuth client whose secret no one knows: for tests that give it tokens themselves.

    It is saved without a hash of its secret, which takes as long as a hundred requests.
    """
    client = OAuthClient(organization=organization, mode=mode, name="Client of tests")
    client.hash_client_secret = False
    client.generate_secret()
    if scopes is not None:
        client.scopes = scopes
    client.save(force_insert=True)
    return client


def access_token(
    client: OAuthClient, scopes: list[str] | None = None, expires_at: datetime | None = None
) -> str:
    """A token of the client, put into the store as the token endpoint does."""
    secret = secrets.token_urlsafe(24)
    get_access_token_model().objects.create(
        application=client,
        token_checksum=hashlib.sha256(secret.encode()).hexdigest(),
        token="",
        scope=" ".join(client.scopes if scopes is None else scopes),
        expires=expires_at or timezone.now() + timedelta(hours=1),
    )
    return secret


PASSWORD = "a long password"


def staff(
    username: str, *groups: str, organizations: Iterable[Organization] = (), **values: Any
) -> StaffUser:
    """Someone who may sign in with `PASSWORD`, in these groups and organizations."""
    person = StaffUser.objects.create_user(username, password=PASSWORD, is_staff=True, **values)
    person.groups.set(Group.objects.get(name=name) for name in groups)
    person.organizations.set(organizations)
    return person


def signs_in(client: Client, username: str, password: str = PASSWORD, **fields: str) -> bool:
    """Whether the login page lets them in."""
    form = {"username": username, "password": password, **fields}
    return client.post("/backoffice/login/", form).status_code == 302


def delivery(organization: Organization, mode: str = "live") -> Delivery:
    """A test event that waits for being sent to a new endpoint."""
    url = {"url": "https://hooks.example/in"}
    return Delivery.send_test(WebhookEndpoint.create(tenant(organization, mode), url)[0])
