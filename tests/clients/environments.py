"""Virtual environments of the checkout in which clients of others live, each in one of its own."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

HERE = Path(__file__).parent
FOLDER = Path(settings.BASE_DIR, ".venv-clients")


def environment(name: str) -> Path:
    """The Python of the environment with what `NAME.txt` pins; it is made unless it is there.

    A lock keeps two test processes from making it at once. Skips the test where the packages
    cannot be had; one whose hash is not the pinned one fails it.
    """
    FOLDER.mkdir(exist_ok=True)
    home = FOLDER / name
    python = home / "bin" / "python"
    pinned = (HERE / f"{name}.txt").read_text("utf-8")
    wanted = f"{sys.version}\n{pinned}"
    installed = home / "installed.txt"
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_whole = python.exists() and installed.is_file()
        if not is_whole or installed.read_text("utf-8") != wanted:
            shutil.rmtree(home, ignore_errors=True)
            _run(sys.executable, "-m", "venv", str(home))
            _run(
                *(str(python), "-m", "pip", "install", "--quiet", "--no-input"),
                *("--disable-pip-version-check", "--only-binary=:all:", "--require-hashes"),
                *("--requirement", str(HERE / f"{name}.txt")),
            )
            installed.write_text(wanted, "utf-8")  # last: without it the environment is not whole
    return python


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    if done.returncode == 0:
        return
    reported = (done.stderr.strip() or done.stdout.strip()).splitlines()
    assert not any("hash" in line.lower() for line in reported), done.stderr
    pytest.skip(
        f"the client cannot be installed here: {reported[-1] if reported else done.returncode}"
    )
