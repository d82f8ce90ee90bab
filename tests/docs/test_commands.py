"""Every command of README.md and docs/ does what the page shows, against a live demo."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, Block, blocks
from tests.docs.shapes import differences
from tests.live_demo import Demo

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

TESTED = [each for each in blocks() if each.has_commands and not each.not_tested]
PYTHON = f"exec {sys.executable}"

Run = Callable[[str, Block], str]


@pytest.fixture
def run(demo: Demo, tmp_path: Path) -> Run:
    """Runs a command in a folder that looks like a checkout, against the demo."""
    curl = shutil.which("curl")
    assert curl is not None
    programs = {
        "sh/curl": f"exec {curl} --silent --show-error --fail-with-body",
        "console/curl": f"exec {curl} --silent --show-error",
        ".venv/bin/python": PYTHON,
        "bin/python": PYTHON,
        "bin/manage.py": f"{PYTHON} {ROOT}/manage.py",
    }
    for name, line in programs.items():
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f'#!/bin/sh\n{line} "$@"\n')
        program.chmod(0o755)
    for name in ("manage.py", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)

    def run(command: str, block: Block) -> str:
        folders = (tmp_path / block.language, tmp_path / "bin")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", demo.here(command)],
            check=False,
            cwd=tmp_path,
            env={
                **demo.environment,
                "PATH": os.pathsep.join([*map(str, folders), os.environ["PATH"]]),
                "PYTHONPATH": str(ROOT),
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, f"{block}: {command}\n{done.stdout}{done.stderr}"
        return done.stdout

    return run


@pytest.mark.parametrize("page", sorted({each.page for each in TESTED}))
def test_the_commands_of_a_page_work(page: str, run: Run) -> None:
    for block in TESTED:
        if block.page == page:
            for command, shown in block.commands():
                printed = run(command, block)
                if shown:
                    reported = differences(shown, printed)
                    assert reported == [], f"{block}: {command}\n{printed}"
