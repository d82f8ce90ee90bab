"""One line for a database that is away, instead of a traceback for each request."""

from __future__ import annotations

import logging
import time
from collections import Counter
from threading import Lock

from django.db import InterfaceError, OperationalError

from billing.watch import events

SECONDS = 10.0  # between two lines of the same kind, in one process

logger = logging.getLogger(__name__)


class Outages(logging.Filter):
    """Shortens the records of a database that does not do its work, and drops most of them.

    The first of its kind (SQLSTATE) is kept, without its traceback, and then one every ten seconds
    with the number of those that were dropped.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._last: dict[str, float] = {}
        self._dropped: Counter[str] = Counter()
        self._away_since: float | None = None
        events.listen(events.CONNECTED, self._connected)

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, OperationalError | InterfaceError):
            return True
        state = getattr(error.__cause__, "sqlstate", None) or ""
        now = time.monotonic()
        with self._lock:
            if now - self._last.get(state, -SECONDS) < SECONDS:
                self._dropped[state] += 1
                return False
            self._last[state] = now
            dropped = self._dropped.pop(state, 0)
            if self._away_since is None and not state:
                self._away_since = now
        reason = str(error).strip().partition("\n")[0]
        record.msg = "the database is not available: %s%s"
        record.args = (reason, f" ({dropped} more times)" if dropped else "")
        record.exc_info = record.exc_text = None
        return True

    def _connected(self) -> None:
        """Write that the database is back, if a line has said that it was away."""
        if self._away_since is None:
            return
        with self._lock:
            since, self._away_since = self._away_since, None
        if since is not None:
            logger.warning("the database is back after %.1f s", time.monotonic() - since)
