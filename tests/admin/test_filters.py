"""The filters of the lists, and counting where there are many rows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from customers.admin.base import EstimatingPaginator
from customers.models import Customer, Organization, counting
from customers.staff.models import StaffUser
from tests import factories

LIST = "/admin/customers/customer/"


@pytest.fixture
def admin(client: Client, db: None) -> Client:
    client.force_login(StaffUser.objects.create_superuser("root"))
    return client


@pytest.fixture
def spread(acme: Organization) -> None:
    """Customers at the edges of days, months and years."""
    for name, at in {
        "last of 2023": "2023-12-31T23:59:59.999999",
        "first of 2024": "2024-01-01T00:00:00",
        "leap day": "2024-02-29T12:00:00",
        "last of 2024": "2024-12-31T23:59:59.999999",
        "this one": "2026-03-02T00:00:00",
    }.items():
        created_at = datetime.fromisoformat(at).replace(tzinfo=UTC)
        factories.customer(acme, name=name, created_at=created_at)


def rows(admin: Client, **query: str) -> list[str]:
    response: Any = admin.get(LIST, query)
    return [str(customer) for customer in response.context["cl"].result_list]


def choices(admin: Client, title: str = "created", **query: str) -> list[str]:
    response: Any = admin.get(LIST, query)
    changelist = response.context["cl"]
    (spec,) = [spec for spec in changelist.filter_specs if spec.title == title] or [None]
    return [choice["display"] for choice in spec.choices(changelist)] if spec else []


@pytest.mark.usefixtures("spread")
@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2023", ["last of 2023"]),
        ("2024", ["last of 2024", "leap day", "first of 2024"]),
        ("2024-02", ["leap day"]),
        ("2024-12", ["last of 2024"]),
        ("2024-02-29", ["leap day"]),
        ("2024-02-28", []),
        ("2025", []),
        ("1969", []),
    ],
)
def test_created_in_a_year_a_month_a_day(admin: Client, period: str, expected: list[str]) -> None:
    assert rows(admin, created=period) == expected


@pytest.mark.usefixtures("spread")
@pytest.mark.parametrize(
    ("period", "offered"),
    [
        (None, ["All", "2026", "2025", "2024", "2023"]),
        ("2023", ["All", "2023", "December 2023"]),
        ("2026", ["All", "2026", "March 2026", "February 2026", "January 2026"]),
        ("2023-12", ["All", "2023", "December 2023", "31 December 2023"]),
        ("2024-02-29", ["All", "2024", "February 2024", "29 February 2024"]),
    ],
)
def test_smaller_periods_are_offered_within_what_there_is(
    admin: Client, period: str | None, offered: list[str]
) -> None:
    assert choices(admin, **({"created": period} if period else {})) == offered


@pytest.mark.parametrize("period", ["x", "2024-13", "2024-02-30", "2024-1", "9999", "0000", ""])
def test_a_period_that_is_none_is_left_out(admin: Client, customer: Customer, period: str) -> None:
    response = admin.get(LIST, {"created": period})

    assert response["Location"] == f"{LIST}?e=1"


def test_without_rows_no_period_is_offered(admin: Client) -> None:
    assert choices(admin) == []


def test_only_organizations_with_rows_are_offered(
    admin: Client, customer: Customer, globex: Organization
) -> None:
    empty = factories.organization("empty", "Empty")
    factories.customer(globex, name="Theirs")

    assert choices(admin, "organization") == ["All", "Acme", "Globex"]
    assert rows(admin, organization=str(globex.pk)) == ["Theirs"]
    refused = admin.get(LIST, {"organization": str(empty.pk)})
    assert refused["Location"] == f"{LIST}?e=1"


def test_only_countries_with_rows_are_offered(admin: Client, acme: Organization) -> None:
    factories.customer(acme, name="Here", country="DE")
    factories.customer(acme, "test", name="There", country="AT")
    factories.customer(acme, name="Nowhere")

    assert choices(admin, "country") == ["All", "Austria", "Germany"]
    assert rows(admin, country="DE") == ["Here"]


def test_only_countries_of_ones_own_customers_are_offered(
    client: Client, acme: Organization, globex: Organization
) -> None:
    factories.customer(acme, country="DE")
    factories.customer(globex, country="FR")
    client.force_login(factories.staff("ada", "Viewer", organizations=[acme]))

    assert choices(client, "country") == ["All", "Germany"]


@pytest.mark.parametrize("name", ["country", "organization", "created"])
def test_what_no_filter_offers_is_left_out(
    admin: Client, customer: Customer, globex: Organization, name: str
) -> None:
    factories.customer(globex, country="FR")

    assert admin.get(LIST, {name: "nonsense\0"})["Location"] == f"{LIST}?e=1"


@pytest.mark.usefixtures("spread")
def test_facets_count_what_each_choice_gives(admin: Client) -> None:
    offered = choices(admin, _facets="True")

    assert offered == ["All", "2026 (1)", "2025 (0)", "2024 (3)", "2023 (1)"]


def test_a_customer_is_found_by_its_cus_id(admin: Client, customer: Customer) -> None:
    from customers.values.cus_ids import encode

    assert rows(admin, q=encode(customer.pk)) == ["Coleman-Blair"]


def test_a_customer_is_found_without_accents(admin: Client, acme: Organization) -> None:
    factories.customer(acme, name="Boulangerie Édouard")

    assert rows(admin, q="edou") == ["Boulangerie Édouard"]


def test_many_rows_are_estimated_rather_than_counted(
    acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        factories.customer(acme, name=f"Customer {number}")
    monkeypatch.setattr(counting, "EXACT_COUNT", 3)

    assert EstimatingPaginator(Customer.objects.order_by("pk"), 2).count >= 4


def test_few_rows_are_counted(customer: Customer) -> None:
    assert EstimatingPaginator(Customer.objects.order_by("pk"), 2).count == 1
