"""What others' packages are installed from is pinned, and the lock around making folders holds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.clients.environments import HERE, environment, node_modules
from tests.lint_openapi import LOCK
from tests.packages import FOLDER

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clients")]

NAMES = {
    "lago-0.1.3": "lago-python-client==0.1.3",
    "lago-0.5.0": "lago-python-client==0.5.0",
    "lago-1.55.0": "lago-python-client==1.55.0",
    "lago-billing-1.0.1": "lago-billing==1.0.1",
    "openapi-python-client-0.28.3": "openapi-python-client==0.28.3",
}
JAVASCRIPT = {
    "lago-javascript-1.53.0": {"lago-javascript-client": "1.53.0"},
    "openapi-typescript-7.13.0": {
        "openapi-fetch": "0.17.0",
        "openapi-typescript": "7.13.0",
        "typescript": "5.9.3",
    },
}
LOCKS = [*(HERE / f"{name}.json" for name in JAVASCRIPT), LOCK]


@pytest.mark.parametrize("name", NAMES)
def test_every_package_is_pinned_with_its_hashes(name: str) -> None:
    text = (HERE / f"{name}.txt").read_text("utf-8")
    packages = [line for line in text.replace("\\\n", "").splitlines() if line]

    assert NAMES[name] in text
    assert len(packages) >= 8
    for package in packages:
        assert re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", package), package
    assert "://" not in text


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_module_is_pinned_with_its_hash(lock: Path) -> None:
    text = lock.read_text("utf-8")
    root, *modules = json.loads(text)["packages"].values()

    assert root["dependencies"] == JAVASCRIPT.get(lock.stem, root["dependencies"])
    assert all(re.fullmatch(r"[\d.]+", version) for version in root["dependencies"].values())
    for module in modules:
        assert re.fullmatch(r"sha512-[0-9A-Za-z+/]{86}==", module["integrity"])
    assert "://" not in text


@pytest.mark.parametrize(
    ("make", "name"),
    [*((environment, name) for name in NAMES), *((node_modules, name) for name in JAVASCRIPT)],
    ids=[*NAMES, *JAVASCRIPT],
)
def test_a_folder_is_made_once_and_reused(make: Callable[[str], Path], name: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        (found, same) = pool.map(make, (name, name))
    made = (FOLDER / name / "installed.txt").stat().st_mtime_ns

    assert found == same == make(name)
    assert found.exists()
    assert (FOLDER / name / "installed.txt").stat().st_mtime_ns == made
