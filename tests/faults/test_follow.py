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
from tests.faults.servers import ORGANIZATION, Postgres, Web

CUSTOMERS = "/registry/v1/customers"
WRITERS = 4
CHANGES = 10_000 if FULL else 1_000
KILLS = 12 if FULL else 4
IMPORTED = REVISED = 100


# What people at the back office do, and a file.
BY_STAFF = f"""
from customers.models import Customer, Organization
from customers.models.history import acting
from tests.imports.support import SARA, applied
organization = Organization.objects.get(slug="{ORGANIZATION}")
rows = [[f"file-{{n}}", f"Of a file {{n}}"] for n in range({IMPORTED})]
applied(organization, [["external_id", "name"], *rows])
for customer in Customer.objects.order_by("-pk")[:{REVISED}]:
    with acting(SARA, reason="a call"):
        customer.revise({{"city": "By hand"}})
"""


def create(web: Web, client: Client, chance: random.Random, name: str) -> tuple[int, str]:
    """Create a customer through one of the five contracts: the status, and the id."""
    way = chance.randrange(5)
    if way == 0:
        status, body = client.ask("POST", CUSTOMERS, {"name": name})
        return status, str(body["id"])
    if way == 1:
        status, body = client.ask("POST", "/customers", {"name": name})
        return status, str(body["id"])
    if way == 2:
        sent = {"email": f"{name}@example.org", "country": "DE"}
        status, body = client.ask("PUT", "/api/v1.0/customer", sent, X_API_Key=web.api_key)
        return status, str(body["customer"]["id"])
    if way == 3:
        sent = {"customer": {"customer_id": name, "name": name}}  # type: ignore[dict-item]
        status, body = client.ask("POST", "/api/v1/customers", sent)
        return status, str(body["customer"]["lago_id"])
    sent = {"email": f"{name}@example.com", "name": name}
    status, body = client.ask("POST", "/v1/customers", sent)
    return status, str(body["id"])


def write(web: Web, seed: int) -> int:
    """Make random changes of customers, users and payment methods; return how many."""
    chance, customers, done = random.Random(seed), list[str](), 0
    with Client(web.origin, web.api_key) as client:
        for number in range(CHANGES // WRITERS):
            name = f"{seed}-{number}"
            path = f"{CUSTOMERS}/{chance.choice(customers)}" if customers else ""
            kind = chance.randrange(7) if customers else 0
            if kind == 0:
                status, body = create(web, client, chance, name)
                customers.append(body)
            elif kind == 1:
                status, _ = client.ask("PATCH", path, {"city": name})
            elif kind == 2:
                status, _ = client.ask("POST", f"{path}/users", {"first_name": name})
            elif kind == 3:
                status, _ = client.ask("POST", f"{path}/payment_methods", {"type": "card"})
            elif kind == 4:
                status, _ = client.ask("POST", f"{path}/archive", {"reason": name})
            elif kind == 5:
                status, _ = client.ask("POST", f"{path}/restore", {"reason": name})
            else:
                _, rows = client.ask("GET", f"{path}/users")
                if not rows["data"]:
                    continue
                user = rows["data"][0]["id"]
                status, _ = client.ask("DELETE", f"{path}/users/{user}")
            assert status < 300, (kind, status)
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
        with ThreadPoolExecutor(WRITERS + 1) as pool:
            writing = [pool.submit(write, web, seed) for seed in range(WRITERS)]
            by_staff = pool.submit(web.manage, "shell", "--verbosity", 0, "--command", BY_STAFF)
            for _kill in range(KILLS):
                follower.start()
                time.sleep(random.uniform(0.3, 1.5))
                follower.check()
                follower.kill()
            changes = sum(each.result() for each in writing) + IMPORTED + REVISED + 1
            by_staff.result()
        # Whether the follower had caught up before its last kill is the machine's affair.
        with Client(web.origin, web.api_key) as client:
            create(web, client, random.Random(WRITERS), "unseen")
        assert copied(path) != listed(web)  # or what follows would show nothing
        last = Process("last", [*follower.command, "--once"], folder / "last.log")
        last.start()
        assert last.running is not None
        assert last.running.wait(60) == 0, last.tail()
        right, copy = listed(web), copied(path)
    lost = sum(copy.get(id) != row for id, row in right.items())
    Result("kill -9 of what follows events", KILLS, changes, lost=lost).record()
    assert copy == right
