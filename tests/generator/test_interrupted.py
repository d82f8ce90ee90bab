"""A run of `generate_customers` that is interrupted or killed leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection
from pytest_django import Settings

from customers.generator import load as loading
from customers.generator.rows import Order
from customers.generator.stream import Part, parts
from customers.models import Organization
from tests.generator.support import definitions, generate, state

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def debug(settings: Settings) -> None:
    settings.DEBUG = True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_run_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    before = definitions()

    def interrupted(order: Order) -> Generator[Part]:
        with closing(parts(order)) as coming:
            yield next(coming)
        raise error

    monkeypatch.setattr(loading, "parts", interrupted)
    with pytest.raises((CommandError, RuntimeError)):
        generate(300)

    assert not any(state().values())
    assert not Organization.objects.exists()
    assert definitions() == before


# A test run in the background ignores SIGINT, and so would what it starts.
HEARING_CTRL_C = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_run_leaves_nothing(number: int) -> None:
    before, settings = definitions(), connection.settings_dict
    url = (
        f"postgresql://{settings['USER']}:{settings['PASSWORD'] or 'none'}@/{settings['NAME']}"
        f"?host={settings['HOST']}&port={settings['PORT']}"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", HEARING_CTRL_C, "manage.py", "generate_customers", "1000000"],
        cwd=ROOT,
        env={**os.environ, "DEBUG": "1", "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while process.poll() is None and not copying():
            time.sleep(0.05)
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    while copying():
        time.sleep(0.05)

    assert process.returncode == (1 if number == signal.SIGINT else -number), errors
    assert output == ""
    if number == signal.SIGINT:
        assert "Nothing was added" in errors
    assert not any(state().values())
    assert definitions() == before


def copying() -> bool:
    """Whether another session is in the middle of a run."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND query LIKE 'COPY%%')"
        )
        return bool(cursor.fetchone()[0])
