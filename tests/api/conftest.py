"""A client for all contracts."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from customers.models import Organization
from tests.api.wires import key_client


@pytest.fixture
def caller(acme: Organization) -> APIClient:
    """A client of Acme's live data with every scope, for any contract."""
    return key_client(acme)
