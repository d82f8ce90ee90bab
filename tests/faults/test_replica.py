"""Reads from a replica that lags: they are old, but never miss what the reader has written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.ledger import Client
from tests.faults.results import Result
from tests.faults.servers import ORGANIZATION, Postgres, Web

LAG = 3  # seconds


@pytest.fixture
def replica(database: Postgres, folder: Path) -> Iterator[Postgres]:
    server = database.standby(folder / "replica", recovery_min_apply_delay=f"{LAG}s")
    server.start()
    yield server
    server.kill()


def test_no_reader_misses_what_it_has_written(web: Web, replica: Postgres, folder: Path) -> None:
    other_key = web.manage("issue_api_key", ORGANIZATION, "--mode", "live", "--name", "other")
    reading = Web(web.environment["DATABASE_URL"], folder, DATABASE_REPLICA_URLS=replica.url())
    reading.start()
    missed = stale = 0
    writes = 50
    try:
        with (
            Client(reading.origin, web.api_key) as writer,
            Client(reading.origin, other_key) as other,
        ):
            for number in range(writes):
                status, made = writer.ask("POST", "/customers", {"name": f"Customer {number}"})
                assert status == 201
                path = f"/customers/{made['id']}"
                missed += writer.ask("GET", path)[0] != 200
                stale += other.ask("GET", path)[0] != 200
    finally:
        reading.kill()

    # What others see is the control: the reads do go to the replica, and it is old.
    fault = f"a replica that is {LAG} s behind"
    Result(fault, writes, acknowledged=writes, lost=missed, note="own writes, read back").record()
    note = "writes of another credential, read at once"
    Result(fault, writes, acknowledged=writes, lost=stale, control=True, note=note).record()
    assert missed == 0
    assert stale > writes / 2
