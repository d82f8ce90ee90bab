"""Numbered pages of long lists, without counting or skipping their rows for every request.

A worker remembers for a minute how long a tenant's list is, and which row is at some positions of
it: the ends of the pages that were read. A page further on starts at the nearest of these.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from uuid import UUID

from customers.models import Customer
from customers.models.counting import EXACT_COUNT
from customers.models.credential import Tenant

SECONDS = 60
# Up to here PostgreSQL skips rows sooner than a list that changes makes them wrong.
FIRST_POSITION = 1_000
MAX_POSITIONS = 10_000
MAX_TENANTS = 1_000


@dataclass(slots=True)
class LongList:
    """What is remembered of a list of live customers, newest first."""

    since: float = field(default_factory=monotonic)
    total: int | None = None
    _positions: list[int] = field(default_factory=list)
    _ids: list[UUID] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def nearest(self, position: int) -> tuple[int, UUID | None]:
        """The last position known up to this one, and the id there; (0, None) if there is none.

        So many rows have ids that are not smaller than this one.
        """
        with self._lock:
            place = bisect_right(self._positions, position) - 1
            return (self._positions[place], self._ids[place]) if place >= 0 else (0, None)

    def remember(self, position: int, id: UUID) -> None:
        """Remember the id at a position, unless it is near the beginning."""
        with self._lock:
            place = bisect_right(self._positions, position)
            is_known = place > 0 and self._positions[place - 1] == position
            if position >= FIRST_POSITION and not is_known and len(self._ids) < MAX_POSITIONS:
                self._positions.insert(place, position)
                self._ids.insert(place, id)


_lists: OrderedDict[Tenant, LongList] = OrderedDict()
_lists_lock = Lock()


def list_of(tenant: Tenant) -> LongList:
    """What is remembered of the tenant's list, at most a minute old."""
    with _lists_lock:
        remembered = _lists.get(tenant)
        if remembered is None or monotonic() - remembered.since > SECONDS:
            remembered = _lists[tenant] = LongList()
            while len(_lists) > MAX_TENANTS:
                _lists.popitem(last=False)
        return remembered


def count_live(tenant: Tenant) -> int:
    """How many live customers there are: exactly up to 10,000, then an estimate, remembered."""
    remembered = list_of(tenant)
    if remembered.total is not None:
        return remembered.total
    total = Customer.objects.visible_to(tenant).live().count_or_estimate()
    if total > EXACT_COUNT:
        remembered.total = total
    return total
