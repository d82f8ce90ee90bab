"""Suites of others against the double: what vendors' clients do when something goes wrong."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from pytest_customer_registry.registry import Registry
from tests.clients.environments import environment, node_modules

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("double")]

SUITES = Path(__file__).parent / "suites"


def run(registry: Registry, *command: str | Path, **variables: str) -> str:
    """What a suite prints; all of it must pass."""
    done = subprocess.run(
        command,
        check=False,
        env={**os.environ, "REGISTRY": registry.url, **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_lago_python_client(customer_registry: Registry) -> None:
    printed = run(customer_registry, environment("lago-1.55.0"), SUITES / "lago_python.py")

    assert re.search(r"Ran 8 tests in [\d.]+s\n\nOK\n", printed)


def test_lago_javascript_client(customer_registry: Registry) -> None:
    modules = node_modules("lago-javascript-1.53.0")
    suite = SUITES / "lago_node.test.cjs"
    printed = run(customer_registry, "node", "--test", suite, NODE_PATH=str(modules))

    assert re.search(r"^\S+ pass 8$", printed, re.MULTILINE), printed
    assert re.search(r"^\S+ skipped 0$", printed, re.MULTILINE), printed
