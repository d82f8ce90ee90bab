"""A ledger of writes: what was acknowledged while something broke, and whether all of it is there.

Threads send creates through the API, each with an Idempotency-Key of its own. Afterwards what has
no known outcome is sent again with its key, everything is read back through the API, by id and by
list, and a `Result` is printed:

    with Ledger(origin, api_key) as ledger:
        break_something()
    ledger.result("a worker is killed", times=20).must_hold()
"""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tests.faults.results import Result

PATH = "/customers"
PAGE = 100
TIMEOUT = 30.0  # seconds that a client waits for an answer
PAUSE = 0.1  # seconds between a failure and the next attempt
SETTLE = 45.0  # seconds within which writes must be acknowledged again after a fault


class Client:
    """One keep-alive connection that shows an API key."""

    def __init__(self, origin: str, api_key: str) -> None:
        address = urlsplit(origin)
        assert address.hostname is not None
        self.connection = http.client.HTTPConnection(
            address.hostname, address.port, timeout=TIMEOUT
        )
        self.headers = {
            "Authorization": f"Bearer {api_key}",
            "Content-Type": "application/json",
            # As a proxy that ends TLS sets it. HAProxy writes its own over it.
            "X-Forwarded-Proto": "https",
        }

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """Status and body of the answer. Raises OSError or HTTPException if there is none."""
        sent = None if body is None else json.dumps(body)
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self.connection.request(method, path, sent, {**self.headers, **more})
            response = self.connection.getresponse()
            text = response.read()
        except BaseException:
            self.connection.close()  # the next request opens a new one
            raise
        try:
            return response.status, json.loads(text)
        except ValueError:
            return response.status, {"not JSON": text.decode("utf-8", "replace")}

    def read(self, path: str) -> tuple[int, dict[str, Any]]:
        """The answer to a GET, asked again while the service is away: what is stored stays."""
        until = time.monotonic() + SETTLE
        while True:
            try:
                status, body = self.ask("GET", path)
            except (OSError, http.client.HTTPException):
                if time.monotonic() > until:
                    raise
            else:
                if status != 503 or time.monotonic() > until:
                    return status, body
            time.sleep(PAUSE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()


@dataclass
class Ledger:
    """Writes to `origin` from `threads` threads while its `with` block runs."""

    origin: str
    api_key: str
    threads: int = 8
    path: str = PATH

    acknowledged: dict[str, str] = field(default_factory=dict, init=False)
    """The ids of the customers, by the name that each was given."""

    refused: dict[str, int] = field(default_factory=dict, init=False)
    """Statuses that were no success, by name."""

    refusals: list[dict[str, Any]] = field(default_factory=list, init=False)
    """The bodies of these answers."""

    unknown: dict[str, str] = field(default_factory=dict, init=False)
    """Errors in place of an answer, by name."""

    slowest: float = field(default=0, init=False)
    """Seconds of the slowest acknowledged write."""

    _times: list[float] = field(default_factory=list, init=False)
    _stop: threading.Event = field(default_factory=threading.Event, init=False)
    _writers: list[threading.Thread] = field(default_factory=list, init=False)
    _run: str = field(default_factory=lambda: uuid.uuid4().hex[:8], init=False)

    def __enter__(self) -> Self:
        self._writers = [
            threading.Thread(target=self._write, args=(number,), daemon=True)
            for number in range(self.threads)
        ]
        for writer in self._writers:
            writer.start()
        self.wait_for(1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.wait_for(1)  # the gap ends with a write that is acknowledged again
        finally:
            self._stop.set()
            for writer in self._writers:
                writer.join()

    def wait_for(self, writes: int, timeout: float = SETTLE) -> None:
        """Wait until so many more writes are acknowledged. Raises TimeoutError."""
        wanted = len(self._times) + writes
        until = time.monotonic() + timeout
        while len(self._times) < wanted:
            if time.monotonic() > until:
                sample = [*self.refusals[-1:], *list(self.unknown.values())[-1:]]
                raise TimeoutError(f"no write is acknowledged for {timeout:.0f} s: {sample}")
            time.sleep(0.005)

    def count(self) -> int:
        """How many writes are acknowledged so far."""
        return len(self._times)

    def longest_gap(self) -> float:
        """Seconds between two acknowledged writes that follow each other."""
        times = sorted(self._times)
        return max((b - a for a, b in itertools.pairwise(times)), default=0.0)

    def result(
        self, fault: str, *, times: int = 1, control: bool = False, note: str = ""
    ) -> Result:
        """Settle what is unknown, read everything back, and record and print what was found.

        `control` says that the safeguard was off, so that writes were expected to be lost.
        """
        refused, unknown = Counter(self.refused.values()), len(self.unknown)
        acknowledged = dict(self.acknowledged)
        self._settle()
        found = self._read_list()
        by_id = self._read_by_id(acknowledged)
        result = Result(
            fault=fault,
            control=control,
            times=times,
            acknowledged=len(acknowledged),
            refused={str(status): count for status, count in sorted(refused.items())},
            unknown=unknown,
            lost=sum(by_id[name] != name or not found[name] for name in acknowledged),
            doubled=sum(count - 1 for count in found.values() if count > 1),
            longest_gap=round(self.longest_gap(), 2),
            note=note,
        )
        result.record()
        return result

    # --- Writing ---------------------------------------------------------------------------------

    def _write(self, number: int) -> None:
        with Client(self.origin, self.api_key) as client:
            for count in itertools.count():
                if self._stop.is_set():
                    return
                if not self._create(client, f"{self._run}-{number}-{count}"):
                    self._stop.wait(PAUSE)

    def _create(self, client: Client, name: str) -> bool:
        """Send one create, and note its outcome."""
        began = time.monotonic()
        try:
            status, body = client.ask("POST", self.path, {"name": name}, Idempotency_Key=name)
        except (OSError, http.client.HTTPException) as error:
            self.unknown[name] = repr(error)
            return False
        if status >= 300:
            self.refused[name] = status
            self.refusals.append({"status": status, **body})
            return False
        self.acknowledged[name] = body["id"]
        now = time.monotonic()
        self._times.append(now)
        self.slowest = max(self.slowest, now - began)
        return True

    def _settle(self) -> None:
        """Send what has no known outcome again: a 5xx, too, may have been stored before it."""
        with Client(self.origin, self.api_key) as client:
            for name in [*self.unknown, *self.refused]:
                until = time.monotonic() + SETTLE
                while not self._create(client, name):
                    if time.monotonic() > until:
                        raise TimeoutError(f"{name} has no outcome: {self.refusals[-1:]}")
                    time.sleep(PAUSE)

    # --- Reading ---------------------------------------------------------------------------------

    def _read_list(self) -> Counter[str]:
        """How often each name of this ledger's is in the list."""
        found: Counter[str] = Counter()
        after = ""
        with Client(self.origin, self.api_key) as client:
            while True:
                status, page = client.read(f"{self.path}?limit={PAGE}&after={after}")
                assert status == 200, (status, page)
                names = (row["name"] or "" for row in page["data"])
                found.update(name for name in names if name.startswith(self._run))
                if not page["has_next_page"]:
                    return found
                after = page["end_cursor"]

    def _read_by_id(self, acknowledged: dict[str, str]) -> dict[str, str | None]:
        """The name that each acknowledged customer has now, None if it is gone."""
        names = list(acknowledged)

        def read(part: list[str]) -> dict[str, str | None]:
            found = {}
            with Client(self.origin, self.api_key) as client:
                for name in part:
                    status, body = client.read(f"{self.path}/{acknowledged[name]}")
                    assert status in {200, 404}, (status, body)
                    found[name] = body.get("name")
            return found

        with ThreadPoolExecutor(self.threads) as pool:
            parts = pool.map(read, (names[start :: self.threads] for start in range(self.threads)))
            return {name: value for part in parts for name, value in part.items()}
