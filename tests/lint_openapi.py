"""Holds the pinned OpenAPI documents against the rules of Redocly and of Spectral.

    python -m tests.lint_openapi

The rules are in redocly.yaml and .spectral.yaml. Where the two cannot be installed, it says so and
does nothing; in CI that is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.copies import ROOT
from tests.packages import CannotInstall, modules_with

DOCUMENTS = ROOT / "fixtures" / "openapi"
LOCK = Path(__file__).with_name("openapi-linters.json")
#: Both refuse an older Node.js, and say so less clearly.
NODE = (20, 19)
#: Nothing is sent to Redocly's makers, nor asked of them.
ENVIRONMENT = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def linters(folder: Path) -> list[list[str]]:
    """The command of each linter over the documents of a folder. Raises CannotInstall."""
    programs = modules_with(LOCK) / ".bin"
    version = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True)
    found = tuple(map(int, version.stdout.strip().lstrip("v").split(".")[:2]))
    if found < NODE:
        raise CannotInstall(f"Node.js is older than {NODE[0]}.{NODE[1]}")
    documents = sorted(os.path.relpath(path, ROOT) for path in folder.glob("*.json"))
    assert documents
    return [
        [str(programs / "redocly"), "lint", *documents],
        [str(programs / "spectral"), "lint", "--fail-severity=hint", *documents],
    ]


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a linter, with what it reports."""
    return subprocess.run(
        command,
        check=False,
        cwd=ROOT,
        env={**os.environ, **ENVIRONMENT},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def main(folder: Path = DOCUMENTS) -> int:
    """Lint the documents of a folder; the exit status of the process."""
    try:
        commands = linters(folder)
    except CannotInstall as error:
        sys.stderr.write(f"The OpenAPI documents were not linted: {error}.\n")
        return 1 if os.environ.get("CI") else 0
    with ThreadPoolExecutor() as pool:
        failed = [done for done in pool.map(run, commands) if done.returncode]
    for done in failed:
        sys.stderr.write(done.stdout)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
