"""Browser windows that record faults, and helpers that read their pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Response,
    ViewportSize,
)
from playwright.sync_api import Request as PageRequest

from customers.models import ApiKey, Customer, OAuthClient, Organization, SavedView, Selection
from customers.staff.models import PasswordLink, StaffUser
from tests import factories
from tests.imports.support import applied, checked, uploaded

ACME = "/backoffice/acme/live"
WIDE: ViewportSize = {"width": 1400, "height": 900}
NARROW: ViewportSize = {"width": 360, "height": 740}
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"
HEADER = ["external_id", "name", "email"]
#: The rules that depend on light or dark.
COLOURS = ("color-contrast", "link-in-text-block")

_axe = Axe()
# The browser's own message for a 4xx page. The tests check the page itself.
_REFUSED_PAGE = "Failed to load resource: the server responded with a status of 4"
_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  window.reportViolation(`${event.effectiveDirective} ${event.blockedURI} in ${location.pathname}`);
});
"""


class Browsing:
    """Opens windows, each with its own cookies, and records what goes wrong in them."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self.browser = browser
        self.origin = origin
        self.faults: list[str] = []
        self.contexts: list[BrowserContext] = []

    def window(self, user: StaffUser | None = None, **options: Any) -> Page:
        """Open a window, signed in as a user or signed out."""
        context = self.browser.new_context(
            base_url=self.origin,
            **{"viewport": WIDE, "locale": "en-GB", "timezone_id": "UTC", **options},
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        self._watch(context)
        if user is not None:
            context.add_cookies([self._session(user)])
        return context.new_page()

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _session(self, user: StaffUser) -> Any:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
        name = settings.SESSION_COOKIE_NAME
        return {"name": name, "value": client.cookies[name].value, "url": self.origin}

    def _watch(self, context: BrowserContext) -> None:
        context.expose_function(
            "reportViolation", lambda violation: self._fault("CSP violation", violation)
        )
        context.add_init_script(_REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._fault("page error", str(error.error)))
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("page", self._page)

    def _page(self, page: Page) -> None:
        page.on("dialog", self._dialog)

    def _dialog(self, dialog: Dialog) -> None:
        if dialog.type == "beforeunload":  # a test that leaves what it typed
            dialog.accept()
            return
        self._fault("dialog", dialog.message)
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_REFUSED_PAGE):
            self._fault("console error", message.text)

    def _request(self, request: PageRequest) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:")):
            self._fault("request to another host", request.url)

    def _response(self, response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= (500 if is_page else 400):
            self._fault(f"status {response.status}", response.url)

    def _fault(self, kind: str, detail: str) -> None:
        self.faults.append(f"{kind}: {detail}")


def page_of(customer: Customer, part: str = "") -> str:
    """The URL of a customer's page, or of one below it."""
    scope = f"/backoffice/{customer.organization.slug}/{customer.mode}"
    return f"{scope}/customers/{customer.pk}/{part}"


def names(page: Page) -> list[str]:
    """The customers that a list shows, from top to bottom."""
    return page.locator("tbody th[scope=row] a").all_inner_texts()


def search_box(page: Page) -> Locator:
    """The search box of the bar: a combobox, or without scripts a plain box."""
    return page.get_by_role("search").get_by_label("Find a customer")


def find(page: Page, typed: str) -> None:
    """Type into the search box, press Enter and wait for the page."""
    search_box(page).fill(typed)
    search_box(page).press("Enter")
    page.wait_for_load_state()


def field(page: Page, name: str) -> Locator:
    """A field of the page's form."""
    return page.locator("main").get_by_label(name, exact=True)


def press(page: Page, name: str) -> None:
    """Press a button and wait for the page: a click returns before the new one is parsed."""
    page.get_by_role("button", name=name).click()
    page.wait_for_load_state()


def follow(page: Page, name: str) -> None:
    """Follow a link and wait for the page."""
    page.locator("main").get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


def ask(address: str, **headers: str) -> tuple[int, Any]:
    """Request a URL of an API and return the status and the object."""
    try:
        with urlopen(Request(address, headers=headers), timeout=10) as response:
            return response.status, json.load(response)
    except HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def barriers(page: Page, *, only_colours: bool = False) -> list[str]:
    """The WCAG violations of the page as it is now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe.axe_script)
    rules = {"type": "rule", "values": COLOURS} if only_colours else {"type": "tag", "values": WCAG}
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = page.evaluate("(options) => axe.run(options)", options)["violations"]
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    width = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return int(width)


def faults(page: Page, name: str) -> list[str]:
    """The faults of the page in each width, and those of its colours in dark."""
    page.wait_for_load_state()
    found = []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        if pixels := overflow(page):
            found.append(f"{name}: {pixels} px too wide for {size['width']} px")
        page.emulate_media(color_scheme="light")
        found += [f"{name}, {size['width']} px: {barrier}" for barrier in barriers(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"{name}, dark: {barrier}" for barrier in barriers(page, only_colours=True)]
    page.set_viewport_size(WIDE)
    return found


class World:
    """Acme with rows of every kind."""

    def __init__(self, acme: Organization) -> None:
        self.acme = acme
        self.customer = factories.customer(
            acme,
            name=f"{LONG} & Sons",
            email=f"{LONG.lower()[:60]}@example.org",
            external_id="x-" + "0123456789abcdef" * 8,
            country="DE",
            city="Berlin",
            address_line1="Hauptstraße 1",
            phone="+49 30 1",
            url=f"https://example.org/{LONG}",
            metadata={"a key without spaces": LONG * 2},
        )
        self.begun = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
        self.customer.revise({"city": "Hamburg", "metadata": {"plan": "gold"}})
        self.twin = factories.customer(acme, email=self.customer.email)
        self.archived = factories.customer(acme, name="Gone")
        self.archived.archive()
        self.user = factories.user(self.customer, first_name="Ada")
        factories.note(self.customer, text=f"{LONG}\nand more", is_pinned=True)
        self.method = factories.payment_method(self.customer, exp_year=2020, processor_token=LONG)
        self.key, _ = ApiKey.issue(acme, "live", name="Billing sync")
        self.client, _ = OAuthClient.issue(acme, "live", name="Partner")
        self.revoked, _ = ApiKey.issue(acme, "live", name="Old")
        self.revoked.revoke()
        self.colleague = factories.staff(LONG.lower(), "Viewer", organizations=[acme])
        self.link, _ = PasswordLink.issue(self.colleague)
        self.delivery = factories.delivery(acme)
        self.webhook = self.delivery.endpoint
        self.selection = Selection.choose(
            factories.tenant(acme), Customer.objects.all(), action="edit", query=""
        )
        self.view = SavedView.objects.create(
            organization=acme,
            owner=factories.staff("owner", organizations=[acme]),
            name=LONG,
            query="country=DE&sort=name",
            is_shared=True,
        )
        self.waiting = uploaded(acme, [HEADER, ["x-1", "Hooli", ""]])
        self.refused = checked(acme, [HEADER, ["x-1", LONG, "nobody"], ["x-1", "Twice", ""]])
        self.applied = applied(acme, [HEADER, ["x-7", "Raviga", "r@raviga.test"]])

    def address(self, path: str) -> str:
        """Fill the ids into a path, which is absolute or relative to Acme's live data."""
        filled = path.format(world=self)
        return filled if filled.startswith("/") else f"{ACME}/{filled}"
