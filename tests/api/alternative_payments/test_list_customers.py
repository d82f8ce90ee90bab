"""GET /customers: the envelope, what is in the list, and its filters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, Organization
from tests import factories

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def names(api: APIClient, **query: str) -> list[str | None]:
    """The names in the list that `query` gets."""
    response: Any = api.get("/customers", query)
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["data"]]


def test_an_empty_list_has_null_cursors(api: APIClient) -> None:
    response = api.get("/customers")

    assert response.status_code == 200
    assert response.json() == {
        "data": [],
        "start_cursor": None,
        "end_cursor": None,
        "has_next_page": False,
        "has_previous_page": False,
    }


def test_a_row_is_what_the_customer_alone_is(api: APIClient, customer: Customer) -> None:
    row = api.get("/customers").json()["data"][0]

    assert row == api.get(f"/customers/{customer.pk}").json()


def test_newest_come_first(api: APIClient, acme: Organization) -> None:
    for day, name in enumerate(["first", "second", "third"]):
        factories.customer(acme, name=name, created_at=NOON + timedelta(days=day))

    assert names(api) == ["third", "second", "first"]


def test_a_hundred_rows_come_by_default(api: APIClient, acme: Organization) -> None:
    for number in range(101):
        factories.customer(acme, name=str(number))

    by_default = api.get("/customers").json()
    reported = api.get("/customers?limit=100").json()

    assert len(by_default["data"]) == 100
    assert by_default == reported
    assert by_default["has_next_page"] is True


def test_archived_customers_are_left_out_until_they_are_restored(
    api: APIClient, customer: Customer
) -> None:
    customer.archive()
    archived = names(api)
    customer.restore()

    assert archived == []
    assert names(api) == ["Coleman-Blair"]


def test_others_and_the_other_mode_are_left_out(
    api: APIClient, acme: Organization, globex: Organization, customer: Customer
) -> None:
    factories.customer(globex, name="Theirs")
    factories.customer(acme, "test", name="For tests")

    assert names(api) == ["Coleman-Blair"]
    assert names(factories.client(acme, "test")) == ["For tests"]
    assert names(factories.client(globex)) == ["Theirs"]


def test_head_answers_as_get_without_a_body(api: APIClient, customer: Customer) -> None:
    response = api.head("/customers")

    assert response.status_code == 200
    assert response.content == b""


# --- company_name --------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["Coleman-Blair", "coleman", "MAN-BL", "r", " blair "])
def test_company_name_is_contained_in_the_name_ignoring_case(
    api: APIClient, acme: Organization, customer: Customer, part: str
) -> None:
    factories.customer(acme, name="Quux")

    assert names(api, company_name=part) == ["Coleman-Blair"]


def test_company_name_is_contained_in_the_legal_name_too(
    api: APIClient, acme: Organization
) -> None:
    factories.customer(acme, name="Short", legal_name="Long Winded Holdings LLC")
    factories.customer(acme, legal_name="Winded only")
    factories.customer(acme, name="Quux", email="winded@example.org", city="Winded")

    assert names(api, company_name="winded") == [None, "Short"]


@pytest.mark.parametrize("part", ["100%", "a_b", "c\\d", "%", "_", "\\", "'; --", '"', "\\%"])
def test_company_name_is_taken_literally(api: APIClient, acme: Organization, part: str) -> None:
    factories.customer(acme, name=f"x{part}y")
    factories.customer(acme, name="100 a.b cd xy acb")

    assert names(api, company_name=part) == [f"x{part}y"]


@pytest.mark.parametrize("name", ["Ärztehaus Köln", "شركة الأمل", "株式会社", "🦊 & Söhne"])
def test_company_name_finds_every_script(api: APIClient, acme: Organization, name: str) -> None:
    factories.customer(acme, name=name)
    factories.customer(acme, name="Other")

    assert names(api, company_name=name[1:4]) == [name]


def test_an_empty_company_name_is_none(api: APIClient, customer: Customer) -> None:
    assert names(api, company_name="") == ["Coleman-Blair"]


def test_a_company_name_that_no_one_has_finds_nothing(api: APIClient, customer: Customer) -> None:
    assert names(api, company_name="Nobody") == []


# --- created_at_start and created_at_end ---------------------------------------------------------


def iso(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


@pytest.mark.parametrize("microsecond", [0, 1, 999, 1000, 123_456, 999_999])
def test_bounds_are_inclusive_to_the_microsecond(
    api: APIClient, acme: Organization, microsecond: int
) -> None:
    at = NOON + microsecond * MICROSECOND
    factories.customer(acme, name="Here", created_at=at)

    assert names(api, created_at_start=iso(at)) == ["Here"]
    assert names(api, created_at_end=iso(at)) == ["Here"]
    assert names(api, created_at_start=iso(at), created_at_end=iso(at)) == ["Here"]
    assert names(api, created_at_start=iso(at + MICROSECOND)) == []
    assert names(api, created_at_end=iso(at - MICROSECOND)) == []


@pytest.mark.parametrize(
    "same",
    [
        "2026-01-31T12:00:00Z",
        "2026-01-31t12:00:00z",
        "2026-01-31 12:00:00Z",
        "2026-01-31T12:00:00.0Z",
        "2026-01-31T12:00:00.000000000Z",
        "2026-01-31T12:00:00-00:00",
        "2026-01-31T14:00:00+02:00",
        "2026-02-01T11:59:00+23:59",
        "2026-01-30T12:01:00-23:59",
    ],
)
def test_every_way_to_write_a_time_is_the_same_time(
    api: APIClient, acme: Organization, same: str
) -> None:
    factories.customer(acme, name="Before", created_at=NOON - MICROSECOND)
    factories.customer(acme, name="Noon", created_at=NOON)

    assert names(api, created_at_start=same) == ["Noon"]


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", ["Noon"]),
        ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", ["Noon"]),
        ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z", []),
        ("2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z", []),
    ],
)
def test_the_ends_of_the_calendar_are_times_too(
    api: APIClient, acme: Organization, start: str, end: str, found: list[str | None]
) -> None:
    factories.customer(acme, name="Noon", created_at=NOON)

    assert names(api, created_at_start=start, created_at_end=end) == found


def test_an_empty_bound_is_none(api: APIClient, customer: Customer) -> None:
    assert names(api, created_at_start="", created_at_end="") == ["Coleman-Blair"]


def test_filters_narrow_together(api: APIClient, acme: Organization) -> None:
    for day, name in enumerate(["Acme A", "Acme B", "Other", "Acme C"]):
        factories.customer(acme, name=name, created_at=NOON + timedelta(days=day))

    found = names(
        api, company_name="acme", created_at_start=iso(NOON + MICROSECOND), created_at_end=iso(NOON)
    )
    within = names(
        api,
        company_name="acme",
        created_at_start=iso(NOON + timedelta(days=1)),
        created_at_end=iso(NOON + timedelta(days=2)),
    )

    assert found == []
    assert within == ["Acme B"]
