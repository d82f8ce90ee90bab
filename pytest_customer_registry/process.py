"""Starts and ends the process of the registry."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: The first start on a machine makes the tables; later ones take a copy.
START_SECONDS = 120
END_SECONDS = 30
# Where the registry is installed: before everything else, as the project may have such names too.
_HERE = str(Path(__file__).resolve().parent.parent)
_COMMAND = [sys.executable, "-P", "-m", "billing.double", "--until-eof"]


class NotStarted(Exception):
    """The registry did not start; the message is what it wrote."""


@contextmanager
def running(log: Path) -> Iterator[str]:
    """Run a registry while the block lasts, and yield the address that it serves at.

    What it writes goes to `log`.

    Raises:
        NotStarted: it has ended, or taken too long.
    """
    with log.open("wb") as written:
        process = subprocess.Popen(
            _COMMAND,
            stdin=subprocess.PIPE,  # whose end, however this process ends, ends that one
            stdout=subprocess.PIPE,
            stderr=written,
            env={**os.environ, "PYTHONPATH": _HERE},
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        timer = threading.Timer(START_SECONDS, process.kill)
        timer.start()
        line = process.stdout.readline().decode()
        timer.cancel()
        if not line:
            raise NotStarted(log.read_text("utf-8", "replace") or f"Not within {START_SECONDS} s.")
        yield line.split()[-1]
    finally:
        process.stdin.close()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
