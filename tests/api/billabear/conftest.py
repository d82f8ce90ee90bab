"""A client of this contract."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from customers.models import Organization
from tests.api.billabear import support


@pytest.fixture
def api(acme: Organization) -> APIClient:
    """A client of Acme's live data with every scope."""
    return support.client(acme)
