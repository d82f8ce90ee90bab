"""`kill -9` of docs/examples/follow.py under load: its copy is equal at the end."""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from deploy.cluster.processes import ROOT, Process
from tests.faults import FULL
from tests.faults.ledger import Client
from tests.faults.results import Result
from tests.faults.servers import Postgres, Web

CUSTOMERS = "/registry/v1/customers"
WRITERS = 4
CHANGES = 10_000 if FULL else 1_500
KILLS = 12 if FULL else 4


def write(web: Web, seed: int) -> int:
    """Make random changes of customers, users and payment methods; return how many."""
    chance, customers, done = random.Random(seed), list[str](), 0
    with Client(web.origin, web.api_key) as client:
        for number in range(CHANGES // WRITERS):
            name = f"{seed}-{number}"
            path = f"{CUSTOMERS}/{chance.choice(customers)}" if customers else ""
            kind = chance.randrange(7) if customers else 0
            if kind == 0:
                status, body = client.ask("POST", CUSTOMERS, {"name": name})
                customers.append(body["id"])
            elif kind == 1:
                status, body = client.ask("PATCH", path, {"city": name})
            elif kind == 2:
                status, body = client.ask("POST", f"{path}/users", {"first_name": name})
            elif kind == 3:
                status, body = client.ask("POST", f"{path}/payment_methods", {"type": "card"})
            elif kind == 4:
                status, body = client.ask("POST", f"{path}/archive", {"reason": name})
            elif kind == 5:
                status, body = client.ask("POST", f"{path}/restore", {"reason": name})
            else:
                _, rows = client.ask("GET", f"{path}/users")
                if not rows["data"]:
                    continue
                user = rows["data"][0]["id"]
                status, body = client.ask("DELETE", f"{path}/users/{user}")
            assert status < 300, (kind, status, body)
            done += 1
    return done


def listed(web: Web) -> dict[str, Any]:
    """What the API lists, by id."""
    found, cursor = {}, ""
    with Client(web.origin, web.api_key) as client:
        while cursor is not None:
            query = f"archived=any&limit=100&expand=users,payment_methods&cursor={cursor}"
            _, page = client.read(f"{CUSTOMERS}?{query}")
            for customer in page["data"]:
                for row in (
                    *(customer.pop("users")["data"]),
                    *(customer.pop("payment_methods")["data"]),
                    customer,
                ):
                    row.pop("is_default", None)
                    found[row["id"]] = row
            cursor = page["next_cursor"]
    return found


def copied(path: Path) -> dict[str, Any]:
    rows = sqlite3.connect(path).execute("SELECT id, body FROM record WHERE NOT deleted")
    return {id: json.loads(body) for id, body in rows}


def test_a_killed_follower_ends_with_an_equal_copy(database: Postgres, folder: Path) -> None:
    path = folder / "copy.sqlite3"
    with Web(database.url(), folder, HTTPS_ONLY="0") as web:
        script = str(ROOT / "docs/examples/follow.py")
        known = ("--url", web.origin, "--key", web.api_key, "--database", str(path))
        follower = Process("follower", [sys.executable, script, *known], folder / "follower.log")
        with ThreadPoolExecutor(WRITERS) as pool:
            writing = [pool.submit(write, web, seed) for seed in range(WRITERS)]
            for _kill in range(KILLS):
                follower.start()
                time.sleep(random.uniform(0.3, 1.5))
                follower.check()
                follower.kill()
            changes = sum(each.result() for each in writing)
        last = Process("last", [*follower.command, "--once"], folder / "last.log")
        last.start()
        assert last.running is not None
        assert last.running.wait(60) == 0, last.tail()
        right, copy = listed(web), copied(path)
    lost = sum(copy.get(id) != row for id, row in right.items())
    Result("kill -9 of what follows events", KILLS, changes, lost=lost).record()
    assert copy == right
