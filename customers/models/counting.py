"""How many rows there are: exactly if they are few, and beyond as the planner estimates.

Counting a million rows takes longer than any page of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError
from django.db.models import QuerySet

from customers.models.database_settings import changed_settings

EXACT_COUNT = 10_000
#: How long a page waits for the exact number.
_SETTINGS = {"statement_timeout": "200"}


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows there are, or about how many."""

    number: int
    is_exact: bool

    def __str__(self) -> str:
        return f"{self.number:,}"


def count_or_estimate(rows: QuerySet[Any]) -> int:
    """How many rows there are: exactly up to 10,000, and beyond as the planner estimates."""
    exact = _count_few(rows)
    return exact if exact <= EXACT_COUNT else max(exact, _estimate(rows))


def total(rows: QuerySet[Any]) -> Total:
    """Like `count_or_estimate`, but also an estimate, of two digits, if counting takes long."""
    try:
        with changed_settings(rows.db, _SETTINGS):
            exact = _count_few(rows)
    except OperationalError:
        exact = 0
    if 0 < exact <= EXACT_COUNT:
        return Total(exact, is_exact=True)
    about = max(exact, _estimate(rows))
    return Total(round(about, 2 - len(str(about))), is_exact=False)


def _count_few(rows: QuerySet[Any]) -> int:
    return rows.order_by()[: EXACT_COUNT + 1].count()


def _estimate(rows: QuerySet[Any]) -> int:
    plan = json.loads(rows.order_by().explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])
