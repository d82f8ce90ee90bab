"""The sdist and the wheel of this project, and environments with the wheel installed."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

from tests.copies import copy_project

# The environment of the tests has the dependencies and, as it is no editable one, no checkout.
DEPENDENCIES = sysconfig.get_path("purelib")


def build(folder: Path) -> Path:
    """Put the sdist, and the wheel that is made of it, into the folder. Returns the wheel."""
    source = copy_project(folder / "source")
    build = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run([*build, "-t", "sdist"], check=True, cwd=source, capture_output=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as sdist:
        sdist.extractall(folder / "unpacked", filter="data")
    (unpacked,) = (folder / "unpacked").iterdir()
    subprocess.run([*build, "-t", "wheel"], check=True, cwd=unpacked, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, environment: Path) -> Path:
    """Make an environment with the wheel and its dependencies. Returns its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    install = ["install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([*pip, *install], check=True, capture_output=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(f"{DEPENDENCIES}\n")
    return python
