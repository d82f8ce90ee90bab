"""Every text of every page can be read, as a screenshot shows it, in light and in dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import Browser, Page

from customers.models import Customer, Organization
from tests import factories
from tests.browser.contrast import Contrasts
from tests.browser.support import Browsing, World
from tests.browser.test_pages import PAGES

pytestmark = pytest.mark.slow


@pytest.fixture
def contrasts(chromium: Browser) -> Iterator[Contrasts]:
    measured = Contrasts(chromium)
    yield measured
    measured.close()


@pytest.fixture
def page(browsing: Browsing, acme: Organization) -> Page:
    """The window of a superuser, on a screen of two pixels a point: strokes are whole pixels."""
    root = factories.staff("root", is_superuser=True, organizations=[acme])
    return browsing.window(root, device_scale_factor=2)


def pale(page: Page, contrasts: Contrasts, address: str) -> list[str]:
    found = []
    page.goto(address)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{address}, {scheme}: {text}" for text in contrasts.pale(page)]
    return found


def test_the_back_office_can_be_read(page: Page, contrasts: Contrasts, world: World) -> None:
    addresses = map(world.address, PAGES.values())

    assert [text for address in addresses for text in pale(page, contrasts, address)] == []


def test_the_admin_can_be_read(page: Page, contrasts: Contrasts, world: World) -> None:
    addresses = [reverse("admin:index"), *admin_pages()]

    assert [text for address in addresses for text in pale(page, contrasts, address)] == []


def admin_pages() -> Iterator[str]:
    """The list of each model and the form of its first row, and one history: all look the same."""
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        row = model._default_manager.first()
        if row is not None:
            yield reverse(f"{name}_change", args=[row.pk])
        if isinstance(row, Customer):
            yield reverse(f"{name}_history", args=[row.pk])


def test_control_a_pale_text_is_found(page: Page, contrasts: Contrasts, world: World) -> None:
    page.goto(world.address("customers/"))
    page.locator("h1").evaluate("heading => { heading.style.color = '#ccc'; }")

    assert any("Customers" in text for text in contrasts.pale(page))
