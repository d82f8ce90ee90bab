"""The numbers of the home page.

Counting a million customers takes too long for a request. A page shows the latest numbers and
their time and, if they are old, starts a count in the background. Up to ten thousand customers are
counted at once, whenever something has changed.
"""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone

from customers.insights.activity import last_change
from customers.insights.duplicates import count_duplicates
from customers.models import Customer, Figures
from customers.models.counting import EXACT_COUNT
from customers.models.credential import Tenant
from customers.models.locks import try_lock

logger = logging.getLogger(__name__)

FRESH_FOR = timedelta(minutes=10)
OPEN_FOR = timedelta(seconds=10)  # how long a change may take from its time to its commit
MONTHS = 24
EXPIRING_WITHIN = timedelta(days=60)


def figures_of(tenant: Tenant) -> Figures | None:
    """Return the latest numbers, or None while the first count is running."""
    mine = Figures.objects.visible_to(tenant)
    known = mine.first()
    is_old = known is None or timezone.now() - known.taken_at >= FRESH_FOR
    if known is not None and not is_old:
        changed_at = last_change(tenant)
        if changed_at is None or changed_at < known.taken_at - OPEN_FOR:
            return known
    if Customer.objects.visible_to(tenant).count_or_estimate() <= EXACT_COUNT:
        return count(tenant) or known
    if not is_old:
        return known
    Thread(target=_count_in_background, args=[tenant], daemon=True).start()
    return known


def count(tenant: Tenant) -> Figures | None:
    """Count and store the numbers. Return None if another process is counting them.

    `numbers` has "live" and "archived"; of the live ones "expired", "expiring" (those with an
    expired card too), "unpayable", "unaddressed" and "duplicates"; and the lists "months" of
    ["2026-11", count] and "countries" of ["DE" or null, count], largest first. Times are in UTC.
    """
    now = timezone.now()
    with transaction.atomic():
        if not try_lock("figures", tenant):
            return None
        figures, _ = Figures.objects.update_or_create(
            **tenant.columns,
            defaults={"taken_at": now, "numbers": _numbers(tenant, now)},
        )
    return figures


def months_until(day: date) -> list[str]:
    """Return the last `MONTHS` months as "2026-11", the current one last."""
    last = day.year * 12 + day.month - 1
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(last - MONTHS + 1, last + 1)]


def month_range(month: str) -> tuple[datetime, datetime]:
    """Return the first and the last instant of a month in UTC. Raises ValueError."""
    start = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    following = (start + timedelta(days=31)).replace(day=1)
    return start, following - timedelta(microseconds=1)


def expiring_by(today: date) -> date:
    """Return the day by which everything that expires within 60 days has expired."""
    return today + EXPIRING_WITHIN + timedelta(days=1)


def _numbers(tenant: Tenant, now: datetime) -> dict[str, Any]:
    customers = Customer.objects.visible_to(tenant)
    live = customers.live()
    today = now.astimezone(UTC).date()
    months = months_until(today)
    recent = live.created_between(start=month_range(months[0])[0])
    by_month = recent.annotate(month=TruncMonth("created_at", tzinfo=UTC)).order_by()
    per_month = {
        f"{row['month']:%Y-%m}": row["count"]
        for row in by_month.values("month").annotate(count=Count("*"))
    }
    by_country = live.order_by().values_list("country").annotate(count=Count("*"))
    return {
        "live": live.count(),
        "archived": customers.archived().count(),
        "expired": live.with_card_expired(today).count(),
        "expiring": live.with_card_expired(expiring_by(today)).count(),
        "unpayable": live.without_payment_method().count(),
        "unaddressed": live.without_address().count(),
        "duplicates": count_duplicates(tenant),
        "months": [[month, per_month.get(month, 0)] for month in months],
        "countries": [list(row) for row in by_country.order_by("-count", "country")],
    }


def _count_in_background(tenant: Tenant) -> None:
    try:
        count(tenant)
    except DatabaseError:
        logger.warning("counting the figures failed")
    finally:
        connection.close()
