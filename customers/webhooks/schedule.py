"""When a delivery that failed is tried again: over three days, at growing intervals.

These are the intervals that the Standard Webhooks specification recommends.
"""

from __future__ import annotations

import random
from datetime import timedelta

INTERVALS = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
]
#: An interval is as much shorter or longer at random, so that not all retries come at once.
JITTER = 0.1


def interval_after(failures: int) -> timedelta | None:
    """How long to wait after so many failures; None if it was the last attempt."""
    if failures > len(INTERVALS):
        return None
    return INTERVALS[failures - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
