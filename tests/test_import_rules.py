"""The import rules of pyproject.toml hold, and each of them notices a violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

RUN = "from importlinter.cli import lint_imports_command; lint_imports_command()"

#: By the id of a rule: files, and the line that breaks the rule in them.
VIOLATIONS = {
    "rooms": [
        ("customers/values/addresses.py", "import customers.models"),
        ("customers/models/keyset.py", "import customers.insights.figures"),
        ("customers/insights/timeline.py", "import customers.rest.contract"),
        ("customers/rest/views.py", "import customers.staff.models"),
        ("customers/backoffice/home.py", "import customers.admin"),
        ("customers/loose.py", ""),
    ],
    "project": [("customers/models/base.py", "import billing.logs")],
    "contracts": [("customers/api/lago/views.py", "import customers.api.vatly.serializers")],
    "registry": [("customers/rest/contract.py", "import customers.api.lago.contract")],
    "rest-framework": [
        ("customers/insights/timeline.py", "import rest_framework"),
        ("customers/insights/figures.py", "import rest_framework"),
        ("customers/forms.py", "import rest_framework"),
        ("customers/models/errors.py", "import drf_spectacular"),
    ],
    "filters": [("customers/models/querysets.py", "import django_filters")],
    "generator": [("customers/generator/rows.py", "import customers.models")],
    "plugin": [("pytest_customer_registry/process.py", "import billing.double.faults")],
    "launcher-django": [("billing/embedded_postgres/server.py", "import django")],
    "launcher-production": [("billing/settings.py", "import billing.embedded_postgres.server")],
}


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The linter's verdict on the checkout in `folder`."""
    return subprocess.run(
        [sys.executable, "-c", RUN, "--no-cache", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": ""},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources, to be changed."""
    folder = tmp_path_factory.mktemp("sources")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in ("billing", "customers", "pytest_customer_registry"):
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return folder


@pytest.fixture
def violation(copy: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The sources with a line added to a file."""
    name, line = request.param
    file = copy / name
    before = file.read_text("utf-8") if file.exists() else None
    file.write_text(f"{before or ''}\n{line}\n", "utf-8")
    yield copy
    if before is None:
        file.unlink()
    else:
        file.write_text(before, "utf-8")


def test_the_rules_hold(copy: Path) -> None:
    done = lint(copy)

    assert done.returncode == 0, done.stdout


def test_a_violation_of_every_rule_is_planted() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]

    assert {rule["id"] for rule in rules["contracts"]} == VIOLATIONS.keys()


@pytest.mark.parametrize(
    ("rule", "violation"),
    [(rule, planted) for rule, planted_ones in VIOLATIONS.items() for planted in planted_ones],
    ids=lambda value: value if isinstance(value, str) else "-".join(value).replace(" ", "-"),
    indirect=["violation"],
)
def test_a_rule_notices_a_violation(rule: str, violation: Path) -> None:
    done = lint(violation, "--contract", rule)

    assert done.returncode != 0, done.stdout
    assert "BROKEN" in done.stdout or "exhaustive" in done.stdout.lower(), done.stdout + done.stderr
