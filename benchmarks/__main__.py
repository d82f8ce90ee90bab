"""`python -m benchmarks`: measures the APIs beside plain DRF and beside PostgreSQL itself.

Prints a table in Markdown, and writes it as JSON and as a chart to `benchmarks/results/`.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from benchmarks import chart, report, revisions, servers
from benchmarks.contenders import HttpContender
from benchmarks.databases import ROOT, Databases
from benchmarks.floor import BarePsycopg, Pgbench
from benchmarks.loads import plain_loads, project_loads
from benchmarks.machine import calibrate, describe
from benchmarks.rows import ROWS, Row
from benchmarks.targets import Targets, choose
from benchmarks.verdicts import BEFORE, FEW, PLAIN, PROJECT, Measured
from benchmarks.wrk import CONNECTIONS, Sample, require_wrk

RESULTS = Path(__file__).parent / "results"
FEW_CUSTOMERS = 10_000
WARM_UP = 1.0  # seconds for each row
MIN_CALIBRATIONS = 20


class Contender(Protocol):
    """What is measured in turn."""

    name: str

    def warm_up(self, key: str, seconds: float) -> None: ...

    def measure(self, key: str, seconds: float) -> Sample | None: ...


def main() -> None:
    arguments = read_arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    require_wrk()
    if find_spec("gunicorn") is None:
        sys.exit("make bench needs gunicorn, which serves plain DRF: pip install gunicorn")
    rows = [row for row in ROWS if not arguments.rows or row.key in arguments.rows]
    with ExitStack() as stack:
        run = measure(stack, rows, arguments)
    text = report.markdown(run)
    print(text)
    RESULTS.mkdir(exist_ok=True)
    for name in ("latest", str(arguments.size)):
        (RESULTS / f"{name}.json").write_text(
            json.dumps(report.as_json(run), indent=1, ensure_ascii=False) + "\n", "utf-8"
        )
        (RESULTS / f"{name}.svg").write_text(chart.svg(run.table), "utf-8")
        (RESULTS / f"{name}.md").write_text(text, "utf-8")
    print(f"Goals missed: {report.missed(run)}. Written to {RESULTS.name}/latest.*")
    if any(measured.errors for measured in run.table.values()):
        sys.exit("Some rows had unexpected answers.")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="how many customers there are")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of each row in each round")
    parser.add_argument(
        "--before", metavar="REVISION", help="compare with the project at this revision of git"
    )
    parser.add_argument("--rows", nargs="+", metavar="KEY", choices=[row.key for row in ROWS])
    return parser.parse_args()


def measure(stack: ExitStack, rows: list[Row], arguments: argparse.Namespace) -> report.Run:
    """Start everything, measure every row in every round, and stop everything."""
    size, rounds, seconds = arguments.size, arguments.rounds, arguments.seconds
    databases = Databases()
    url = stack.enter_context(databases.copy_of(databases.loaded(size)))
    # Before any server starts, so that all have closed their connections when copies are deleted.
    few_url = None
    if size > FEW_CUSTOMERS:
        few_url = stack.enter_context(databases.copy_of(databases.loaded(FEW_CUSTOMERS)))
    if arguments.before:
        root = stack.enter_context(revisions.files_of(arguments.before))
        before_url = stack.enter_context(databases.copy_of(databases.loaded(size, root)))
    machine = describe(url)
    targets = choose(url)
    project = start_project(stack, url, targets)
    plain_server = start(stack, servers.PLAIN, url)
    key = servers.issue_key(project.server)
    plain = HttpContender(PLAIN, plain_server, plain_loads(targets, key))
    pgbench = Pgbench(url, targets)
    contenders: list[Contender] = [project, plain, BarePsycopg(url, targets), pgbench]
    if few_url is not None:
        few = start_project(stack, few_url, choose(few_url), FEW)
        wanted = {row.key for row in ROWS if row.of_few}
        few.loads = {key: load for key, load in few.loads.items() if key in wanted}
        contenders.append(few)
    if arguments.before:
        before = start_project(stack, before_url, choose(before_url), BEFORE, root)
        before.loads = {key: load for key, load in before.loads.items() if before.knows(load)}
        contenders.insert(1, before)

    memory = {"project, at first": project.server.memory()}
    table = {row.key: Measured(row) for row in rows}
    calibrations = [calibrate() for _ in range(MIN_CALIBRATIONS)]
    remarks = [f"pgbench was skipped: {pgbench.missing}"] if pgbench.missing else []
    try:
        for number in range(rounds):
            print(f"Round {number + 1} of {rounds}", file=sys.stderr, flush=True)
            for measured in table.values():
                calibrations += take_turns(contenders, measured, seconds, is_first=number == 0)
    except KeyboardInterrupt:
        remarks.append("It was interrupted: the last rows have fewer rounds, or are missing.")
    memory["project, at last"] = project.server.memory()
    memory[PLAIN] = plain_server.memory()
    for measured in table.values():
        measured.alone = project.alone_ms(measured.row.key)
        measured.note = project.notes.get(measured.row.key, "")
    return report.Run(
        machine=machine,
        conditions={
            "customers": f"{size:,}",
            "connections": str(CONNECTIONS),
            "rounds": f"{rounds} × {seconds:g} s",
            "command": " ".join(Path(part).name for part in servers.PROJECT),
        },
        table={key: measured for key, measured in table.items() if measured.rates()},
        calibrations=calibrations,
        memory=memory,
        remarks=remarks,
    )


def take_turns(
    contenders: list[Contender], measured: Measured, seconds: float, *, is_first: bool
) -> list[float]:
    """Measure one row with every contender; return the machine's calibrations meanwhile."""
    print(f"  {measured.row.title}", file=sys.stderr, flush=True)
    calibrations = []
    for contender in contenders:
        if is_first:
            contender.warm_up(measured.row.key, WARM_UP)
        calibrations.append(calibrate())
        found = contender.measure(measured.row.key, seconds)
        if found is not None:
            measured.samples.setdefault(contender.name, []).append(found)
    return calibrations


def start(stack: ExitStack, command: list[str], url: str) -> servers.Server:
    server = servers.Server(command, url)
    stack.callback(server.close)
    server.start()
    return server


def start_project(
    stack: ExitStack, url: str, targets: Targets, name: str = PROJECT, root: Path = ROOT
) -> HttpContender:
    """The project's server over a database, with a key and a signed-in staff member."""
    server = servers.Server(servers.PROJECT, url, root)
    stack.callback(server.close)
    server.manage("collectstatic", "--no-input", "--verbosity", "0")
    server.start()
    loads = project_loads(targets, servers.issue_key(server), servers.sign_in(server))
    return HttpContender(name, server, loads)


if __name__ == "__main__":
    main()
