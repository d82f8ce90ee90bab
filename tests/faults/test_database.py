"""The database is gone, frozen, full or out of connections: 503 at once, and soon back."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psycopg
import pytest

from customers.rest.contract import contracts
from customers.rest.problems import of_status
from customers.rest.request_id import answering
from deploy.cluster.processes import wait_for
from tests.faults.ledger import Ledger
from tests.faults.results import Result
from tests.faults.servers import FEW_CONNECTIONS, Postgres, Web

AT_ONCE = 2.0  # seconds
PAGES = ["/backoffice/", "/admin/"]  # of whoever has a session; it is looked for in the database


def ask(
    web: Web, path: str, headers: Mapping[str, str] = MappingProxyType({})
) -> tuple[int, Any, bytes, float]:
    """The status, headers and content of an answer, and how many seconds it took."""
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=30)
    began = time.monotonic()
    try:
        connection.request("GET", path, headers={"X-Forwarded-Proto": "https", **headers})
        response = connection.getresponse()
        return response.status, response.headers, response.read(), time.monotonic() - began
    finally:
        connection.close()


def assert_unavailable(web: Web) -> float:
    """Every contract answers 503 in its shape, and pages show so. Returns the slowest answer."""
    slowest = 0.0
    for contract in contracts():
        name, _, value = contract.key_header.format(api_key=web.api_key).partition(": ")
        status, headers, content, seconds = ask(web, contract.list_path, {name: value})
        with answering(headers["X-Request-Id"]):
            assert (status, json.loads(content)) == contract.render_error(of_status(503))
        assert int(headers["Retry-After"]) >= 1
        slowest = max(slowest, seconds)
    for path in PAGES:
        status, headers, content, seconds = ask(web, path, {"Cookie": "sessionid=" + "a" * 32})
        assert status == 503, path
        assert b"Not available at the moment" in content
        assert int(headers["Retry-After"]) >= 1
        slowest = max(slowest, seconds)
    assert ask(web, "/healthz")[0] == 200
    assert ask(web, "/readyz")[0] == 503
    return slowest


def seconds_until_ready(web: Web, within: float) -> float:
    began = time.monotonic()
    while ask(web, "/readyz")[0] != 200:
        assert time.monotonic() - began < within, "it is not back"
        time.sleep(0.02)
    return time.monotonic() - began


def suffer(fault: str, web: Web, break_it: Callable[[], Any], mend: Callable[[], Any]) -> None:
    """Break the database under load, look at the answers, mend it, and read everything back."""
    with Ledger(web.origin, web.api_key) as ledger:
        ledger.wait_for(50)
        break_it()
        time.sleep(0.2)
        try:
            slowest = assert_unavailable(web)
        finally:
            mend()
        back = seconds_until_ready(web, 2)
        ledger.wait_for(50)
    note = f"slowest 503 {slowest:.2f} s, ready {back:.2f} s after its return"
    ledger.result(fault, note=note).must_hold()
    assert set(ledger.refused.values()) <= {503}
    assert slowest < AT_ONCE


def test_a_database_that_is_gone(small_web: Web, small_database: Postgres) -> None:
    suffer("the database is stopped", small_web, small_database.stop, small_database.start)


def test_a_database_that_is_frozen(small_web: Web, small_database: Postgres) -> None:
    suffer(
        "the database is frozen",
        small_web,
        lambda: small_database.signal(signal.SIGSTOP),
        lambda: small_database.signal(signal.SIGCONT),
    )


def test_a_frozen_database_answers_no_one_who_does_not_look_at_the_clock(
    small_database: Postgres,
) -> None:
    """The control: the limits that PostgreSQL and the kernel keep end no wait."""
    options = "-c statement_timeout=500 -c lock_timeout=500"
    plain = psycopg.connect(small_database.url(), options=options, tcp_user_timeout=1000)
    answered = threading.Event()

    def query() -> None:
        plain.execute("SELECT 1")
        answered.set()

    waiting = threading.Thread(target=query, daemon=True)
    small_database.signal(signal.SIGSTOP)
    try:
        waiting.start()
        in_time = answered.wait(5)
    finally:
        small_database.signal(signal.SIGCONT)
    waiting.join(10)
    plain.close()

    note = "no answer within 5 s, in spite of statement_timeout and tcp_user_timeout"
    Result("the database is frozen", 1, control=True, note=note).record()
    assert not in_time


def test_a_database_without_a_connection_to_spare(small_web: Web, small_database: Postgres) -> None:
    with ExitStack() as taken:

        def take_all() -> None:
            small_database.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            for _number in range(FEW_CONNECTIONS + 5):
                try:
                    taken.enter_context(psycopg.connect(small_database.url()))
                except psycopg.OperationalError:
                    return

        with Ledger(small_web.origin, small_web.api_key, threads=2) as ledger:
            ledger.wait_for(20)
            take_all()
            with pytest.raises(TimeoutError):
                ledger.wait_for(1_000_000, timeout=1)
            statuses = set(ledger.refused.values())
            taken.close()
            wait_for(
                lambda: small_database.clients() < FEW_CONNECTIONS / 2, "the connections are closed"
            )
            seconds_until_ready(small_web, 2)
            ledger.wait_for(20)
    ledger.result("the database has no connection to spare").must_hold()
    assert statuses <= {503}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_database_whose_disk_is_full(folder: Path) -> None:
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=192m,mode=0777", "none", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        with (
            Postgres(disk / "data", min_wal_size="32MB", max_wal_size="64MB") as database,
            Web(database.url(), folder) as web,
        ):
            with Ledger(web.origin, web.api_key) as ledger:
                ledger.wait_for(50)
                fill(disk / "filling")
                until = time.monotonic() + 20
                while not ledger.refused and time.monotonic() < until:
                    time.sleep(0.05)
                time.sleep(1)
                (disk / "filling").unlink()
                seconds_until_ready(web, 10)
                ledger.wait_for(50)
            ledger.result("the disk of the database is full").must_hold()
            assert set(ledger.refused.values()) == {503}
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(path: Path) -> None:
    """Write to a file until its disk is full."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(64 * 1024))
