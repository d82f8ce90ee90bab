"""Clients of Acme's staff."""

from __future__ import annotations

import pytest
from django.test import Client

from customers.models import Organization
from tests.backoffice.support import signed_in


@pytest.fixture
def viewer(acme: Organization) -> Client:
    return signed_in(acme, "Viewer", username="vera")


@pytest.fixture
def editor(acme: Organization) -> Client:
    return signed_in(acme, "Editor", username="edda")


@pytest.fixture
def manager(acme: Organization) -> Client:
    return signed_in(acme, "Manager", username="mona")
