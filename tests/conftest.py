"""What every test stands on: the private PostgreSQL (or `DATABASE_URL`'s), and credentials."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import hypothesis
import pytest
from _pytest.nodeid import NodeId
from django.conf import global_settings, settings
from django.test import override_settings
from pytest_django import Settings
from rest_framework.test import APIClient

from billing.embedded_postgres.base import private_server
from customers.insights import events
from customers.models import Customer, Organization
from tests import factories
from tests.live_demo import Demo, live_demo

# How long an example takes is the machine's affair, not the code's.
hypothesis.settings.register_profile("registry", deadline=None)
hypothesis.settings.load_profile("registry")


def pytest_configure(config: pytest.Config) -> None:
    """Hold the private server in the main process, so that it outlives every xdist worker."""
    if settings.DATABASES["default"]["ENGINE"] == "billing.embedded_postgres":
        private_server().use()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Name the groups of tests in their ids, by which xdist's workers share them out.

    xdist does so itself, but not where pytest makes ids of parts (pytest-xdist#1386): from 9.2 on
    each worker started what a group shares.
    """
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        groups = sorted({mark.args[0] for mark in item.iter_markers("xdist_group")})
        if groups and not item.nodeid.endswith(f"@{'_'.join(groups)}"):
            item._id = NodeId.parse(f"{item.nodeid}@{'_'.join(groups)}")


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Hash passwords and secrets by MD5: the product's hash takes as long as a hundred requests."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def no_documentation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Leave out the site of docs/ that the checkout may have."""
    with override_settings(DOCS_ROOT=tmp_path_factory.mktemp("site") / "html"):
        yield


@pytest.fixture
def real_hashes(settings: Settings) -> None:
    """Hash as the product does, where the hash is what a test is about."""
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """A live demo, for the tests of xdist's group "demo"."""
    if settings.DATABASES["default"]["ENGINE"] != "billing.embedded_postgres":
        pytest.skip("DATABASE_URL is set: a demo makes a database of its own")
    if shutil.which("curl") is None:
        pytest.skip("no curl here")
    with live_demo() as found:
        yield found


@pytest.fixture
def everything_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the one transaction that a test is, readers could not see an event."""
    monkeypatch.setattr(events, "oldest_running", lambda: 2**62)


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """In CI every test must run: what is missing there is a fault of the set-up."""
    if os.environ.get("CI") and terminalreporter.stats.get("skipped"):
        terminalreporter.section("skipped in CI: this run fails", red=True)
        for report in terminalreporter.stats["skipped"]:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
