"""One Chromium for all tests of a worker, and windows of people in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from customers.models import Organization
from customers.staff.models import StaffUser
from tests import factories
from tests.browser.chromium import ARGUMENTS, PROGRAMS, chromium_program
from tests.browser.support import Browsing, World


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser that the tests share."""
    program = chromium_program()
    if program is None:
        pytest.skip(f"no browser here: none of {', '.join(PROGRAMS)} is installed")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop stays open in this thread as long as the browser does. Nothing
        # runs in it that a query could block.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def browsing(chromium: Browser, live_server: LiveServer) -> Iterator[Browsing]:
    """Opens windows on the site. Anything that goes wrong in one of them fails the test."""
    opened = Browsing(chromium, live_server.url)
    yield opened
    opened.close()
    assert opened.faults == []


@pytest.fixture
def manager(acme: Organization) -> StaffUser:
    """Sara, a manager of Acme."""
    return factories.staff("sara", "Manager", organizations=[acme], first_name="Sara")


@pytest.fixture
def sara(browsing: Browsing, manager: StaffUser) -> Page:
    """Sara's window."""
    return browsing.window(manager)


@pytest.fixture
def world(acme: Organization) -> World:
    return World(acme)
