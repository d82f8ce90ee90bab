"""What every test stands on: the private PostgreSQL (or `DATABASE_URL`'s), and credentials."""

from __future__ import annotations

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from billing.embedded_postgres.server import EmbeddedPostgres
from customers.models import Customer, Organization
from tests import factories


def pytest_configure(config: pytest.Config) -> None:
    """Hold the private server in the main process, so that it outlives every xdist worker."""
    if settings.DATABASES["default"]["ENGINE"] == "billing.embedded_postgres":
        EmbeddedPostgres(settings.BASE_DIR).use()


@pytest.fixture
def acme(db: None) -> Organization:
    return factories.organization("acme", "Acme")


@pytest.fixture
def globex(db: None) -> Organization:
    return factories.organization("globex", "Globex")


@pytest.fixture
def customer(acme: Organization) -> Customer:
    return factories.customer(acme, name="Coleman-Blair", external_id="ext-1")


@pytest.fixture
def api(acme: Organization) -> APIClient:
    """A client of Acme's live data with every scope."""
    return factories.client(acme)
