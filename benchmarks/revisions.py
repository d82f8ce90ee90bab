"""The project as it was at another revision, to measure what a change costs."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.databases import ROOT


@contextmanager
def files_of(revision: str) -> Iterator[Path]:
    """A folder with the files of a revision, deleted at the end.

    Raises `subprocess.CalledProcessError` if git knows no such revision.
    """
    archive = subprocess.run(
        ["/usr/bin/env", "git", "archive", revision],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout
    with TemporaryDirectory(prefix="bench-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder)
