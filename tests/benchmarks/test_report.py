"""What the benchmark makes of its samples. Nothing here is timed."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from benchmarks import chart, report
from benchmarks.report import Run
from benchmarks.rows import ROWS, Row
from benchmarks.verdicts import BARE, BEFORE, FEW, PLAIN, PROJECT, Measured, judge, number
from benchmarks.wrk import Sample


def measured(row: Row, *rates: float, errors: str = "", **others: float) -> Measured:
    """A row with samples of the project, and one of each other contender."""
    names = {"plain": PLAIN, "bare": BARE, "few": FEW, "before": BEFORE}
    samples = {
        PROJECT: [Sample(rate, p50=10.0, p90=20.0, p99=30.0, errors=errors) for rate in rates],
        **{names[name]: [Sample(rate)] for name, rate in others.items()},
    }
    return Measured(row, samples)


def run(*rows: Measured, calibrations: list[float] | None = None) -> Run:
    return Run(
        machine={"cores": "2"},
        conditions={"customers": "10,000"},
        table={each.row.key: each for each in rows},
        calibrations=calibrations or [10.0] * 20,
        memory={"project": {"rss": 70.0, "pss": 60.0}},
        remarks=[],
    )


GET = Row("get", "get", of_plain=6, of_bare=0.2)


def test_ratios_are_of_the_medians_of_the_rounds() -> None:
    row = measured(GET, 500, 700, 600, plain=100, bare=2000)

    plain, bare = judge(row, {})

    assert (plain.figure, plain.is_met) == (6.0, True)
    assert (bare.figure, bare.is_met) == (0.3, True)


@pytest.mark.parametrize(("rate", "mark"), [(599, "✗ ≥ 6"), (600, "✓ ≥ 6")])
def test_a_goal_is_met_from_its_own_figure_on(rate: float, mark: str) -> None:
    (verdict,) = judge(measured(Row("get", "get", of_plain=6), rate, plain=100), {})

    assert mark in str(verdict)


@pytest.mark.parametrize(("rate", "mark"), [(94, "✗ ≥ 0.95"), (96, "✓ ≥ 0.95")])
def test_a_change_may_cost_five_per_cent(rate: float, mark: str) -> None:
    (verdict,) = judge(measured(Row("get", "get"), rate, before=100), {})

    assert verdict.of == "of before"
    assert mark in str(verdict)


def test_a_row_is_judged_by_another_row() -> None:
    first = measured(Row("list-10", "list 10"), 100)
    deep = measured(Row("deep", "deep", of_row=("list-10", 0.9)), 80)

    (verdict,) = judge(deep, {"list-10": first, "deep": deep})

    assert (verdict.of, verdict.figure, verdict.is_met) == ("list 10", 0.8, False)


def test_times_and_few_customers_have_goals_that_must_not_be_passed() -> None:
    row = Row("get", "get", alone=50, tail=4, of_few=1.3)
    found = measured(row, 100, few=150)
    found.alone = 49.0

    few, alone, tail = judge(found, {})

    assert (few.figure, few.is_met) == (1.5, False)
    assert (alone.figure, alone.is_met) == (49.0, True)
    assert (tail.figure, tail.is_met) == (3.0, True)


def test_a_row_with_errors_meets_no_ratio_and_shows_them() -> None:
    row = measured(GET, 900, errors="3 refused", plain=100, bare=1000)
    text = report.markdown(run(row))

    assert not any(verdict.is_met for verdict in judge(row, {}))
    assert "get ✗ **errors**" in text
    assert "- **get**: project: 3 refused" in text


def test_a_row_that_no_request_was_answered_in_says_so() -> None:
    row = Measured(GET, {PROJECT: [Sample(0.0)], PLAIN: [Sample(100.0)]})

    assert "| none answered |" in report.markdown(run(row))
    assert [verdict.is_met for verdict in judge(row, {})] == [False]


def test_it_says_when_the_machine_was_too_noisy_to_judge() -> None:
    quiet = report.markdown(run(measured(GET, 100, 110)))
    noisy = report.markdown(run(measured(GET, 100, 150), calibrations=[10.0, 20.0] * 10))

    assert "too noisy" not in quiet
    assert "get ~" not in quiet
    assert "too noisy" in noisy
    assert "get ~" in noisy


def test_the_table_has_a_cell_for_every_heading() -> None:
    text = report.markdown(run(*(measured(row, 100, plain=50, bare=500) for row in ROWS)))
    lines = [line for line in text.splitlines() if line.startswith("|")]

    assert len(lines) == len(ROWS) + 2
    assert {line.count("|") for line in lines} == {len(report.HEADINGS) + 1}


def test_the_results_are_json() -> None:
    found = report.as_json(run(measured(GET, 100, plain=50)))
    (goal,) = json.loads(json.dumps(found))["rows"]["get"]["goals"]

    assert goal == {"of": PLAIN, "figure": 2.0, "goal": 6, "at_most": False, "met": False}


def test_the_chart_is_svg_with_a_bar_for_every_goal() -> None:
    table = {row.key: measured(row, 100, plain=50, bare=500) for row in ROWS}
    drawing = ET.fromstring(chart.svg(table))
    kinds = [rect.get("class") for rect in drawing.iter("{http://www.w3.org/2000/svg}rect")]
    goals = sum(len(judge(each, table)) for each in table.values())

    assert kinds.count("track") == goals > 0
    assert kinds.count("met") + kinds.count("missed") == goals


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (12345.6, "12,346"), (12.345, "12.3"), (0.123, "0.12")]
)
def test_figures_are_rounded(value: float | None, text: str) -> None:
    assert number(value) == text
