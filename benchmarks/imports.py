"""How long the steps of an import take, and the memory of the process that runs them.

    python -m benchmarks.imports
    python -m benchmarks.imports --rows 10000 --kinds new.csv refused.csv

Each kind of file is imported into a copy of a database with as many customers as the file has rows:

- `new` creates a customer with every row;
- `mixed` creates with 40 % of the rows, changes with 40 %, and leaves 20 % as they are;
- `refused` is `mixed` with 1 % of refused rows, so it is only uploaded and checked.

Every step runs in a process of its own. Beside its seconds and rows per second stands the most
memory that the process has held, and how much of that the step itself has added.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl

from benchmarks.databases import ROOT, Databases

KINDS = ["new.csv", "new.xlsx", "mixed.csv", "mixed.xlsx", "refused.csv"]
STEPS = ["upload", "check", "apply", "undo"]
HEADER = [
    *("external_id", "name", "legal_name", "email", "address_line1", "city", "postal_code"),
    *("country", "phone", "url", "reference", "metadata"),
]


def row(number: int, name: str) -> list[str]:
    """A row about the customer that `generate_customers` gave this number, or about a new one."""
    return [
        f"K1-{number:06}",
        f"{name} {number}",
        f"{name} Holdings {number} GmbH",
        f"billing.{number}@{name.lower()}.example",
        f"Hauptstraße {number % 300}",
        ["Berlin", "Kiel", "Paris", "London", "Łódź"][number % 5],
        f"{number % 99999:05}",
        ["DE", "Germany", "FRA", "GB", "PL"][number % 5],
        f"+49 431 {number}",
        f"https://{name.lower()}-{number}.example/",
        f"ref{number % 1000}",
        '{"plan": "gold", "source": "file"}',
    ]


def unchanged(number: int) -> list[str]:
    """A row that only names its customer: blank cells are ignored."""
    return [f"K1-{number:06}"] + [""] * (len(HEADER) - 1)


def rows(kind: str, count: int) -> Iterator[list[str]]:
    yield HEADER
    for number in range(1, count + 1):
        if kind == "new" or number % 5 < 2:
            cells = row(number + count, "Umbrella")
        elif number % 5 < 4:
            cells = row(number, "Renamed")
        else:
            cells = unchanged(number)
        if kind == "refused" and number % 100 == 0:
            cells[HEADER.index("email")] = "nobody"
        yield cells


def write(path: Path, count: int) -> None:
    kind = path.stem
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows(kind, count))
        return
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for cells in rows(kind, count):
        sheet.append(cells)
    book.save(path)


def measure(step: str, path: Path) -> dict[str, float]:
    """Run a step of the newest import; an upload makes it."""
    import django
    from django.conf import settings

    django.setup()
    settings.DEBUG = False  # or Django would keep every query

    from django.utils.translation import override

    from customers.imports.apply import apply
    from customers.imports.check import check
    from customers.imports.undo import undo
    from customers.imports.upload import upload
    from customers.models import Customer, CustomerImport, Organization
    from customers.models.credential import Actor
    from customers.staff.models import StaffUser

    actor = Actor("staff", "1", "bench")
    person, _ = StaffUser.objects.get_or_create(username="bench")
    acme = Organization.objects.get(slug="acme")
    Customer.objects.count()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    with override("en"):
        if step == "upload":
            with path.open("rb") as file:
                upload(acme, "live", person, file, path.name)
        else:
            newest = CustomerImport.objects.latest("pk")
            steps: dict[str, Callable[[], Iterable[int]]] = {
                "check": lambda: check(newest.pk),
                "apply": lambda: apply(newest.pk, actor),
                "undo": lambda: undo(newest.pk, actor),
            }
            for _done in steps[step]():
                pass
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    counts = CustomerImport.objects.latest("pk").counts
    return {"seconds": seconds, "peak": peak / 1024, "added": (peak - before) / 1024, **counts}


def report(kind: str, step: str, path: Path, url: str, count: int) -> None:
    """Run a step in a process of its own, and print what it took."""
    command = [sys.executable, "-m", "benchmarks.imports", "--measure", step, str(path)]
    environment = {**os.environ, "DATABASE_URL": url}
    output = subprocess.run(
        command, check=True, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    found = json.loads(output.stdout.splitlines()[-1])
    seconds, peak, added = (found.pop(name) for name in ("seconds", "peak", "added"))
    outcomes = ", ".join(f"{number:,} {name}" for name, number in found.items())
    print(
        f"{kind:12} {step:6} {seconds:8.1f} {count / seconds:8,.0f}"
        f" {peak:10.0f} {added:11.1f}   {outcomes}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS)
    parser.add_argument("--measure", nargs=2, help="used by the script itself")
    arguments = parser.parse_args()
    if arguments.measure:
        step, name = arguments.measure
        print(json.dumps(measure(step, Path(name))))
        return
    print("file         step    seconds   rows/s   peak MiB   added MiB   outcomes")
    databases = Databases()
    with TemporaryDirectory() as folder:
        for kind in arguments.kinds:
            path = Path(folder) / kind
            write(path, arguments.rows)
            with databases.copy_of(databases.loaded(arguments.rows)) as url:
                for step in arguments.steps:
                    if not (kind.startswith("refused") and step in ("apply", "undo")):
                        report(kind, step, path, url, arguments.rows)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing.settings")
    sys.path.insert(0, str(ROOT))
    main()
