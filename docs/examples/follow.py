"""Keep a copy of an organization's customers in SQLite, in step with the registry.

    python follow.py --url http://127.0.0.1:8000 --key live_… --database copy.sqlite3

It may be killed anywhere and started again: what a response brings and where to go on are stored
in one transaction. It needs nothing but Python.
"""

import argparse
import http.client
import json
import sqlite3
import time
import urllib.error
import urllib.parse
import urllib.request

TABLES = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT, id TEXT, customer_id TEXT, version INTEGER, deleted INTEGER, body TEXT,
    PRIMARY KEY (kind, id)
);
CREATE TABLE IF NOT EXISTS place (name TEXT PRIMARY KEY, cursor TEXT);
"""
LONGEST_PAUSE = 30  # seconds


class Gone(Exception):
    """The cursor of events is too old: the copy has to be made again."""


class Registry:
    """The registry's API, asked again while it is away."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url.rstrip("/")
        self.headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str, **query: object) -> dict:
        url = f"{self.url}/registry/v1{path}?{urllib.parse.urlencode(query)}"
        pause = 0.5
        while True:
            try:
                request = urllib.request.Request(url, headers=self.headers)  # noqa: S310
                with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
                    return json.load(response)
            except urllib.error.HTTPError as error:
                if error.code == 410:
                    raise Gone from None
                if error.code != 429 and error.code < 500:
                    raise
                wait = float(error.headers.get("Retry-After") or pause)
            except (OSError, http.client.HTTPException, ValueError):
                wait = pause
            time.sleep(wait)
            pause = min(2 * pause, LONGEST_PAUSE)


def store(copy: sqlite3.Connection, kind: str, record: dict, *, deleted: bool = False) -> None:
    """Store a record, unless the copy has this version of it or a newer one.

    A deleted record has the version that it had, and stays as a mark: an older listing or event
    does not bring it back. If the deletion is undone, its version is higher.
    """
    record = {name: value for name, value in record.items() if name != "is_default"}
    copy.execute(
        "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET"
        " version = excluded.version, deleted = excluded.deleted, body = excluded.body"
        " WHERE excluded.version > version"
        " OR (excluded.version = version AND excluded.deleted > deleted)",
        [
            *(kind, record["id"], record.get("customer_id", record["id"])),
            *(record["version"], deleted, json.dumps(record)),
        ],
    )


def keep(copy: sqlite3.Connection, name: str, cursor: str) -> None:
    copy.execute("INSERT OR REPLACE INTO place VALUES (?, ?)", [name, cursor])


def place(copy: sqlite3.Connection, name: str) -> str | None:
    row = copy.execute("SELECT cursor FROM place WHERE name = ?", [name]).fetchone()
    return row and row[0]


def begin(registry: Registry, copy: sqlite3.Connection) -> None:
    """Take a cursor of events before anything is listed: what changes meanwhile comes after it."""
    cursor = registry.get("/events", start="now")["cursor"]
    with copy:
        copy.execute("DELETE FROM record")
        keep(copy, "events", cursor)
        keep(copy, "list", "")


def list_all(registry: Registry, copy: sqlite3.Connection) -> None:
    """List what there is. The cursor is kept: after a kill the list goes on where it was."""
    while (cursor := place(copy, "list")) is not None:
        page = registry.get(
            "/customers", archived="any", limit=100, expand="users,payment_methods", cursor=cursor
        )
        found = [row for customer in page["data"] for row in records(registry, customer)]
        with copy:
            for kind, record in found:
                store(copy, kind, record)
            if page["next_cursor"]:
                keep(copy, "list", page["next_cursor"])
            else:
                copy.execute("DELETE FROM place WHERE name = 'list'")


def records(registry: Registry, customer: dict) -> list[tuple[str, dict]]:
    """The customer, its users and its payment methods, of which a list shows the first 100."""
    found = []
    for kind, name in (("user", "users"), ("payment_method", "payment_methods")):
        page = customer.pop(name)
        rows = page["data"]
        if page["has_more"]:
            rows, cursor = [], ""
            while cursor is not None:
                part = registry.get(f"/customers/{customer['id']}/{name}", limit=100, cursor=cursor)
                rows += part["data"]
                cursor = part["next_cursor"]
        found += [(kind, row) for row in rows]
    return [("customer", customer), *found]


def follow(registry: Registry, copy: sqlite3.Connection, *, once: bool) -> None:
    """Apply what changes; with `once`, only what has changed already."""
    while True:
        cursor = place(copy, "events")
        page = registry.get("/events", cursor=cursor, limit=1000, wait=0 if once else 20)
        with copy:
            for event in page["data"]:
                kind, verb = event["type"].split(".")
                store(copy, kind, event["record"], deleted=verb == "deleted")
            keep(copy, "events", page["cursor"])
        if once and not page["has_more"]:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--once", action="store_true", help="stop when the copy is in step")
    asked = parser.parse_args()
    registry = Registry(asked.url, asked.key)
    copy = sqlite3.connect(asked.database)
    copy.executescript(TABLES)
    while True:
        try:
            if place(copy, "events") is None:
                begin(registry, copy)
            list_all(registry, copy)
            return follow(registry, copy, once=asked.once)
        except Gone:
            begin(registry, copy)


if __name__ == "__main__":
    main()
