"""What stands above the list of customers: its total, its headings, its filters as chips."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.db.models.expressions import RawSQL
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.backoffice import customer_list
from customers.models import Customer, Organization, counting
from tests import factories
from tests.backoffice.support import CARD, at, text


@pytest.fixture
def rows(acme: Organization, monkeypatch: pytest.MonkeyPatch) -> list[Customer]:
    """Fourteen customers, in pages of three."""
    monkeypatch.setattr(customer_list, "ROWS", 3)
    return [
        factories.customer(acme, city="Kyiv", country="UA" if n % 2 else None) for n in range(14)
    ]


def total(client: Client, query: str = "") -> str:
    found = re.search(
        r"((About )?<strong>[\d,]+</strong> customers?)",
        text(client.get(f"{at('customers')}?{query}")),
    )
    return re.sub("<[^>]*>", "", found[1]) if found else ""


def test_the_list_tells_how_many_there_are(
    viewer: Client, rows: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert total(viewer) == "14 customers"
    assert total(viewer, f"after={rows[4].pk}") == "14 customers"
    assert total(viewer, "country=UA") == "7 customers"
    assert total(viewer, "q=nobody") == ""
    monkeypatch.setattr(counting, "EXACT_COUNT", 10)
    assert re.fullmatch(r"About \d+ customers", total(viewer))


def test_a_page_of_all_is_counted_without_a_query(viewer: Client, customer: Customer) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert total(viewer) == "1 customer"

    assert not [query for query in asked.captured_queries if "COUNT(" in query["sql"].upper()]


def test_a_count_that_takes_too_long_is_an_estimate(
    acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.customer(acme)
    slow = RawSQL("SELECT pg_sleep(3)::text", ())
    rows = Customer.objects.annotate(slow=slow).exclude(slow="never")

    found = rows.total()

    assert not found.is_exact


@pytest.mark.parametrize(
    ("sort", "name", "created"),
    [
        ("", ("", "sort=name"), ("descending", "sort=created")),
        ("created", ("", "sort=name"), ("ascending", "")),
        ("name", ("ascending", "sort=-name"), ("", "")),
        ("-name", ("descending", "sort=name"), ("", "")),
    ],
)
def test_a_heading_orders_the_list(
    viewer: Client, customer: Customer, sort: str, name: tuple[str, str], created: tuple[str, str]
) -> None:
    page = text(viewer.get(at("customers"), {"sort": sort}))
    found = {
        words: (direction or "", query)
        for direction, query, words in re.findall(
            r'<th scope="col"(?: aria-sort="(\w+)")?><a href="\?([^"]*)">(\w+)', page
        )
    }

    assert found == {"Customer": name, "Created": created}


def test_a_heading_keeps_the_filters(viewer: Client, rows: list[Customer]) -> None:
    query = f"country=UA&q=kyiv&open=single&after={rows[4].pk}"

    page = text(viewer.get(f"{at('customers')}?{query}"))

    assert '<a href="?country=UA&amp;q=kyiv&amp;sort=name">' in page


CHIPS = {
    "status=archived": "Status: Archived",
    "status=all": "Status: Live and archived",
    "country=UA": "Country: Ukraine",
    "country=none": "Country: No country",
    "created_from=2026-01-02": "Created: from 2 Jan 2026",
    "created_from=2026-01-02&created_to=2026-02-03": "Created: from 2 Jan 2026 until 3 Feb 2026",
    "month=2026-11": "Created: in 2026-11 (UTC)",
    "cards=expired": "Cards: Has an expired one",
    "duplicates=on": "Duplicates: possible",
}


@pytest.mark.parametrize("query", CHIPS)
def test_a_filter_is_a_chip_in_words_that_is_removed_alone(
    viewer: Client, rows: list[Customer], query: str
) -> None:
    page = text(viewer.get(f"{at('customers')}?{query}&q=kyiv&sort=name"))

    assert f"<summary>{CHIPS[query]}</summary>" in page
    assert page.count("Remove the filter") == 1
    assert '<a class="remove" href="?q=kyiv&amp;sort=name">' in page
    assert f"<title>“kyiv”, {CHIPS[query]} · Customers · Acme</title>" in page


def test_a_card_number_is_not_in_the_title(viewer: Client, customer: Customer) -> None:
    page = text(viewer.get(at("customers"), {"q": CARD}))

    assert "<title>Customers · Acme</title>" in page
