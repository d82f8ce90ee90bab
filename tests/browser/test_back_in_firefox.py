"""Going back to a form shows what is stored now in Firefox too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from customers.models import Customer
from customers.staff.models import StaffUser
from tests import factories
from tests.browser.firefox import PROGRAMS, Firefox, program
from tests.browser.support import page_of

pytestmark = pytest.mark.slow


@pytest.fixture
def firefox(tmp_path: Path, live_server: LiveServer) -> Iterator[Firefox]:
    """A Firefox in which Root, a superuser, is signed in."""
    found = program()
    if found is None:
        pytest.skip(f"no Firefox here: none of {', '.join(PROGRAMS)} is installed")
    started = Firefox(found, tmp_path)
    try:
        started.goto(f"{live_server}/healthz")  # a cookie needs a page
        name, value = session(factories.staff("root", is_superuser=True))
        started.send("WebDriver:AddCookie", cookie={"name": name, "value": value})
        yield started
    finally:
        started.quit()


def session(user: StaffUser) -> tuple[str, str]:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    name = settings.SESSION_COOKIE_NAME
    return name, client.cookies[name].value


def name_after_going_back(firefox: Firefox, customer: Customer, page: str) -> str:
    """What the field holds after the name was saved, a colleague changed it, and Back."""
    firefox.goto(page)
    path = urlsplit(page).path
    firefox.type("input[name=name]", "Hooli")
    firefox.press_enter("input[name=name]")
    firefox.wait_for(f"location.pathname != {path!r}")
    customer.refresh_from_db()
    customer.revise({"city": "Kyiv", "name": "Hooli XYZ"})
    firefox.back()
    firefox.wait_for(f"location.pathname == {path!r}")

    return str(firefox.run("document.querySelector('input[name=name]').value"))


def test_going_back_shows_the_change_of_a_colleague(
    firefox: Firefox, live_server: LiveServer, customer: Customer
) -> None:
    for page in (page_of(customer, "edit/"), f"/admin/customers/customer/{customer.pk}/change/"):
        assert name_after_going_back(firefox, customer, f"{live_server}{page}") == "Hooli XYZ"
