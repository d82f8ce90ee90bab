"""The results as a Markdown table, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.machine import NOISY, steadiness
from benchmarks.verdicts import (
    BARE,
    PGBENCH,
    PLAIN,
    Measured,
    Verdict,
    judge,
    number,
)

WORKER_MIB = 80.0
HEADINGS = [
    *("", "requests/s (min – max)", "p50 / p90 / p99 ms", "alone, ms"),
    *(PLAIN, f"× {PLAIN}", BARE, f"of {BARE}", PGBENCH, "other goals"),
]


@dataclass(frozen=True)
class Run:
    """One run of the benchmark."""

    machine: dict[str, str]
    conditions: dict[str, str]
    table: dict[str, Measured]
    calibrations: list[float]
    #: MiB by server and moment.
    memory: dict[str, dict[str, float]]
    remarks: list[str]


def markdown(run: Run) -> str:
    """What `make bench` prints."""
    head = [_cells(HEADINGS), _cells(["---", *["--:"] * (len(HEADINGS) - 2), "---"])]
    rows = [_cells(_row(measured, run.table)) for measured in run.table.values()]
    notes = [*_noise(run), *_errors(run), *_notes(run), *run.remarks]
    facts = [
        ", ".join(f"{name} {value}" for name, value in {**run.conditions, **run.machine}.items()),
        "Memory of a worker, MiB: "
        + "; ".join(
            f"{name} {_memory(name, found['rss'])} resident,"
            f" {found['pss']:.0f} with shared pages divided"
            for name, found in run.memory.items()
        ),
    ]
    return "\n".join([*head, *rows, "", *(f"- {text}" for text in [*facts, *notes]), ""])


def _memory(name: str, mib: float) -> str:
    """The goal is the project's."""
    return number(mib) if name == PLAIN else str(Verdict("", mib, WORKER_MIB, at_most=True))


def _cells(texts: list[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _row(measured: Measured, table: Mapping[str, Measured]) -> list[str]:
    verdicts = {verdict.of: verdict for verdict in judge(measured, table)}
    ratios = {PLAIN: verdicts.pop(PLAIN, None), BARE: verdicts.pop(BARE, None)}
    rates = measured.rates()
    between = f" ({number(min(rates))} – {number(max(rates))})" if len(rates) > 1 else ""
    times = [number(measured.time(name)) for name in ("p50", "p90", "p99")]
    return [
        measured.row.title + (" ✗ **errors**" if measured.errors else "") + _mark(measured),
        number(measured.rate()) + between,
        " / ".join(times) if all(times) else "none answered",
        number(measured.alone),
        number(measured.rate(PLAIN)),
        _ratio(measured, PLAIN, ratios[PLAIN]),
        number(measured.rate(BARE)),
        _ratio(measured, BARE, ratios[BARE]),
        number(measured.rate(PGBENCH)),
        "; ".join(f"{verdict} ({verdict.of})" for verdict in verdicts.values()),
    ]


def _mark(measured: Measured) -> str:
    return " ~" if measured.is_noisy else ""


def _ratio(measured: Measured, contender: str, verdict: Verdict | None) -> str:
    if verdict:
        return str(verdict)
    own, other = measured.rate(), measured.rate(contender)
    return number(own / other) if own is not None and other else ""


def _noise(run: Run) -> list[str]:
    found = []
    steady = steadiness(run.calibrations)
    if steady > NOISY:
        found.append(
            f"**The machine was too noisy to judge**: the same piece of work took {steady:.0%}"
            " longer at some times than at others."
        )
    noisy = sum(measured.is_noisy for measured in run.table.values())
    if noisy:
        found.append(f"~ {noisy} rows have rounds more than {NOISY:.0%} apart: do not judge them.")
    return found


def _errors(run: Run) -> list[str]:
    return [
        f"**{measured.row.title}**: {error}"
        for measured in run.table.values()
        for error in dict.fromkeys(measured.errors)
    ]


def _notes(run: Run) -> list[str]:
    return [
        f"{measured.row.title}: {measured.note}" for measured in run.table.values() if measured.note
    ]


def as_json(run: Run) -> dict[str, Any]:
    """All that was measured, and what it amounts to."""
    return {
        "machine": run.machine,
        "conditions": run.conditions,
        "memory_mib": run.memory,
        "steadiness": steadiness(run.calibrations),
        "remarks": run.remarks,
        "rows": {
            key: {
                "title": measured.row.title,
                "samples": {
                    contender: [asdict(sample) for sample in samples]
                    for contender, samples in measured.samples.items()
                },
                "alone_ms": measured.alone,
                "note": measured.note,
                "noisy": measured.is_noisy,
                "goals": [
                    {**asdict(verdict), "met": verdict.is_met}
                    for verdict in judge(measured, run.table)
                ],
            }
            for key, measured in run.table.items()
        },
    }


def missed(run: Run) -> int:
    """How many goals are not met."""
    return sum(
        not verdict.is_met
        for measured in run.table.values()
        for verdict in judge(measured, run.table)
    )
