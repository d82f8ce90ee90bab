"""Replaying a recording that a test has written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from customers.replay.recordings import Recording
from customers.replay.report import Found, Report
from customers.replay.run import replay
from tests.replay.recordings import Entry, contract, written

Replayed = Callable[..., Report]


@pytest.fixture
def replayed(db: None, tmp_path: Path) -> Replayed:
    """Replays exchanges with a contract, and keeps nothing."""

    def run(slug: str, entries: list[Entry], **options: Any) -> Report:
        file = written(tmp_path, entries)
        return replay(Recording(file), contract(slug), **{"dry_run": True, **options})

    return run


def unexplained(report: Report) -> list[Found]:
    return [one for one in report.found if one.explained is None]


def places(report: Report) -> list[tuple[str, str]]:
    """The kind and the place of each difference that is not explained."""
    return [(one.kind.value, one.pointer) for one in unexplained(report)]
