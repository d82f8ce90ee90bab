"""The machine, the versions and the commit that were measured, and how quiet the machine was."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles

import psycopg

from benchmarks.databases import ROOT

NOISY = 0.25  # of the median: more than this between rounds, and a figure means little
_LOOPS = 400_000


def calibrate() -> float:
    """The milliseconds of a fixed piece of work: they vary if something else runs."""
    start = time.perf_counter()
    total = 0
    for number in range(_LOOPS):
        total += number & 7
    return (time.perf_counter() - start) * 1000


def spread(values: list[float]) -> float:
    """How far apart the values are, as a share of their median."""
    middle = median(values)
    return (max(values) - min(values)) / middle if middle else 0.0


def steadiness(times: list[float]) -> float:
    """How far apart the calibrations are, but for the tenth at either end."""
    tenths = quantiles(times, n=10)
    return (tenths[-1] - tenths[0]) / median(times)


def describe(url: str) -> dict[str, str]:
    """What was measured, and where."""
    with psycopg.connect(url) as connection:
        server = connection.info.parameter_status("server_version")
    packages = ("django", "djangorestframework", "psycopg", "granian", "gunicorn")
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": commit(),
        "cores": str(os.cpu_count()),
        "processor": processor(),
        "load before": f"{os.getloadavg()[0]:.2f}",
        "Python": platform.python_version(),
        "PostgreSQL": str(server),
        **{name: version(name) for name in packages},
    }


def commit() -> str:
    def git(*arguments: str) -> str:
        command = ["/usr/bin/env", "git", *arguments]
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
        return done.stdout.strip()

    changed = " with changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    return (git("rev-parse", "--short", "HEAD") or "unknown") + changed


def processor() -> str:
    information = Path("/proc/cpuinfo")
    text = information.read_text() if information.exists() else ""
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return found[1] if found else platform.processor()
