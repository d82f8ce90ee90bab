"""What a fault did, one line each; `python -m tests.faults.results FILE` prints them as a table."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

RESULTS = "FAULT_RESULTS"  # the variable with the name of the file that results are appended to


@dataclass(frozen=True)
class Result:
    """The outcome of a fault, or of a control: the same with the safeguard off."""

    fault: str
    times: int
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    longest_gap: float = 0.0  # seconds
    unknown: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    control: bool = False
    note: str = ""

    def record(self) -> None:
        """Print it, and append it to the file that the environment names."""
        sys.stdout.write(f"\n{self}\n")
        sys.stdout.flush()
        RECORDED.append(self)
        if path := os.environ.get(RESULTS):
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(self)) + "\n")

    def must_hold(self) -> Result:
        """Fail if anything acknowledged is lost, or anything is there twice."""
        assert (self.lost, self.doubled) == (0, 0), self
        assert self.acknowledged > 0, self
        return self

    def __str__(self) -> str:
        parts = [
            f"{'control: ' if self.control else ''}{self.fault}",
            f"times {self.times}",
            f"acknowledged {self.acknowledged}",
            f"lost {self.lost}",
            f"doubled {self.doubled}",
            f"longest gap {self.longest_gap:.2f} s",
        ]
        if self.refused:
            parts.append("refused " + ", ".join(f"{n} × {s}" for s, n in self.refused.items()))
        if self.unknown:
            parts.append(f"unanswered {self.unknown}")
        return "; ".join([*parts, *([self.note] if self.note else [])])


RECORDED: list[Result] = []  # of this process


def table(results: list[Result]) -> str:
    """Markdown: the faults in the order in which they ran, each followed by its controls."""
    lines = [
        "| fault | times | stored | lost | doubled | longest gap, s | refused | unanswered | |",
        "|---|--:|--:|--:|--:|--:|---|--:|---|",
    ]
    for result in results:
        refused = ", ".join(f"{count} × {status}" for status, count in result.refused.items())
        fault = f"*control:* {result.fault}" if result.control else result.fault
        lines.append(
            f"| {fault} | {result.times} | {result.acknowledged:,} | {result.lost:,} "
            f"| {result.doubled:,} | {result.longest_gap:.2f} | {refused} | {result.unknown} "
            f"| {result.note} |"
        )
    return "\n".join(lines)


def read(path: Path) -> list[Result]:
    """The results in a file."""
    return [Result(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    sys.stdout.write(table(read(Path(sys.argv[1]))) + "\n")
