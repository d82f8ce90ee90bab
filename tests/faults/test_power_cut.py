"""Power cut: what reached the disk is all there is, and everything acknowledged is in it.

The database lies on a file system of its own, in an image file behind a loop device with direct
I/O. What the kernel still holds in its cache is not in the image: a copy of it is the disk after a
cut. PostgreSQL stands still while it is copied, and the journal is not written by time, so that the
copy is that of one moment.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.cluster.processes import make_folder
from tests.faults import FULL
from tests.faults.ledger import Ledger
from tests.faults.servers import Postgres, Web

SIZE = "600M"


def run(*command: object) -> str:
    done = subprocess.run(
        [str(part) for part in command], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout.strip()


def can_mount() -> bool:
    return os.geteuid() == 0 and Path("/dev/loop-control").exists()


pytestmark = pytest.mark.skipif("not can_mount()", reason="needs root and loop devices")


@contextmanager
def mounted(image: Path, folder: Path) -> Iterator[Path]:
    """The file system in an image, mounted at a folder."""
    folder.mkdir()
    device = run("losetup", "--find", "--show", "--direct-io=on", image)
    try:
        run("mount", "-o", "noatime,commit=300", device, folder)
        try:
            yield make_folder(folder)
        finally:
            run("umount", "--lazy", folder)
    finally:
        run("losetup", "--detach", device)


@pytest.mark.parametrize("fsync", ["on", "off"])
def test_a_power_cut_loses_nothing_that_was_flushed(folder: Path, fsync: str) -> None:
    image, copy = folder / "disk.img", folder / "disk-after.img"
    run("truncate", "--size", SIZE, image)
    run("mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", image)
    with mounted(image, folder / "disk") as disk:
        database = Postgres(disk / "database", fsync=fsync, full_page_writes="on")
        database.start()
        web = Web(database.url(), folder, LOG_LEVEL="CRITICAL")
        try:
            web.prepare()
            run("sync", "--file-system", disk)  # the cut comes later than the installation
            web.start()
            with Ledger(web.origin, web.api_key, threads=4) as ledger:
                ledger.wait_for(2000 if FULL else 300)
                database.signal(signal.SIGSTOP)
                acknowledged = dict(ledger.acknowledged)
                run("cp", "--sparse=auto", image, copy)
                database.signal(signal.SIGCONT)
        finally:
            web.kill()
            database.kill()
    # What was acknowledged after the cut is not asked for.
    ledger.acknowledged = acknowledged
    with mounted(copy, folder / "disk-after") as disk:
        (disk / "database/data/postmaster.pid").unlink(missing_ok=True)
        restored = Postgres(disk / "database", fsync="on")
        after = Web(restored.url(), folder)
        try:
            restored.start()
            after.start()
            ledger.origin = after.origin
            result = ledger.result(f"power cut, fsync {fsync}", control=fsync == "off")
        finally:
            after.kill()
            restored.kill()
    if fsync == "on":
        result.must_hold()
    else:
        assert result.lost > 0, result
