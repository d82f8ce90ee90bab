"""A fault in a window fails the test that opened it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from customers.models import Customer
from tests.browser.support import ACME, Browsing

pytestmark = pytest.mark.slow

FAULTS = {
    "console.error('broken')": "console error: broken",
    "setTimeout(() => { throw new Error('broken'); })": "page error: broken",
    "setTimeout(() => alert('broken'))": "dialog: broken",
    "document.body.setAttribute('style', 'color: red')": "CSP violation: style-src-attr",
}


def test_faults_are_noticed(sara: Page, browsing: Browsing, customer: Customer) -> None:
    for script, fault in FAULTS.items():
        sara.goto(f"{ACME}/customers/")
        assert browsing.faults == []
        sara.evaluate(f"() => {{ {script}; }}")
        sara.evaluate("() => new Promise((done) => setTimeout(done))")
        sara.goto(f"{ACME}/")

        found = "\n".join(browsing.faults)
        browsing.faults.clear()
        assert fault in found


def test_a_request_to_another_host_is_noticed(sara: Page, browsing: Browsing) -> None:
    page = '<!doctype html><img src="http://127.0.0.1:9/x.png">'
    sara.route("**/elsewhere", lambda route: route.fulfill(body=page, content_type="text/html"))
    sara.goto("/elsewhere")

    found = "\n".join(browsing.faults)
    browsing.faults.clear()
    assert "request to another host: http://127.0.0.1:9/x.png" in found
