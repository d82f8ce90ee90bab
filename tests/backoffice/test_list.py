"""The list of customers: its pages, columns, export and curl commands."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.backoffice import customer_list
from customers.insights import figures
from customers.models import Customer, Organization, counting
from customers.values.card_numbers import contains_card_number
from tests import factories
from tests.backoffice.support import at, text

NAMES = ["Beta", "alpha", None, "beta", None, "Álpha", "beta"]
SORTS = ["", "created", "name", "-name"]


@pytest.fixture
def rows(acme: Organization, monkeypatch: pytest.MonkeyPatch) -> list[Customer]:
    """Fourteen customers, in pages of three."""
    monkeypatch.setattr(customer_list, "ROWS", 3)
    return [
        factories.customer(acme, name=name, city="Kyiv", country="UA" if n % 2 else None)
        for n, name in enumerate(NAMES * 2)
    ]


def pages(client: Client, query: str, way: str = "next") -> list[list[UUID]]:
    """The ids of all pages, following the links."""
    found = []
    while True:
        response: Any = client.get(f"{at('customers')}?{query}")
        assert response.status_code == 200
        found.append([row.pk for row in response.context["page"].rows])
        assert len(found) < 20
        query = response.context["links"].get(way, "")
        if not query:
            return found


def ids(found: list[list[UUID]]) -> list[UUID]:
    return [id for page in found for id in page]


@pytest.mark.parametrize("sort", SORTS)
def test_following_the_links_gives_every_row_once(
    viewer: Client, rows: list[Customer], sort: str
) -> None:
    forwards = pages(viewer, f"sort={sort}&country=&q=kyiv")

    assert len(ids(forwards)) == len(rows)
    assert set(ids(forwards)) == {row.pk for row in rows}
    last = forwards[-1][0]
    backwards = pages(viewer, f"sort={sort}&before={last}", "previous")
    assert ids(backwards[::-1]) == ids(forwards[:-1])


@pytest.mark.parametrize("sort", SORTS)
def test_rows_added_and_archived_between_pages_do_not_move_others(
    viewer: Client, acme: Organization, rows: list[Customer], sort: str
) -> None:
    before = ids(pages(viewer, f"sort={sort}"))
    response: Any = viewer.get(at("customers"), {"sort": sort})
    factories.customer(acme, name="beta", created_at=datetime(2020, 1, 1, tzinfo=UTC))
    factories.customer(acme, name="alpha")
    Customer.objects.get(pk=before[2]).archive()  # the row of the link's cursor
    Customer.objects.get(pk=before[9]).archive()

    rest = ids(pages(viewer, response.context["links"]["next"]))

    assert [id for id in rest if id in before] == [*before[3:9], *before[10:]]
    assert len(rest) == len(set(rest))


def test_oldest_first_is_newest_first_reversed(viewer: Client, rows: list[Customer]) -> None:
    assert ids(pages(viewer, "")) == ids(pages(viewer, "sort=created"))[::-1]
    assert ids(pages(viewer, "sort=name")) == ids(pages(viewer, "sort=-name"))[::-1]


@pytest.mark.parametrize("sort", ["name", "-name"])
def test_a_cursor_of_others_is_like_one_that_does_not_exist(
    viewer: Client, globex: Organization, rows: list[Customer], sort: str
) -> None:
    theirs = factories.customer(globex, name="b")

    found = [pages(viewer, f"sort={sort}&after={id}") for id in (theirs.pk, uuid4())]

    assert found[0] == found[1]


def test_an_empty_page_after_the_last_one_links_back(viewer: Client, rows: list[Customer]) -> None:
    last = ids(pages(viewer, ""))[-1]

    page = text(viewer.get(at("customers"), {"after": str(last)}))

    assert "No customers yet" not in page


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    "query", ["", "q=beta", "country=UA", "month=2026-11", "status=all", "duplicates=on"]
)
def test_the_list_counts_few_rows_and_uses_no_offset(
    viewer: Client,
    rows: list[Customer],
    sort: str,
    query: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    viewer.get(at("home"))  # its counts are kept until something changes
    monkeypatch.setattr(figures, "last_change", lambda _tenant: None)

    with CaptureQueriesContext(connection) as asked:
        for more in ("", f"&after={rows[4].pk}", f"&before={rows[4].pk}"):
            assert viewer.get(f"{at('customers')}?sort={sort}&{query}{more}").status_code == 200

    statements = [query["sql"].upper() for query in asked.captured_queries]
    counts = [statement for statement in statements if "COUNT(" in statement]
    assert all(f"LIMIT {counting.EXACT_COUNT + 1})" in statement for statement in counts)
    assert "OFFSET" not in " ".join(statements)


def test_columns_that_are_chosen_are_remembered(viewer: Client, customer: Customer) -> None:
    customer.revise({"city": "Kyiv", "phone": "+49 30 123456"})
    asked = viewer.get(f"{at('customers')}?column=city&column=nonsense&column=phone")
    cookie = asked.cookies["customer_columns"]

    for response in (asked, viewer.get(at("customers"))):
        assert list(response.context["columns"]) == ["city", "phone"]
        assert "Kyiv" in text(response)
    assert (cookie.value, cookie["samesite"], bool(cookie["httponly"])) == (
        *("city.phone", "Lax"),
        True,
    )


@pytest.mark.parametrize("cookie", ["", "nonsense", "....", "\\", "pk.organization", "x" * 4000])
def test_a_cookie_that_is_not_valid_gives_the_default_columns(
    viewer: Client, customer: Customer, cookie: str
) -> None:
    viewer.cookies["customer_columns"] = cookie

    response: Any = viewer.get(at("customers"))

    assert list(response.context["columns"]) == [
        *("email", "external_id", "country", "card", "created_at")
    ]


@pytest.mark.parametrize(
    "query",
    ["", "q=beta", "country=UA", "country=none", "status=archived", "status=all", "month=2026-11"],
)
def test_an_export_has_the_rows_of_all_pages(
    editor: Client, rows: list[Customer], query: str
) -> None:
    for row in rows[:4]:
        row.archive()

    file = text(editor.get(f"{at('export')}?{query}")).removeprefix("\ufeff")
    exported = [UUID(row["id"]) for row in csv.DictReader(file.splitlines())]

    assert exported == ids(pages(editor, query))


def test_each_contract_has_a_command_that_gets_the_same_rows(
    viewer: Client, rows: list[Customer]
) -> None:
    response: Any = viewer.get(at("customers"), {"q": "kyiv"})
    calls = {call.title: call for call in response.context["curl"]}

    assert set(calls) == {"Alternative Payments", "BillaBear", "Lago", "Registry", "Vatly"}
    for call in calls.values():
        assert not call.is_list  # none of them can search
        assert call.lines.count("$HOST") == 1
        assert "$API_KEY" in call.lines
    assert all(str(row.pk) in calls["BillaBear"].lines for row in response.context["page"].rows)


def test_each_contract_has_one_call_for_a_list_of_one_page(
    viewer: Client, customer: Customer
) -> None:
    response: Any = viewer.get(at("customers"))

    assert all(call.is_list for call in response.context["curl"])


def test_shell_syntax_in_an_id_is_quoted(viewer: Client, acme: Organization) -> None:
    factories.customer(acme, external_id="'; rm -rf / #$(id)`id`")

    response: Any = viewer.get(at("customers"), {"q": "rm"})

    for call in response.context["curl"]:
        paths = re.search(r"for path in (.*); do", call.lines)
        assert paths
        assert not set(paths[1]) & set("$`;# ")


def test_matches_elsewhere_are_shown_with_their_place(
    viewer: Client, acme: Organization, globex: Organization
) -> None:
    factories.customer(acme, "test", name="Hooli")
    factories.customer(acme, name="Hooli").archive()
    factories.customer(globex, name="Hooli")

    page = text(viewer.get(at("customers"), {"q": "hooli"}))

    assert f"{at('customers', mode='test')}?q=hooli" in page
    assert f"{at('customers')}?q=hooli&amp;status=archived" in page
    assert "Globex" not in page


def test_an_empty_filtered_list_leads_to_the_archived_customers(
    viewer: Client, acme: Organization
) -> None:
    factories.customer(acme, name="Hooli", country="DE").archive()

    page = text(viewer.get(at("customers"), {"country": "DE"}))
    shown = text(viewer.get(at("customers"), {"country": "DE", "status": "all"}))

    assert "Look among the archived customers too" in page
    assert '<a href="?country=DE&amp;status=all">' in page
    assert "Hooli" in shown


def test_the_country_filter_offers_any_once(viewer: Client, acme: Organization) -> None:
    factories.customer(acme, country="DE")

    page = text(viewer.get(at("customers")))
    offered = page.split('name="country"')[1].split("</select>")[0]

    assert offered.count(">Any<") == 1


def test_what_is_spelled_nearly_so_is_offered(viewer: Client, acme: Organization) -> None:
    customer = factories.customer(acme, name="Gavin Belson")

    page = text(viewer.get(at("customers"), {"q": "gavn belson"}))

    assert "No customer found" in page
    assert at("customer", customer.pk) in page


def test_an_id_opens_its_customer_and_an_id_of_others_finds_nothing(
    viewer: Client, acme: Organization, globex: Organization
) -> None:
    mine = factories.customer(acme, "test")
    theirs = factories.customer(globex)

    response: Any = viewer.get(at("customers"), {"q": str(mine.pk)}, follow=True)
    assert response.redirect_chain[-1][0] == at("customer", mine.pk, mode="test")
    pages_of = [text(viewer.get(at("customers"), {"q": str(id)})) for id in (theirs.pk, uuid4())]
    assert all("No customer found" in page for page in pages_of)


def test_an_id_that_looks_like_a_card_number_is_searched_for(viewer: Client) -> None:
    id = "01a41312-2338-7083-803a-451839c97af3"
    assert contains_card_number(id)

    response = viewer.get(at("customers"), {"q": id})

    assert response.status_code == 200
    assert "No customer found" in text(response)


def test_pages_are_not_cached(viewer: Client, customer: Customer) -> None:
    for address in (at("home"), at("customers"), at("customer", customer.pk)):
        assert "no-store" in viewer.get(address)["Cache-Control"]
