"""Reads that replicas may answer: a moment old, but with all that the caller has written.

After a write, the position in the write-ahead log (its LSN, as a number) is kept for the caller. A
read of the same caller goes to a replica only if that has replayed the log up to there.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections

from customers.models.requests import LastWrite

#: A replica that failed is not asked again for so many seconds.
AVOIDED_SECONDS = 5.0

#: A caller whose last write has no known position reads from the primary for so many seconds.
UNSURE_SECONDS = 60.0

logger = logging.getLogger(__name__)

_avoided_until: dict[str, float] = {}
_unsure_until: dict[str, float] = {}


class _Thread(threading.local):
    alias = DEFAULT_DB_ALIAS


_thread = _Thread()


def alias() -> str:
    """The database that this thread's reads go to."""
    return _thread.alias


@contextmanager
def reading(caller: str) -> Iterator[None]:
    """Send the reads of the block to a replica if there is one that suits the caller."""
    if not settings.REPLICAS:
        yield
        return
    _thread.alias = _choose(caller)
    try:
        yield
    finally:
        _thread.alias = DEFAULT_DB_ALIAS


def written(caller: str) -> None:
    """Keep that the caller has just written, after the transaction of the write.

    It raises nothing: the write is stored, whatever happens here. If the position cannot be kept,
    this process sends the caller to the primary for a while.
    """
    if not settings.REPLICAS:
        return
    try:
        LastWrite.note(caller)
    except (DatabaseError, InterfaceError):
        logger.warning("the position of a write was not kept")
        _unsure_until[caller] = time.monotonic() + UNSURE_SECONDS


def _choose(caller: str) -> str:
    now = time.monotonic()
    suited = [name for name in settings.REPLICAS if _avoided_until.get(name, 0) <= now]
    if not suited or _unsure_until.get(caller, 0) > now:
        return DEFAULT_DB_ALIAS
    replica = random.choice(suited)  # noqa: S311 (to spread the load)
    position = LastWrite.position_of(caller)
    try:
        return replica if replayed(replica) >= position else DEFAULT_DB_ALIAS
    except (DatabaseError, InterfaceError):
        _avoided_until[replica] = now + AVOIDED_SECONDS
        return DEFAULT_DB_ALIAS


def replayed(replica: str) -> int:
    """The position up to which a replica has replayed the log; -1 for a server that is none."""
    with connections[replica].cursor() as cursor:
        cursor.execute("SELECT coalesce(pg_last_wal_replay_lsn() - '0/0', -1)::bigint")
        return int(cursor.fetchone()[0])
