"""The double as a command, and the page of the documentation about it."""

from __future__ import annotations

import os
import re
import resource
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pytest_customer_registry.registry import Registry
from tests.checkouts import eventually
from tests.copies import ROOT
from tests.double.calls import LAGO, VATLY, read, send

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("double")]

PAGE = (ROOT / "docs" / "test-double.md").read_text("utf-8")


@contextmanager
def double(*arguments: str) -> Iterator[tuple[Registry, subprocess.Popen[str]]]:
    """A double that the command has started."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "double", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "mysql://another@project/", "DEBUG": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("The double serves at http://127.0.0.1:"), process.communicate()
        yield Registry(line.split()[-1]), process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_every_curl_of_the_page_works_and_a_start_from_the_cache_is_quick(
    customer_registry_server: Registry,
) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with double() as (registry, process):
        place = registry.url.removeprefix("http://")
        lines = re.findall(r"^curl .*$", PAGE, re.MULTILINE)
        for line in lines:
            command = shlex.split(line.replace("127.0.0.1:8123", place))
            done = subprocess.run(
                [*command, "--fail", "--silent", "--show-error"],
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, (line, done.stderr)
        assert len(lines) == 11
        assert len(registry.requests) == 2
        process.terminate()
        assert process.wait(30) == 0

    # Of the processor, with all the rest of it: what else is running takes none of that.
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime < 5


def test_it_begins_with_the_personas_and_the_faults_that_are_named(
    customer_registry_server: Registry,
) -> None:
    personas = ("--persona", "shares_an_email", "--persona", "is_test_data")
    with double(*personas, "--fault", "unavailable:contract=vatly,times=2") as (registry, _):
        refused = [send(registry, VATLY)[0].status for _ in range(3)]
        found = read(registry, VATLY)["data"]
        in_test = read(registry, VATLY, "test")["data"]
        registry.reset()

        assert refused == [503, 503, 200]
        assert [each["email"] for each in found] == ["Finance@Holding.example"]
        assert len(in_test) == 1
        assert set(registry.personas) == {"shares_an_email", "is_test_data"}
        assert read(registry, LAGO)["meta"]["total_count"] == 1


def test_a_port_that_is_taken_is_said_so(customer_registry_server: Registry) -> None:
    port = customer_registry_server.url.rpartition(":")[2]
    command = [sys.executable, "-m", "billing", "double", "--port", port]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)

    assert done.stderr == f"127.0.0.1 port {port}: Address already in use.\n"


def test_it_ends_when_the_process_that_started_it_is_killed(
    customer_registry_server: Registry, tmp_path: Path
) -> None:
    script = (
        "import sys, pathlib; from pytest_customer_registry.process import running\n"
        "with running(pathlib.Path(sys.argv[1])) as url: print(url, flush=True); input()"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "log")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    registry = Registry(started.stdout.readline().strip())
    assert registry.ask("GET", "health") == {"status": "ok"}

    started.kill()
    started.communicate()

    def has_ended() -> bool:
        try:
            registry.ask("GET", "health")
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
        return False

    assert eventually(has_ended)
