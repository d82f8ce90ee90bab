"""What the tests of several contracts need."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from billing.logs import WithoutRowValues
from customers.models import Organization
from tests.api.harness import key_client


@pytest.fixture
def caller(acme: Organization) -> APIClient:
    """A client of Acme's live data with every scope, for any contract."""
    return key_client(acme)


@pytest.fixture(params=[False, True], ids=["DEBUG=False", "DEBUG=True"])
def debug(request: pytest.FixtureRequest, settings: Settings) -> None:
    """What holds in production holds in development too."""
    settings.DEBUG = request.param


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the product writes to its log, as it writes it."""
    handlers = {
        handler
        for logger in (logging.getLogger(), logging.getLogger("django"))
        for handler in logger.handlers
        if isinstance(handler, logging.StreamHandler)
        and isinstance(handler.formatter, WithoutRowValues)
    }
    assert handlers
    written = io.StringIO()
    before = {handler: handler.setStream(written) for handler in handlers}
    yield written
    for handler, stream in before.items():
        if stream is not None:
            handler.setStream(stream)
