"""What the clients' environments are made of is pinned, and the lock around making them holds."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.clients.environments import FOLDER, HERE, environment

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clients")]

NAMES = ("lago-0.5.0", "lago-1.55.0")


@pytest.mark.parametrize("name", NAMES)
def test_every_package_is_pinned_with_its_hashes(name: str) -> None:
    text = (HERE / f"{name}.txt").read_text("utf-8")
    packages = [line for line in text.replace("\\\n", "").splitlines() if line]

    assert f"lago-python-client=={name.removeprefix('lago-')}" in text
    assert len(packages) >= 8
    for package in packages:
        assert re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", package), package
    assert "://" not in text


@pytest.mark.parametrize("name", NAMES)
def test_an_environment_is_made_once_and_reused(name: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        (python, same) = pool.map(environment, (name, name))
    made = (FOLDER / name / "installed.txt").stat().st_mtime_ns

    assert python == same == environment(name)
    assert python.exists()
    assert (FOLDER / name / "installed.txt").stat().st_mtime_ns == made
