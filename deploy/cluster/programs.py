"""The programs of a cluster: from the system, from the wheel, and Patroni from pip."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from billing.embedded_postgres.programs import as_server_user
from deploy.cluster.processes import ROOT, StartError

LOCK = ROOT / "requirements-cluster.txt"
PACKAGES = {"etcd": "etcd-server", "haproxy": "haproxy", "pgbouncer": "pgbouncer"}  # Debian's


def require_system_programs() -> None:
    """Raise StartError if the system lacks a program, with the line that installs it."""
    missing = [package for name, package in PACKAGES.items() if find(name) is None]
    if missing:
        raise StartError(f"Install what is missing: apt-get install {' '.join(missing)}")


def find(name: str) -> str | None:
    """Where a program is; the folders of the system's daemons are not in everyone's path."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")


def program(name: str) -> str:
    found = find(name)
    assert found is not None, name
    return found


def install_patroni(folder: Path) -> Path:
    """Install what the lock pins into an environment in `folder`, once: its `bin`."""
    home = folder / "patroni"
    if not (home / "installed").exists():
        subprocess.run([python(), "-m", "venv", "--clear", "--without-pip", home], check=True)
        lock = LOCK.read_text("utf-8")
        # Two packages have no wheels. They are built with the setuptools of the lock.
        builder = re.search(r"(?m)^setuptools==.*\n(    --hash.*\n?)+", lock)
        assert builder is not None
        (home / "setuptools.txt").write_text(builder[0])
        for requirements in (home / "setuptools.txt", LOCK):
            pip_install(home / "bin" / "python", requirements)
        (home / "installed").touch()
    return home / "bin"


def pip_install(into: Path, requirements: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", into, "install", "--quiet", "--no-input"),
            *("--disable-pip-version-check", "--no-deps", "--no-build-isolation"),
            *("--require-hashes", "-r", requirements),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise StartError(f"Patroni is not installed: {done.stderr.strip()}")


def python() -> str:
    """A Python that the user of the database's processes can run: root's may lie in its home."""
    for candidate in (
        str(Path(sys.base_prefix) / "bin" / "python3"),
        "/usr/bin/python3",
        "/usr/local/bin/python3",
    ):
        try:
            done = subprocess.run(
                [candidate, "-c", "import sys, venv; sys.exit(sys.version_info < (3, 11))"],
                check=False,
                capture_output=True,
                **as_server_user(),
            )
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    raise StartError("Patroni needs a Python, 3.11 or newer, that the user nobody can run.")
