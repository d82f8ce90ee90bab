"""Errors that are reported to Sentry have no one's data in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.copies import ROOT

# In a process of its own: Sentry changes Django for good.
REPORTING = """
import json, logging, sys
import django
django.setup()
from django.db import OperationalError
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from sentry_sdk.transport import Transport
import sentry_sdk
from billing.watch.sentry import report_errors
from customers.rest import documentation
from customers.values.demo_credentials import API_KEYS

events = []

class Kept(Transport):
    def capture_envelope(self, envelope):
        events.extend(item.payload.json for item in envelope.items if item.type == "event")

def fails(request):
    customer = "ada@example.org"
    raise ValueError("failed for 4111 1111 1111 1111")

report_errors(transport=Kept)
documentation.render = lambda *args, **kwargs: fails(args[0])
application = WSGIHandler()
for host in ("localhost", "elsewhere.example.org"):
    headers = {"Authorization": "Bearer " + API_KEYS["live"], "Host": host}
    request = RequestFactory().get("/?email=ada@example.org", headers=headers)
    application(request.environ, lambda *args: None).close()
logging.getLogger("customers").error("logged %s", API_KEYS["live"])
try:
    raise OperationalError("connection refused")
except OperationalError as error:
    for _ in range(50):
        logging.getLogger("customers").error("away", exc_info=error)
sentry_sdk.flush()
print(json.dumps(events, default=str))
"""


@pytest.fixture(scope="module")
def reported() -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-c", REPORTING],
        check=False,
        cwd=ROOT,
        env={
            **os.environ,
            "DEBUG": "1",
            "DATABASE_URL": "postgresql://registry@127.0.0.1:1/registry",
            "DJANGO_SETTINGS_MODULE": "billing.settings",
            "SENTRY_DSN": "https://key@127.0.0.1:1/1",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    events: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return events


def test_an_error_is_reported_with_its_place(reported: list[Any]) -> None:
    errors = [event for event in reported if "exception" in event]

    assert len(errors) == 1
    (raised,) = errors[0]["exception"]["values"]
    assert raised["type"] == "ValueError"
    assert raised["value"] == "failed for (card number)"
    assert raised["stacktrace"]["frames"][-1]["function"] == "fails"
    assert errors[0]["request"].keys() == {"method", "url"}


def test_what_is_logged_as_an_error_is_reported_masked(reported: list[Any]) -> None:
    told = [event["logentry"] for event in reported if "logentry" in event]

    assert any("(secret)" in json.dumps(each) for each in told)


def test_no_report_has_anyones_data(reported: list[Any]) -> None:
    for event in reported:
        event.pop("modules", None)
        for raised in event.get("exception", {}).get("values", ()):
            for frame in raised["stacktrace"]["frames"]:
                assert "vars" not in frame
                for lines in ("pre_context", "post_context", "context_line"):
                    frame.pop(lines, None)  # the source
        text = json.dumps(event)
        assert "ada@" not in text
        assert "4111" not in text
        assert "live_demo" not in text
        assert "breadcrumbs" not in event
        assert "user" not in event


def test_a_database_that_is_away_is_reported_once(reported: list[Any]) -> None:
    assert len([event for event in reported if "connection refused" in json.dumps(event)]) == 1
