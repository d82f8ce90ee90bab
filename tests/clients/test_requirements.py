"""What the clients' environments are made of is pinned, and the lock around making them holds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.clients.environments import FOLDER, HERE, environment, node_modules

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clients")]

NAMES = {
    "lago-0.1.3": "lago-python-client==0.1.3",
    "lago-0.5.0": "lago-python-client==0.5.0",
    "lago-1.55.0": "lago-python-client==1.55.0",
    "lago-billing-1.0.1": "lago-billing==1.0.1",
}
JAVASCRIPT = "lago-javascript-1.53.0"


@pytest.mark.parametrize("name", NAMES)
def test_every_package_is_pinned_with_its_hashes(name: str) -> None:
    text = (HERE / f"{name}.txt").read_text("utf-8")
    packages = [line for line in text.replace("\\\n", "").splitlines() if line]

    assert NAMES[name] in text
    assert len(packages) >= 8
    for package in packages:
        assert re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", package), package
    assert "://" not in text


def test_every_module_is_pinned_with_its_hash() -> None:
    text = (HERE / f"{JAVASCRIPT}.json").read_text("utf-8")
    root, *modules = json.loads(text)["packages"].values()

    assert root["dependencies"] == {"lago-javascript-client": "1.53.0"}
    assert [module["version"] for module in modules] == ["1.53.0"]
    for module in modules:
        assert re.fullmatch(r"sha512-[0-9A-Za-z+/]{86}==", module["integrity"])
    assert "://" not in text


@pytest.mark.parametrize(
    ("make", "name"),
    [*((environment, name) for name in NAMES), (node_modules, JAVASCRIPT)],
    ids=[*NAMES, JAVASCRIPT],
)
def test_a_folder_is_made_once_and_reused(make: Callable[[str], Path], name: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        (found, same) = pool.map(make, (name, name))
    made = (FOLDER / name / "installed.txt").stat().st_mtime_ns

    assert found == same == make(name)
    assert found.exists()
    assert (FOLDER / name / "installed.txt").stat().st_mtime_ns == made
