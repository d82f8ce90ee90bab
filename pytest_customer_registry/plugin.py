"""The fixtures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_customer_registry.process import running
from pytest_customer_registry.registry import Persona, Personas, Registry

__all__ = ["Persona", "Personas", "Registry"]


@pytest.fixture(scope="session")
def customer_registry_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """The registry, started once; with xdist, once in each worker."""
    log = tmp_path_factory.mktemp("customer-registry") / "log"
    with running(log) as url:
        yield Registry(url)


@pytest.fixture
def customer_registry(customer_registry_server: Registry) -> Registry:
    """The registry in its first state: the cast of the demo, and no faults to come."""
    customer_registry_server.reset()
    return customer_registry_server


@pytest.fixture
def personas(customer_registry: Registry) -> Personas:
    """The customers of the cast, by name."""
    return customer_registry.personas
