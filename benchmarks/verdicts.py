"""What the samples amount to: medians, ratios, and whether each goal is met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from benchmarks.machine import NOISY, spread
from benchmarks.rows import Row
from benchmarks.wrk import Sample

PROJECT = "project"
PLAIN = "plain DRF"
BARE = "bare psycopg"
PGBENCH = "pgbench"
FEW = "project, few customers"
BEFORE = "project, before"
#: What a change may cost: less cannot be told from the noise of a machine.
OF_BEFORE = 0.95


@dataclass
class Measured:
    """One row with its samples: those of each contender, a sample for each round."""

    row: Row
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    #: The median of the project's requests that were sent one at a time, in milliseconds.
    alone: float | None = None
    note: str = ""

    def rate(self, contender: str = PROJECT) -> float | None:
        """The median of a contender's requests per second."""
        found = self.rates(contender)
        return median(found) if found else None

    def rates(self, contender: str = PROJECT) -> list[float]:
        return [sample.rate for sample in self.samples.get(contender, [])]

    def time(self, percentile: str) -> float | None:
        """The median of the project's percentiles, such as "p99", in milliseconds."""
        times = (getattr(sample, percentile) for sample in self.samples.get(PROJECT, []))
        known = [time for time in times if time is not None]
        return median(known) if known else None

    @property
    def errors(self) -> list[str]:
        """What no contender should have answered."""
        return [
            f"{contender}: {sample.errors}"
            for contender, samples in self.samples.items()
            for sample in samples
            if sample.errors
        ]

    @property
    def is_noisy(self) -> bool:
        """Whether some contender's rounds are too far apart to judge."""
        return any(spread(self.rates(contender)) > NOISY for contender in self.samples)


@dataclass(frozen=True)
class Verdict:
    """A figure beside its goal."""

    of: str  # what the figure is a ratio of, or "ms alone"
    figure: float
    goal: float
    at_most: bool = False

    @property
    def is_met(self) -> bool:
        return self.figure <= self.goal if self.at_most else self.figure >= self.goal

    def __str__(self) -> str:
        sign, mark = "≤" if self.at_most else "≥", "✓" if self.is_met else "✗"
        return f"{number(self.figure)} {mark} {sign} {self.goal:g}"


def judge(measured: Measured, table: Mapping[str, Measured]) -> list[Verdict]:
    """The row's figures beside its goals. A row with errors meets none."""
    row = measured.row
    own = 0.0 if measured.errors else measured.rate() or 0.0
    found = []
    for contender, goal in ((PLAIN, row.of_plain), (BARE, row.of_bare)):
        if goal is not None and (other := measured.rate(contender)):
            found.append(Verdict(contender, own / other, goal))
    if row.of_row is not None:
        key, goal = row.of_row
        if key in table and (other := table[key].rate()):
            found.append(Verdict(table[key].row.title, own * row.each / other, goal))
    if before := measured.rate(BEFORE):
        found.append(Verdict("of before", own / before, OF_BEFORE))
    few = measured.rate(FEW)
    if row.of_few is not None and few and own:
        found.append(Verdict("few customers' rate ÷ this", few / own, row.of_few, at_most=True))
    if row.alone is not None and measured.alone is not None:
        found.append(Verdict("ms, one at a time", measured.alone, row.alone, at_most=True))
    p50, p99 = measured.time("p50"), measured.time("p99")
    if row.tail is not None and p50 and p99:
        found.append(Verdict("p99 ÷ p50", p99 / p50, row.tail, at_most=True))
    return found


def number(value: float | None) -> str:
    """A figure with three digits, or all those before the point."""
    if value is None:
        return ""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
