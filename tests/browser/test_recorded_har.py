"""What Chromium records of requests to an API is replayed."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from customers.models import ApiKey, Organization
from customers.replay.recordings import Recording
from customers.replay.run import replay
from customers.replay.selection import LeftOut
from tests.replay.recordings import contract

pytestmark = pytest.mark.slow

CALL = """
async ([key, method, path, body]) => {
  const headers = {"Authorization": `Bearer ${key}`, "Content-Type": "application/json"};
  const answer = await fetch(path, {method, headers, body});
  return answer.json();
}
"""


def test_a_har_of_chromium_is_replayed(
    chromium: Browser, live_server: LiveServer, acme: Organization, tmp_path: Path
) -> None:
    _, key = ApiKey.issue(acme, "test")
    file = tmp_path / "traffic.har"
    context = chromium.new_context(record_har_path=file)
    page = context.new_page()
    page.goto(f"{live_server.url}/healthz")
    body = '{"email": "ada@example.org", "metadata": {"city": "Århus"}}'
    made = page.evaluate(CALL, [key, "POST", "/v1/customers", body])
    page.evaluate(CALL, [key, "GET", f"/v1/customers/{made['id']}", None])
    page.evaluate(CALL, [key, "GET", "/v1/customers?limit=2", None])
    context.close()

    report = replay(Recording(file), contract("vatly"), dry_run=True)

    assert report.found == []
    assert (report.sent, report.left_out[LeftOut.ELSEWHERE]) == (3, 1)
