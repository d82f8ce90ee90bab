"""`manage.py migrate`: what has not got its locks is tried again."""

from __future__ import annotations

from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate as django
from django.db import OperationalError, connection
from psycopg.errors import AdminShutdown, LockNotAvailable
from pytest_django import Settings

from billing.management.commands import migrate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "FIRST_PAUSE", 0.01)


def failing(monkeypatch: pytest.MonkeyPatch, cause: Exception, times: float) -> list[None]:
    """Make Django's command fail so often. Returns its runs."""
    runs: list[None] = []

    def handle(self: Any, *args: Any, **options: Any) -> None:
        runs.append(None)
        if len(runs) <= times:
            raise OperationalError("canceling statement") from cause

    monkeypatch.setattr(django.Command, "handle", handle)
    return runs


def lock_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])


def test_it_is_tried_until_it_gets_its_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = failing(monkeypatch, LockNotAvailable(), times=3)
    printed = StringIO()

    call_command("migrate", stdout=printed)

    assert len(runs) == 4
    assert printed.getvalue().count("in use; trying again in") == 3


def test_patience_ends_with_one_line(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.MIGRATION_PATIENCE = 0.05
    runs = failing(monkeypatch, LockNotAvailable(), times=float("inf"))

    with pytest.raises(CommandError, match="MIGRATION_PATIENCE"):
        call_command("migrate", stdout=StringIO())

    assert len(runs) > 1


def test_another_error_is_raised_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = failing(monkeypatch, AdminShutdown(), times=1)

    with pytest.raises(OperationalError):
        call_command("migrate", stdout=StringIO())

    assert len(runs) == 1


@pytest.mark.parametrize(("atomic", "limit"), [(True, "300ms"), (False, "0")])
def test_a_migration_that_holds_others_up_waits_briefly(atomic: bool, limit: str) -> None:  # noqa: FBT001
    command = migrate.Command(stdout=StringIO())
    command.database, command.verbosity = connection, 0

    command.migration_progress_callback("apply_start", SimpleNamespace(atomic=atomic))

    assert lock_timeout() == limit


def test_afterwards_the_limit_is_as_before() -> None:
    before = lock_timeout()

    call_command("migrate", verbosity=0)

    assert lock_timeout() == before
