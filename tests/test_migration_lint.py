"""Migrations of later releases are linted: `make lint`."""

from __future__ import annotations

import subprocess
import sys

from django.apps import apps

from tests.copies import ROOT
from tests.lint_settings import MIGRATION_LINTER_OPTIONS


def linted(settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "lintmigrations", "--settings", settings]
    return subprocess.run(
        command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=120
    )


def test_the_projects_own_pass() -> None:
    done = linted("tests.lint_settings")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Erroneous migrations: 0" in done.stdout


def test_an_index_that_is_not_built_concurrently_is_refused() -> None:
    """The control."""
    done = linted("tests.faults.later.lint")

    assert done.returncode != 0
    assert "(later, 0001_column)... OK" in done.stdout
    assert "(later, 0002_index)... ERR" in done.stdout
    assert "CREATE INDEX" in done.stdout


def test_every_app_with_migrations_of_ours_is_linted() -> None:
    ours = {
        config.label
        for config in apps.get_app_configs()
        if config.name.startswith(("billing", "customers"))
        and (ROOT / config.path / "migrations").is_dir()
    }

    assert sorted(ours) == MIGRATION_LINTER_OPTIONS["include_apps"]


def test_make_lint_runs_it() -> None:
    assert "lintmigrations --settings tests.lint_settings" in (ROOT / "Makefile").read_text()
