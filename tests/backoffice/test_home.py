"""The home page: each number is the number of rows of the list that it links to."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.test import Client

from customers.backoffice.charts import short
from customers.insights import figures
from customers.models import ApiKey, Customer, Figures, OAuthClient, Organization
from tests import factories
from tests.backoffice.support import at, signed_in, text
from tests.imports.support import checked, uploaded

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def many_kinds(acme: Organization, globex: Organization, clock: time_machine.Traveller) -> None:
    """Customers of several months and countries, archived, duplicate, with cards; and of others."""
    for number, created in enumerate(
        [
            NOW,
            datetime(2026, 11, 1, tzinfo=UTC),
            datetime(2026, 10, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            datetime(2024, 12, 1, tzinfo=UTC),
            datetime(2024, 11, 30, tzinfo=UTC),
            datetime(2001, 1, 1, tzinfo=UTC),
        ]
    ):
        country = ("DE", "US", None)[number % 3]
        row = factories.customer(acme, name=f"n-{number}", country=country, created_at=created)
        factories.payment_method(row, exp_month=number + 8, exp_year=2026) if number < 5 else None
    for email in ("Ada@example.org", "ada@example.org"):
        factories.customer(acme, email=email)
    for row in (factories.customer(acme, country="FR"), factories.customer(acme)):
        factories.payment_method(row, exp_month=1, exp_year=2020)
        row.archive()
    for elsewhere in (factories.customer(acme, "test"), factories.customer(globex)):
        factories.payment_method(elsewhere, exp_month=1, exp_year=2020)


def rows_at(client: Client, address: str) -> int:
    """The number of rows of a list that fits on one page."""
    response: Any = client.get(address)
    assert response.status_code == 200
    page = response.context["page"]
    assert not page.has_next
    return len(page.rows)


def test_each_number_matches_its_list(viewer: Client, many_kinds: None) -> None:
    context: Any = viewer.get(at("home")).context
    cards = {str(name): (count, address) for name, count, address in context["cards"]}
    tasks = {task.text: (task.count, task.address) for task in context["tasks"]}

    assert {name: count for name, (count, _) in cards.items()} == {
        "Live customers": 8,
        "New this month": 4,
        "Archived": 2,
    }
    assert {name: count for name, (count, _) in tasks.items()} == {
        "customers have an expired card": 3,
        "customers have a card that is expired or expires within 60 days": 5,
        "customers have no way to pay": 3,
        "customers have no address": 8,
        "customers are possible duplicates": 2,
    }
    for name, (count, address) in {**cards, **tasks}.items():
        assert rows_at(viewer, address) == count, name


def test_whoever_may_deal_with_them_sees_credentials_and_imports(
    acme: Organization, clock: time_machine.Traveller
) -> None:
    ApiKey.issue(acme, "live", expires_at=NOW + timedelta(days=14))
    ApiKey.issue(acme, "live", expires_at=NOW + timedelta(days=15))
    ApiKey.issue(acme, "test", expires_at=NOW + timedelta(days=1))
    OAuthClient.issue(acme, "live", expires_at=NOW + timedelta(days=1))
    checked(acme, [["name", "country"], ["One", "nowhere"]])
    checked(acme, [["name"], ["Two"]])
    uploaded(acme, [["name"], ["Three"]])

    def tasks(group: str) -> list[str]:
        response: Any = signed_in(acme, group, username=group).get(at("home"))
        return [f"{task.count} {task.text}" for task in response.context["tasks"]]

    of_imports = [
        "1 import has refused rows",
        "1 import is checked and not imported",
        "1 file is uploaded and not checked",
    ]
    assert tasks("Viewer") == []
    assert tasks("Editor") == of_imports
    assert tasks("Manager") == [
        "1 API key ends within 14 days",
        "1 OAuth client ends within 14 days",
        *of_imports,
    ]


def test_nothing_needs_anyone(viewer: Client, acme: Organization) -> None:
    factories.payment_method(factories.customer(acme, city="Kyiv"), exp_year=2040)

    assert "Nothing needs you." in text(viewer.get(at("home")))


def test_each_bar_and_each_country_matches_its_list(viewer: Client, many_kinds: None) -> None:
    response: Any = viewer.get(at("home"))
    bars = {
        html.unescape(address): int(re.search(r": ([\d,]+) customer", label)[1])  # type: ignore[index]
        for address, label in re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', text(response))
    }

    assert len(bars) == 24
    assert sum(bars.values()) == 6
    for address, count in bars.items():
        assert rows_at(viewer, address) == count, address
    shown = {row["name"]: row["count"] for row in response.context["countries"]}
    assert shown == {"No country": 4, "Germany": 2, "United States of America": 2}
    for row in response.context["countries"]:
        assert rows_at(viewer, row["address"]) == row["count"], row["name"]


def test_the_numbers_are_shown_with_the_time_of_the_count(
    viewer: Client, acme: Organization, clock: time_machine.Traveller
) -> None:
    assert "just now" in text(viewer.get(at("home")))
    clock.move_to(NOW + timedelta(minutes=5))
    page = text(viewer.get(at("home")))
    assert "2026-11-20 12:00:00 UTC" in page
    assert "<strong>0</strong> Live customers" in page

    factories.customer(acme)
    page = text(viewer.get(at("home")))
    assert "2026-11-20 12:05:00 UTC" in page
    assert "<strong>1</strong> Live customers" in page


def test_many_customers_are_not_counted_anew_with_every_change(
    viewer: Client, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures.count(factories.tenant(acme))
    monkeypatch.setattr(figures, "EXACT_COUNT", 1)
    monkeypatch.setattr(figures, "Thread", None)
    factories.customer(acme)
    factories.customer(acme)

    assert "<strong>0</strong> Live customers" in text(viewer.get(at("home")))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1, "1"),
        (999, "999"),
        (1_234, "1.2k"),
        (45_600, "46k"),
        (999_999, "1.0M"),
        (34_000_000, "34M"),
    ],
)
def test_a_number_above_a_bar_is_short(value: int, shown: str) -> None:
    assert short(value) == shown


def test_an_empty_organization_has_a_home_page(viewer: Client, acme: Organization) -> None:
    page = text(viewer.get(at("home")))

    assert "No customers yet." in page
    assert "None" not in page.split("<main")[1]


@pytest.fixture
def too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two customers are too many to be counted at once."""
    monkeypatch.setattr(figures, "EXACT_COUNT", 1)


@pytest.mark.django_db(transaction=True)
def test_many_customers_are_counted_while_the_page_waits(
    transactional_db: None, too_many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Thread] = []

    def begin(**given: Any) -> Thread:
        begun.append(Thread(**given))
        return begun[-1]

    monkeypatch.setattr(figures, "Thread", begin)
    acme = factories.organization("acme")
    Customer.objects.bulk_create(
        Customer(organization=acme, mode="live", city="Kyiv") for _ in range(2)
    )
    viewer = signed_in(acme, "Viewer")

    waiting = viewer.get(at("home"))
    assert "The customers are being counted" in text(waiting)
    assert waiting["Refresh"] == "3"
    begun[0].join(30)

    counted = viewer.get(at("home"))
    assert "<strong>2</strong> Live customers" in text(counted)
    assert "Refresh" not in counted
    assert len(begun) == 1
    assert Figures.objects.get().organization == acme
