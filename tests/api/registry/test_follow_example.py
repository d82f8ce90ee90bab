"""What docs/examples/follow.py does when the registry is away, refuses, or was restored.

That it survives being killed is shown by tests/faults/test_follow.py.
"""

from __future__ import annotations

import importlib.util
import io
import json
import sys
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from customers.models import Customer, CustomerUser
from tests import factories

pytestmark = pytest.mark.usefixtures("everything_has_ended")

SCRIPT = Path(__file__).resolve().parents[3] / "docs/examples/follow.py"

Trouble = Callable[[], None]


class Line:
    """Takes requests to the API of the test, after the troubles that it was given."""

    def __init__(self, api: APIClient) -> None:
        self.api = api
        self.troubles: list[Trouble] = []
        self.pauses: list[float] = []

    def open(self, request: Request, timeout: float) -> io.BytesIO:
        if self.troubles:
            self.troubles.pop(0)()
        answer = self.api.get(request.full_url, headers=dict(request.header_items()))
        if answer.status_code >= 400:
            refuse(answer.status_code)
        return io.BytesIO(answer.content)


def refuse(status: int, **headers: str) -> None:
    found = Message()
    for name, value in headers.items():
        found[name.replace("_", "-")] = value
    raise HTTPError("http://testserver/", status, "refused", found, None)


def close() -> None:
    raise ConnectionResetError


@pytest.fixture
def follow(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("follow", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def line(api: APIClient, follow: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Line:
    line = Line(api)
    monkeypatch.setattr(follow.urllib.request, "urlopen", line.open)
    monkeypatch.setattr(follow.time, "sleep", line.pauses.append)
    return line


@pytest.fixture
def run(
    line: Line, follow: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[], dict[str, Any]]:
    """Bring the copy in step; return its records by id."""
    path = str(tmp_path / "copy.sqlite3")
    arguments = ("--url", "http://testserver", "--key", "of the client", "--database", path)
    monkeypatch.setattr(sys, "argv", ["follow.py", *arguments, "--once"])

    def run() -> dict[str, Any]:
        follow.main()
        rows = follow.sqlite3.connect(path).execute("SELECT id, body FROM record WHERE NOT deleted")
        return {id: json.loads(body) for id, body in rows}

    return run


def test_a_registry_that_is_away_is_asked_again(
    customer: Customer, line: Line, run: Callable[[], dict[str, Any]]
) -> None:
    line.troubles = [close, lambda: refuse(503, Retry_After="3"), lambda: refuse(429), close]

    assert run().keys() == {str(customer.pk)}
    assert line.pauses == [0.5, 3.0, 2.0, 4.0]


def test_a_refused_key_ends_it(line: Line, run: Callable[[], dict[str, Any]]) -> None:
    line.troubles = [lambda: refuse(401)]

    with pytest.raises(HTTPError, match="401"):
        run()


def test_after_a_restore_the_copy_is_made_again(
    customer: Customer, run: Callable[[], dict[str, Any]]
) -> None:
    assert run()[str(customer.pk)]["name"] == "Coleman-Blair"
    customer.delete()
    other = factories.customer(customer.organization, name="Of the backup")
    call_command("advance_events", stdout=io.StringIO())

    assert run().keys() == {str(other.pk)}


def test_all_users_of_a_customer_are_copied(
    customer: Customer, run: Callable[[], dict[str, Any]]
) -> None:
    for number in range(101):
        factories.user(customer, email=f"{number}@example.org")

    assert len(run()) == 102


def test_a_deletion_is_followed(customer: Customer, run: Callable[[], dict[str, Any]]) -> None:
    user = factories.user(customer)
    assert str(user.pk) in run()
    CustomerUser.objects.get(pk=user.pk).delete()

    assert run().keys() == {str(customer.pk)}
