"""What the clients of others are installed in. Where they cannot be had, a test is skipped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packages import CannotInstall, modules_with, python_with

HERE = Path(__file__).parent


def environment(name: str) -> Path:
    """The Python of the virtual environment with what `NAME.txt` pins."""
    return _or_skip(python_with, f"{name}.txt")


def node_modules(name: str) -> Path:
    """The modules of Node.js that `NAME.json`, a lock of npm, pins."""
    return _or_skip(modules_with, f"{name}.json")


def _or_skip(install: Callable[[Path], Path], lock: str) -> Path:
    try:
        return install(HERE / lock)
    except CannotInstall as error:
        pytest.skip(f"the client cannot be installed here: {error}")
