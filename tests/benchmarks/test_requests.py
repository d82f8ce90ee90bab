"""What the benchmark sends, and how it reads what the tools print."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from benchmarks.floor import STATEMENTS, read_rate, script
from benchmarks.loads import plain_loads, project_loads
from benchmarks.rows import ROWS
from benchmarks.targets import Targets, patterns
from benchmarks.wrk import read_sample, unique_letters

NAMES = [f"Anna Novak{number} Holdings" for number in range(300)]


@pytest.fixture
def targets() -> Targets:
    ids = [uuid4() for _ in range(3)]
    return Targets(
        organization_id=UUID(int=1),
        customers=[(id, f"ext/{number}") for number, id in enumerate(ids)],
        last={10: ids[0], 100: ids[1]},
        count=1_000_000,
        names=patterns(NAMES),
        emails=patterns(NAMES),
    )


def test_every_row_has_requests(targets: Targets) -> None:
    loads = project_loads(targets, "key", "sessionid=1")

    assert {row.key for row in ROWS} <= loads.keys()
    for load in loads.values():
        assert load.lines
        assert all(line.count("\t") == 3 and "\n" not in line for line in load.lines)


def test_plain_drf_has_every_row_that_is_compared_with_it(targets: Targets) -> None:
    assert {row.key for row in ROWS if row.of_plain} == plain_loads(targets, "key").keys()


def test_postgresql_has_every_row_that_is_compared_with_it() -> None:
    assert {row.key for row in ROWS if row.of_bare} == STATEMENTS.keys()


def test_patterns_match_as_often_as_their_kind_says() -> None:
    found = patterns(NAMES)
    texts = [name.lower() for name in NAMES]

    assert all(sum(pattern in text for text in texts) <= 20 for pattern in found["rare"])
    assert all(any(pattern in text for text in texts) for pattern in found["rare"])
    assert all(pattern in text for pattern in found["common"] for text in texts)
    assert not any(pattern in text for pattern in found["absent"] for text in texts)
    assert {len(pattern) for pattern in found["two"]} == {2}


def test_pgbench_gets_statements_without_placeholders() -> None:
    for key in STATEMENTS:
        text = script(key, str(UUID(int=2)), str(UUID(int=1)))
        assert "%(" not in text
        assert text.endswith(";\n")


def test_words_that_are_sent_have_no_digits_and_differ() -> None:
    first, second = unique_letters(), unique_letters()

    assert first.isalpha()
    assert first != second


def test_what_wrk_and_pgbench_print_is_read() -> None:
    head = "Running 5s test @ http://127.0.0.1\n\n503 Busy\n"
    counts = '"p50": 1.5, "p90": 2.5, "p99": 9.0, "refused": 2, "socket": 0, "timeout": 1}\n'
    found = read_sample(f'{head}{{"requests": 500, "seconds": 5.0, {counts}')
    silent = read_sample(f'{head}{{"requests": 0, "seconds": 5.0, {counts}')

    assert (found.rate, found.p50, found.p99) == (100.0, 1.5, 9.0)
    assert found.errors == "2 unexpected (503 Busy), 1 timeouts"
    assert (silent.rate, silent.p50) == (0.0, None)
    assert read_rate("latency average = 0.1 ms\ntps = 26600.5 (without ...)\n") == 26600.5
