"""Fault tests: `make test-faults`, in a short form with FAULTS=short, whole with FAULTS=full."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import FULL, results
from tests.faults.servers import FEW_CONNECTIONS, Postgres, Web, new_folder

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, and leave out the full form if it is not asked for."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("faults")
    if not FULL and (left_out := [item for item in items if item.get_closest_marker("full")]):
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if results.RECORDED:
        terminalreporter.section("faults")
        terminalreporter.write_line(results.table(results.RECORDED))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for the data of servers."""
    with new_folder() as path:
        yield path


@pytest.fixture
def database(folder: Path) -> Iterator[Postgres]:
    """A running PostgreSQL of the test's own."""
    with Postgres(folder / "database") as server:
        yield server


@pytest.fixture
def web(database: Postgres, folder: Path) -> Iterator[Web]:
    """The registry as `serve` runs it with two workers, over `database`."""
    with Web(database.url(), folder) as server:
        yield server


@pytest.fixture(scope="module")
def small_database() -> Iterator[Postgres]:
    """A running PostgreSQL with few connections, for the tests of a module."""
    with (
        new_folder() as folder,
        Postgres(folder / "database", max_connections=str(FEW_CONNECTIONS)) as server,
    ):
        yield server


@pytest.fixture(scope="module")
def small_web(small_database: Postgres) -> Iterator[Web]:
    """The registry as `serve` runs it over `small_database`."""
    with Web(small_database.url(), small_database.folder) as server:
        yield server
