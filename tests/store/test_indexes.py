"""The questions that people ask of many customers are answered by an index."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from customers.models import Customer, Organization
from customers.models.search import heading
from tests import factories

Ask = Callable[[Any], Any]


def containing(rows: Any, part: str) -> Any:
    return rows.named(part).order_by()


QUESTIONS: dict[str, tuple[str, Ask]] = {
    **{
        f"containing {part}": ("customer_search", partial(containing, part=part))
        for part in ("gavin", "avi", "vi", "nobody", "zq", "云", "ё")
    },
    "newest first": ("customer", lambda rows: rows.live().order_by("-pk")[:50]),
    "archived": ("customer_archived", lambda rows: rows.archived().order_by("-pk")[:50]),
    "country": ("customer_country", lambda rows: rows.filter(country="DE").order_by("-pk")[:50]),
    "by change": (
        "customer_updated",
        lambda rows: rows.order_by("-updated_at", "-pk").values("pk")[:50],
    ),
    "a text": ("customer_search", lambda rows: rows.with_text("name", "Gavin Belson 100")),
    "metadata": ("customer_search", lambda rows: rows.with_metadata("plan", "gold")),
    "by name": ("customer_heading", lambda rows: rows.order_by(heading(), "pk")[:50]),
    "by name backwards": (
        "customer_heading",
        lambda rows: rows.order_by(heading().desc(), "-pk")[:50],
    ),
}


@pytest.fixture
def many(acme: Organization) -> None:
    """Enough customers to choose a way by: few of them are archived, or German, or Gavins."""
    Customer.objects.bulk_create(
        Customer(
            organization=acme,
            mode="live",
            name=f"Gavin Belson {number}" if number % 100 == 0 else f"Someone {number}",
            country="DE" if number % 100 == 1 else "US",
            archived_at=timezone.now() if number % 100 == 2 else None,
        )
        for number in range(1000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer")


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_index_answers(acme: Organization, many: None, question: str) -> None:
    index, ask = QUESTIONS[question]
    rows = Customer.objects.visible_to(factories.tenant(acme))
    with connection.cursor() as cursor:
        # Of a thousand rows it might read all, or sort them.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")

        plan = ask(rows).explain()

    assert re.search(rf"(using|on) {index}", plan), plan
    assert "Sort" not in plan
