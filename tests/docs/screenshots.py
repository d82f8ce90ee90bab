"""`make screenshots`: takes the pictures of the documentation, of a demo of its own."""

from __future__ import annotations

import sys

from playwright.sync_api import Browser, Page, sync_playwright

from customers.values.demo_credentials import STAFF_LOGIN, STAFF_PASSWORD
from tests.browser.chromium import ARGUMENTS, PROGRAMS, chromium_program
from tests.docs.blocks import ROOT
from tests.live_demo import live_demo

FOLDER = ROOT / "docs" / "screenshots"
ACME = "/backoffice/demo-acme/live"
#: The demo's customer with a long history.
NAME = "Meridian Instruments"


def window(browser: Browser, origin: str, width: int, height: int, scheme: str) -> Page:
    """A window of someone who has signed in."""
    page = browser.new_context(
        base_url=origin,
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-GB",
        timezone_id="UTC",
    ).new_page()
    page.goto(f"{ACME}/")
    page.get_by_label("Username").fill(STAFF_LOGIN)
    page.get_by_label("Password").fill(STAFF_PASSWORD)
    page.get_by_label("Password").press("Enter")
    page.wait_for_url(f"**{ACME}/")
    return page


def open_customer(page: Page) -> None:
    page.goto(f"{ACME}/customers/?q=Meridian")
    page.get_by_role("link", name=NAME).click()
    page.get_by_role("heading", name=NAME, level=1).wait_for()


def edit(page: Page) -> None:
    open_customer(page)
    page.get_by_role("link", name="Edit", exact=True).first.click()
    page.get_by_role("button", name="Save").wait_for()


def save(page: Page, reason: str, **values: str) -> None:
    for label, value in values.items():
        page.locator("main").get_by_label(label, exact=True).fill(value)
    page.locator("main").get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()


def take(page: Page, name: str) -> None:
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    print(path.relative_to(ROOT))  # noqa: T201


def main() -> None:
    program = chromium_program()
    if program is None:
        sys.exit(f"No browser here: none of {', '.join(PROGRAMS)} is installed.")
    with live_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        wide = window(browser, demo.origin, 1400, 900, "light")
        narrow = window(browser, demo.origin, 360, 740, "dark")

        wide.goto(f"{ACME}/customers/")
        take(wide, "customers")
        narrow.goto(f"{ACME}/customers/")
        take(narrow, "customers-narrow-dark")
        open_customer(wide)
        take(wide, "customer")

        edit(wide)
        edit(narrow)
        save(narrow, "New switchboard", Phone="+49 421 555 0200")
        save(wide, "They called", Phone="+49 421 555 0300", City="Hamburg")
        wide.get_by_role("alert").wait_for()
        wide.set_viewport_size({"width": 1400, "height": 400})
        take(wide, "conflict")
        browser.close()


if __name__ == "__main__":
    main()
