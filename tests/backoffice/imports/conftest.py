"""An editor and a checked import."""

from __future__ import annotations

import pytest
from django.test import Client

from customers.models import Customer, CustomerImport, Organization
from tests import factories
from tests.backoffice.imports.support import MIXED
from tests.imports.support import checked


@pytest.fixture
def editor(acme: Organization) -> Client:
    """An editor of Acme."""
    client = Client()
    client.force_login(factories.staff("sara", "Editor", organizations=[acme]))
    return client


@pytest.fixture
def found(customer: Customer) -> CustomerImport:
    """A checked import of one new and one changed customer."""
    return checked(customer.organization, MIXED)
