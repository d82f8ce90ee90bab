"""Folders of the checkout with what a lock pins of PyPI or npm, each made once and reused."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.copies import ROOT

FOLDER = ROOT / ".venv-clients"


class CannotInstall(Exception):
    """The packages cannot be had here.

    One whose hash is not the pinned one is an AssertionError.
    """


def python_with(lock: Path) -> Path:
    """The Python of a virtual environment with what a file of requirements pins."""

    def install(home: Path) -> None:
        _run(sys.executable, "-m", "venv", str(home))
        _run(
            *(str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input"),
            *("--disable-pip-version-check", "--only-binary=:all:", "--require-hashes"),
            *("--requirement", str(lock)),
        )

    text = lock.read_text("utf-8")
    return _folder(lock.stem, f"{sys.version}\n{text}", install) / "bin" / "python"


def modules_with(lock: Path) -> Path:
    """The modules of Node.js that a lock of npm pins."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise CannotInstall("there is no Node.js with npm")

    def install(home: Path) -> None:
        home.mkdir()
        shutil.copy(lock, home / "package-lock.json")
        package = json.loads(lock.read_text("utf-8"))["packages"][""]
        (home / "package.json").write_text(json.dumps(package), "utf-8")
        _run(npm, "ci", "--prefix", str(home), "--ignore-scripts", "--no-audit", "--no-fund")

    return _folder(lock.stem, lock.read_text("utf-8"), install) / "node_modules"


def _folder(name: str, wanted: str, install: Callable[[Path], None]) -> Path:
    """The folder of a lock; it is made unless it is there, as `wanted`.

    A file that is locked meanwhile keeps two processes from making it at once.
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
    raise CannotInstall(reported[-1] if reported else str(done.returncode))
