"""Help and versions need no settings; nothing else gets those of development."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandParser, get_commands, load_command_class

from billing.command_line import only_prints_help
from tests.copies import copy_project

SHOWN = [
    "",
    "help",
    "help migrate",
    "help --commands",
    "version",
    "--version",
    "--help",
    "-h",
    "issue_api_key --help",
    "issue_api_key -h acme",
    "migrate --version",
]
RUN = [
    "migrate",
    "migrate help",
    "shell --command --help",
    "shell -c -h",
    "shell -c=--help",
    "issue_api_key acme --name --help",
    "issue_api_key -- --help",
    "migrate --help=1",
    "--help migrate",
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("checkout"))


def manage(checkout: Path, arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments.split()],
        check=False,
        cwd=checkout,
        env={"PATH": os.defpath, **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("arguments", SHOWN)
def test_what_only_prints_help_is_known(arguments: str) -> None:
    assert only_prints_help(arguments.split())


@pytest.mark.parametrize("arguments", RUN)
def test_all_else_is_run_with_the_settings_of_the_environment(arguments: str) -> None:
    assert not only_prints_help(arguments.split())


@pytest.mark.parametrize("option", ["-h", "--help", "--version"])
def test_every_command_ends_at_such_an_option_whatever_follows(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = get_commands()
    assert "migrate" in commands
    for name, app in commands.items():
        parser = load_command_class(app, name).create_parser("manage.py", name)
        assert isinstance(parser, CommandParser)
        with pytest.raises(SystemExit) as end:
            parser.parse_args([option, "--no-such-option", "more"])
        assert end.value.code == 0, name
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("arguments", ["", "help", "issue_api_key --help", "version"])
def test_it_is_shown_without_any_settings(checkout: Path, arguments: str) -> None:
    before = {path for path in checkout.rglob("*") if path.name != "__pycache__"}

    done = manage(checkout, arguments)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
    made = {path for path in checkout.rglob("*") if path.name != "__pycache__"} - before
    assert {path.suffix for path in made} <= {".pyc"}


def test_the_help_lists_the_products_own_commands(checkout: Path) -> None:
    assert {"demo", "issue_api_key", "sweep"} <= set(manage(checkout, "help").stdout.split())


@pytest.mark.parametrize("arguments", ["shell --command --help", "check", "migrate -- --help"])
def test_a_command_that_runs_does_not_become_development(checkout: Path, arguments: str) -> None:
    done = manage(checkout, arguments)

    assert done.returncode != 0
    assert done.stderr.startswith("Settings: SECRET_KEY:")
    assert done.stdout == ""
