"""Whether the processes that PostgreSQL's lock files name are alive."""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

SETTLE_TIMEOUT = 15  # seconds that the children of a killed server may hold its memory


def read_pid(lock_file: Path) -> int | None:
    """The process id in the first line of a lock file of PostgreSQL's."""
    try:
        return int(lock_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def is_alive(pid: int | None) -> bool:
    """Whether there is such a process, and it is no zombie."""
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return not Path("/proc/self").exists()  # without /proc, zombies count as alive


def has_processes(folder: Path) -> bool:
    """Whether a process works in `folder`, as a killed server's children do for a moment."""
    for process in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if process.readlink() == folder:
                return True
    return False


def wait_until(done: Callable[[], bool], timeout: float = SETTLE_TIMEOUT) -> None:
    """Wait until `done()` is true, but at most `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not done() and time.monotonic() < deadline:
        time.sleep(0.05)
