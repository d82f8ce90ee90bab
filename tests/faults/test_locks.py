"""A customer that someone has locked: whoever changes it is answered, and no one else waits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.faults.crowd import crowd, watching
from tests.faults.ledger import Client
from tests.faults.results import Result
from tests.faults.servers import Postgres, Web, without_front

WRITERS = 120


def make(web: Web, name: str) -> str:
    with Client(web.origin, web.api_key) as client:
        status, customer = client.ask("POST", "/customers", {"name": name})
    assert status == 201
    return str(customer["id"])


@contextmanager
def held(database: Postgres, customer: str) -> Iterator[None]:
    with psycopg.connect(database.url()) as holder:
        holder.execute("SELECT FROM customers_customer WHERE id = %s FOR UPDATE", [customer])
        yield


def test_writers_of_a_locked_customer_stop_no_one_else(web: Web, database: Postgres) -> None:
    locked, other = make(web, "Locked"), make(web, "Another")
    with held(database, locked), watching(web, f"/customers/{other}") as seen:
        began = time.monotonic()
        refused = crowd(web, WRITERS, "PATCH", f"/customers/{locked}", {"name": "New"}, 2)
        took = time.monotonic() - began
        changed = crowd(web, 4, "PATCH", f"/customers/{other}", {"name": "Changed"}, 5)
    freed = crowd(web, 1, "PATCH", f"/customers/{locked}", {"name": "New"}, 1)

    note = f"slowest read {seen.slowest:.2f} s, slowest refusal {refused.slowest:.1f} s"
    statuses = {str(status): count for status, count in refused.statuses.items()}
    Result("120 writers of a locked customer", 2, refused=statuses, note=note).record()
    assert refused.statuses == {409: 2 * WRITERS}
    assert refused.slowest < 5
    assert seen.statuses.keys() == {200}
    assert seen.slowest < 1.5
    assert took < 30
    assert changed.statuses == {200: 20}
    assert freed.statuses == {200: 1}


def test_a_locked_customer_stops_a_server_whose_threads_wait(
    web: Web, database: Postgres, folder: Path
) -> None:
    """The control: four threads that wait for a lock as long as it is held."""
    locked, other = make(web, "Locked"), make(web, "Another")
    web.stop()
    web = without_front(web, folder, threads=2)
    with ThreadPoolExecutor(1) as pool, watching(web, f"/customers/{other}") as seen:
        with held(database, locked):
            body = {"name": "New"}
            writers = pool.submit(crowd, web, 8, "PATCH", f"/customers/{locked}", body, 1)
            time.sleep(1)
            before = seen.statuses[200]
            time.sleep(4)
            during = seen.statuses[200] - before
        writers.result()
    web.kill()

    note = f"{during} reads in 4 s beside 8 writers"
    Result("120 writers of a locked customer", 1, control=True, note=note).record()
    assert during <= 2
