"""The contenders that answer HTTP: measured with wrk, and asked for one response before."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from benchmarks import wrk
from benchmarks.loads import NEW, Load
from benchmarks.servers import Server

RECOVERY = 20  # seconds that a server may take to answer again after a row
SEARCHERS = 4  # connections of the client beside
ALONE = 15  # requests, one after another
ALONE_SECONDS = 3


class UnexpectedAnswer(Exception):
    """A server did not answer as the row expects."""


@dataclass
class HttpContender:
    """A server, and what it is sent for each row."""

    name: str
    server: Server
    loads: dict[str, Load]
    #: For each row, the milliseconds of requests that were sent one at a time.
    alone: dict[str, list[float]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    _folder: TemporaryDirectory[str] = field(default_factory=TemporaryDirectory)

    def measure(self, key: str, seconds: float) -> wrk.Sample | None:
        """Send the row's requests for `seconds`; None if the contender has no such row."""
        load = self.loads.get(key)
        if load is None:
            return None
        try:
            self.alone.setdefault(key, []).extend(self._one_at_a_time(load))
            sample = self._under_load(key, load, seconds)
        except (UnexpectedAnswer, OSError) as error:
            sample = wrk.Sample(0.0, errors=str(error) or type(error).__name__)
        if sample.errors:
            print(f"{self.name}, {key}: {sample.errors}\n{self.server.log()}", file=sys.stderr)
        self._recover(key)
        return sample

    def knows(self, load: Load) -> bool:
        """Whether it answers a first request as the row expects."""
        try:
            self._check(load, load.lines[0], self._ask(load, load.lines[0]))
        except UnexpectedAnswer:
            return False
        return True

    def warm_up(self, key: str, seconds: float) -> None:
        """Send the row's requests without measuring them."""
        if load := self.loads.get(key):
            file = self._file(key, load)
            if load.prepared:
                for line in load.lines:
                    self._ask(load, line)
            wrk.finish(wrk.start(self.server.origin, file, load.headers, seconds, load.status))
            self._recover(key)

    def _under_load(self, key: str, load: Load, seconds: float) -> wrk.Sample:
        beside = None
        if load.beside:
            file = self._file(f"{key}-beside", load.beside)
            beside = wrk.start(
                self.server.origin,
                file,
                load.beside.headers,
                seconds + 1,
                load.beside.status,
                SEARCHERS,
            )
            time.sleep(0.5)
        file = self._file(key, load)
        measured = wrk.start(self.server.origin, file, load.headers, seconds, load.status)
        sample = wrk.finish(measured)
        if beside:
            searches = wrk.finish(beside)
            self.notes[key] = f"beside {searches.rate:,.0f} searches/s"
            if searches.errors:
                sample = replace(sample, errors=f"{sample.errors} beside: {searches.errors}")
        return sample

    def _file(self, key: str, load: Load) -> Path:
        path = Path(self._folder.name) / key
        if not path.exists():
            path.write_text("\n".join(load.lines) + "\n", "utf-8")
        return path

    def _one_at_a_time(self, load: Load) -> list[float]:
        """The milliseconds of some requests, whose answers are checked."""
        times = []
        until = time.monotonic() + ALONE_SECONDS
        for line in load.lines[:ALONE] if len(load.lines) > 1 else load.lines * ALONE:
            start = time.perf_counter()
            body = self._ask(load, line)
            times.append((time.perf_counter() - start) * 1000)
            self._check(load, line, body)
            if time.monotonic() > until:
                break
        return times

    def _ask(self, load: Load, line: str) -> str:
        method, path, key, body = line.replace(NEW, wrk.unique_letters()).split("\t")
        headers = dict(load.headers)
        if key:
            headers["Idempotency-Key"] = key
        if body:
            headers["Content-Type"] = "application/json"
        status, _, answer = self.server.ask(method, path, headers, body or None)
        if status != load.status:
            raise UnexpectedAnswer(f"{method} {path} is {status}: {answer[:300]}")
        return answer

    def _check(self, load: Load, line: str, body: str) -> None:
        if load.rows is None:
            return
        found = len(rows_of(json.loads(body)))
        if not (found == load.rows or (load.rows < 0 and found >= -load.rows)):
            raise UnexpectedAnswer(f"{line} has {found} rows, not {load.rows}")

    def _recover(self, key: str) -> None:
        """Wait until the server answers, and works for no one who has left; else start it anew."""
        load = self.loads["get"]
        path = load.lines[0].split("\t")[1]
        start = time.monotonic()
        try:
            self.server.ask("GET", path, load.headers, timeout=RECOVERY)
            while _is_busy(self.server.url):
                if time.monotonic() - start > RECOVERY:
                    raise TimeoutError
                time.sleep(0.05)
        except OSError:
            self.notes[key] = f"{self.name} was busy {RECOVERY} s later, and was started anew"
            print(self.notes[key], file=sys.stderr)
            self.server.stop()
            self.server.start()
            return
        if (waited := time.monotonic() - start) > 1:
            self.notes[key] = f"{self.name} was busy for {waited:.0f} s after the last request"

    def alone_ms(self, key: str) -> float | None:
        """The median of the requests that were sent one at a time."""
        return median(times) if (times := self.alone.get(key)) else None

    def close(self) -> None:
        self.server.close()
        self._folder.cleanup()


def _is_busy(url: str) -> bool:
    """Whether some statement runs in the database, or there is no connection left to ask."""
    running = (
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid())"
    )
    try:
        with psycopg.connect(url) as connection:
            row = connection.execute(running).fetchone()
    except psycopg.OperationalError:
        return True
    return bool(row and row[0])


def rows_of(body: Any) -> list[Any]:
    """The rows of a page: its only member that is an array, or the page itself."""
    if isinstance(body, dict):
        (body,) = (value for value in body.values() if isinstance(value, list))
    assert isinstance(body, list)
    return body
