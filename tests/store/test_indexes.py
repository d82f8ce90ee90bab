"""The questions that people ask of many customers are answered by an index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from customers.models import Customer, Organization
from customers.search import heading
from tests import factories

Ask = Callable[[Any], Any]

QUESTIONS: dict[str, tuple[str, Ask]] = {
    "words": ("customer_words", lambda _rows: Customer.objects.matching("gavin bel").order_by()),
    "newest first": ("customer_live", lambda rows: rows.live().order_by("-pk")[:50]),
    "archived": ("customer_archived", lambda rows: rows.archived().order_by("-pk")[:50]),
    "country": ("customer_country", lambda rows: rows.filter(country="DE").order_by("-pk")[:50]),
    "by name": ("customer_heading", lambda rows: rows.order_by(heading(), "pk")[:50]),
    "by name backwards": (
        "customer_heading",
        lambda rows: rows.order_by(heading().desc(), "-pk")[:50],
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_index_answers(acme: Organization, question: str) -> None:
    index, ask = QUESTIONS[question]
    rows = Customer.objects.visible_to(factories.credential(acme))
    with connection.cursor() as cursor:
        # Of a few rows the planner would read all, and sort them.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")

        plan = ask(rows).explain()

    assert f" {index} " in plan or plan.rstrip().endswith(index), plan
    assert "Sort" not in plan
