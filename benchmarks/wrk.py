"""Runs `wrk`, the HTTP load generator, and reads what it measured."""

from __future__ import annotations

import itertools
import json
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 16
TIMEOUT = 30  # seconds that a request may take
_SCRIPT = Path(__file__).with_suffix(".lua")
_runs = itertools.count(1)
_LETTERS = str.maketrans("0123456789", "bcdfghjklm")


@dataclass(frozen=True)
class Sample:
    """What one contender reached with one row in one round. Times are milliseconds."""

    rate: float
    p50: float | None = None
    p90: float | None = None
    p99: float | None = None
    #: Responses that were refused, connections that broke, requests that timed out.
    errors: str = ""


def require_wrk() -> None:
    """End the program if wrk is not installed."""
    if shutil.which("wrk") is None:
        sys.exit("make bench needs wrk, an HTTP load generator: apt-get install wrk")


def unique_letters() -> str:
    """Letters that no other run of wrk has. Digits could look like the number of a card."""
    number = time.time_ns() // 1_000_000 * 100 + next(_runs) % 100
    return str(number).translate(_LETTERS)


def start(
    origin: str,
    requests: Path,
    headers: dict[str, str],
    seconds: float,
    status: int,
    connections: int = CONNECTIONS,
) -> subprocess.Popen[str]:
    """Begin to send a file of requests (see wrk.lua) as fast as they are answered."""
    command = [
        *("wrk", "--threads", "1", "--connections", str(connections), "--latency"),
        *("--duration", f"{max(1, round(seconds))}s", "--timeout", f"{TIMEOUT}s"),
        *("--script", str(_SCRIPT)),
        *(part for name, value in headers.items() for part in ("--header", f"{name}: {value}")),
        origin,
        *("--", str(requests), unique_letters(), str(random.randrange(10**6)), str(status)),  # noqa: S311
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> Sample:
    """Wait for its end, and read what it measured."""
    output, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"wrk ended with status {process.returncode}: {output}")
    return read_sample(output)


def read_sample(output: str) -> Sample:
    """The sample in what wrk printed: the JSON of wrk.lua is its last line.

    The line before shows the first response that was not the expected one.
    """
    *_, example, last = output.strip().splitlines()
    found = json.loads(last)
    counts = {
        f"unexpected ({example})": found["refused"],
        "broken connections": found["socket"],
        "timeouts": found["timeout"],
    }
    errors = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    if not found["requests"]:
        return Sample(0.0, errors=errors)
    return Sample(
        found["requests"] / found["seconds"], found["p50"], found["p90"], found["p99"], errors
    )
