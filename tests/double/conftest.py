"""A double that the tests of this folder share, started by the plugin that other projects use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from billing.double.cache import cache_folder
from billing.embedded_postgres.server import EmbeddedPostgres
from pytest_customer_registry.plugin import customer_registry, personas
from pytest_customer_registry.process import running
from pytest_customer_registry.registry import Registry
from tests.checkouts import programs

__all__ = ["customer_registry", "personas"]


@pytest.fixture(scope="session")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder of these tests, for every double that they start."""
    if programs() is None:
        pytest.skip("the private PostgreSQL is not installed")
    folder = tmp_path_factory.mktemp("caches")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        postgres = EmbeddedPostgres(cache_folder())
        yield folder
    postgres.reset(everything=True)


@pytest.fixture(scope="session")
def customer_registry_server(
    caches: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Registry]:
    log = tmp_path_factory.mktemp("double") / "log"
    with running(log) as url:
        yield Registry(url)
    assert "Traceback" not in log.read_text("utf-8")
