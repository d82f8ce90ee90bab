"""Folders of the checkout in which clients of others live, each with one client."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

HERE = Path(__file__).parent
FOLDER = Path(settings.BASE_DIR, ".venv-clients")


def environment(name: str) -> Path:
    """The Python of the virtual environment with what `NAME.txt` pins."""
    pinned = HERE / f"{name}.txt"

    def install(home: Path) -> None:
        _run(sys.executable, "-m", "venv", str(home))
        _run(
            *(str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input"),
            *("--disable-pip-version-check", "--only-binary=:all:", "--require-hashes"),
            *("--requirement", str(pinned)),
        )

    return _folder(name, f"{sys.version}\n{pinned.read_text('utf-8')}", install) / "bin" / "python"


def node_modules(name: str) -> Path:
    """The modules of Node.js that `NAME.json`, a lock of npm, pins."""
    lock = HERE / f"{name}.json"
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("the client cannot be installed here: there is no Node.js with npm")

    def install(home: Path) -> None:
        home.mkdir()
        shutil.copy(lock, home / "package-lock.json")
        package = json.loads(lock.read_text("utf-8"))["packages"][""]
        (home / "package.json").write_text(json.dumps(package), "utf-8")
        _run(npm, "ci", "--prefix", str(home), "--ignore-scripts", "--no-audit", "--no-fund")

    return _folder(name, lock.read_text("utf-8"), install) / "node_modules"


def _folder(name: str, wanted: str, install: Callable[[Path], None]) -> Path:
    """The folder of a client; it is made unless it is there, as `wanted`.

    A lock keeps two test processes from making it at once. Skips the test where the packages
    cannot be had; one whose hash is not the pinned one fails it.
    """
    FOLDER.mkdir(exist_ok=True)
    home = FOLDER / name
    installed = home / "installed.txt"
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not installed.is_file() or installed.read_text("utf-8") != wanted:
            shutil.rmtree(home, ignore_errors=True)
            install(home)
            installed.write_text(wanted, "utf-8")  # last: without it the folder is not whole
    return home


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    if done.returncode == 0:
        return
    reported = (done.stderr.strip() or done.stdout.strip()).splitlines()
    wrong = ("hash", "integrity")
    assert not any(word in line.lower() for line in reported for word in wrong), done.stderr
    pytest.skip(
        f"the client cannot be installed here: {reported[-1] if reported else done.returncode}"
    )
