"""docs/replay.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from customers.replay.recordings import MAX_EXCHANGES, MAX_HAR_BYTES, MAX_LINE_BYTES, Recording
from customers.replay.run import replay
from customers.rest.traffic import Kind
from tests.replay.recordings import contract

PAGE = (Path(__file__).parents[2] / "docs" / "replay.md").read_text()


def test_the_line_that_it_shows_can_be_replayed(db: None, tmp_path: Path) -> None:
    file = tmp_path / "shown.jsonl"
    file.write_text(PAGE.partition("```json\n")[2].partition("```")[0])

    report = replay(Recording(file), contract("lago"), dry_run=True)

    assert (report.sent, report.by_kind.keys() - {Kind.ADDED}) == (1, set())


def test_it_names_every_kind_of_difference() -> None:
    table = PAGE.partition("| kind |")[2].partition("## The report")[0]
    named = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)))

    assert sorted(named) == sorted(Kind)


def test_it_has_the_limits() -> None:
    assert f"may have {MAX_HAR_BYTES // 2**20} MiB" in PAGE
    assert f"line by line, {MAX_LINE_BYTES // 2**20} MiB each" in PAGE
    assert f"{MAX_EXCHANGES:,} requests" in PAGE
