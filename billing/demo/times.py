"""Days and times of the demo's history, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from billing.demo.chance import number

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONTHS = 24


def at(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second), UTC)


def at_work(day: date, key: str) -> datetime:
    """A time between 7:00 and 17:00."""
    return at(day, 7) + number(f"{key} time", 10 * 60 * 60 * 1_000_000) * timedelta(microseconds=1)


def after_midnight(day: date, key: str) -> datetime:
    """A time in the first half minute of a day."""
    return at(day) + number(f"{key} time", 30 * 1_000_000) * timedelta(microseconds=1)


def months_until(today: date) -> list[date]:
    """The first days of the last months, the current one last."""
    last = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - MONTHS + 1, last + 1)]
