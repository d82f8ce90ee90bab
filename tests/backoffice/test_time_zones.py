"""The back office uses the time zone of the `timezone` cookie; the APIs use UTC only."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, Organization
from tests import factories
from tests.backoffice.support import at, text


def found(client: Client, zone: str, **asked: str) -> list[str]:
    client.cookies["timezone"] = zone
    response = client.get(at("customers"), {"sort": "created", **asked})
    assert response.status_code == 200
    return [row.name for row in response.context["page"].rows]


def made(acme: Organization, *times: datetime) -> None:
    for time in times:
        factories.customer(acme, name=f"{time:%d %H:%M:%S}", created_at=time)


@pytest.mark.parametrize(
    ("zone", "names"),
    [
        ("UTC", ["10 00:00:00", "10 23:59:59"]),
        ("Europe/Berlin", ["09 23:30:00", "10 00:00:00"]),
        ("America/New_York", ["10 23:59:59", "11 03:00:00"]),
        ("America%2FNew_York", ["10 23:59:59", "11 03:00:00"]),
        ("Pacific/Kiritimati", ["09 23:30:00"]),
    ],
)
def test_a_day_is_in_the_readers_zone(
    viewer: Client, acme: Organization, zone: str, names: list[str]
) -> None:
    made(
        acme,
        datetime(2026, 3, 9, 23, 30, tzinfo=UTC),
        datetime(2026, 3, 10, tzinfo=UTC),
        datetime(2026, 3, 10, 23, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 11, 3, tzinfo=UTC),
    )
    if zone == "Pacific/Kiritimati":
        names = ["09 23:30:00", "10 00:00:00"]

    assert found(viewer, zone, created_from="2026-03-10", created_to="2026-03-10") == names


@pytest.mark.parametrize(
    "zone", ["", "Nowhere/Land", "../../etc/passwd", "UTC\n", "%00", "x" * 4000, "Europe"]
)
def test_an_unknown_zone_is_ignored(viewer: Client, acme: Organization, zone: str) -> None:
    made(acme, datetime(2026, 3, 10, tzinfo=UTC))

    viewer.cookies["timezone"] = zone
    asked = {"created_from": "2026-03-10", "created_to": "2026-03-10"}
    response = viewer.get(at("customers"), asked)

    assert [row.name for row in response.context["page"].rows] == ["10 00:00:00"]


@pytest.mark.parametrize(
    ("zone", "day", "first", "last"),
    [
        # Clocks go forward at 2:00, back at 3:00.
        (
            *("Europe/Berlin", "2026-03-29"),
            datetime(2026, 3, 28, 23, tzinfo=UTC),
            datetime(2026, 3, 29, 21, 59, 59, 999_999, tzinfo=UTC),
        ),
        (
            *("Europe/Berlin", "2026-10-25"),
            datetime(2026, 10, 24, 22, tzinfo=UTC),
            datetime(2026, 10, 25, 22, 59, 59, 999_999, tzinfo=UTC),
        ),
        # Clocks go back at midnight: the last hour of the day occurs twice.
        (
            *("Asia/Beirut", "2026-10-24"),
            datetime(2026, 10, 23, 21, tzinfo=UTC),
            datetime(2026, 10, 24, 21, 59, 59, 999_999, tzinfo=UTC),
        ),
        # Clocks go forward at midnight: the day begins at 1:00.
        (
            *("Asia/Beirut", "2026-03-29"),
            datetime(2026, 3, 28, 22, tzinfo=UTC),
            datetime(2026, 3, 29, 20, 59, 59, 999_999, tzinfo=UTC),
        ),
    ],
)
def test_days_on_which_clocks_change_are_whole(
    viewer: Client, acme: Organization, zone: str, day: str, first: datetime, last: datetime
) -> None:
    moment = timedelta(microseconds=1)
    for name, time in {
        "before": first - moment,
        "first": first,
        "last": last,
        "after": last + moment,
    }.items():
        factories.customer(acme, name=name, created_at=time)

    assert found(viewer, zone, created_from=day, created_to=day) == ["first", "last"]
    assert found(viewer, zone, created_to=day) == ["before", "first", "last"]


def test_a_month_is_in_utc_in_every_zone(viewer: Client, acme: Organization) -> None:
    made(acme, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC))

    for zone in ("UTC", "Pacific/Kiritimati", "America/New_York"):
        assert len(found(viewer, zone, month="2026-03")) == 2


@pytest.mark.parametrize(
    ("zone", "shown"), [("UTC", "9 Mar 2020"), ("Europe/Berlin", "10 Mar 2020")]
)
def test_a_time_is_shown_in_the_readers_zone_with_the_exact_one(
    viewer: Client, acme: Organization, zone: str, shown: str
) -> None:
    row = factories.customer(acme, created_at=datetime(2020, 3, 9, 23, 30, tzinfo=UTC))
    viewer.cookies["timezone"] = zone

    page = text(viewer.get(at("customer", row.pk)))

    assert f">{shown}<" in page
    assert "2020-03-09 23:30:00 UTC" in page


def test_api_responses_do_not_depend_on_the_cookie(
    viewer: Client, acme: Organization, api: APIClient, customer: Customer
) -> None:
    def shown(client: Client) -> list[str]:
        context = client.get(at("customer_developers", customer.pk)).context
        return [representation.json for representation in context["representations"]]

    paths = [f"/customers/{customer.pk}", f"/api/v1/customers/{customer.external_id}"]
    plain = [json.loads(api.get(path).content) for path in paths]
    as_shown = shown(viewer)
    api.cookies["timezone"] = viewer.cookies["timezone"] = "Asia/Kolkata"

    assert [json.loads(api.get(path).content) for path in paths] == plain
    assert shown(viewer) == as_shown
    assert "+05:30" not in "".join(as_shown)


@pytest.mark.parametrize(
    ("zone", "expires"),
    [
        ("UTC", datetime(2199, 7, 1, 12, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2199, 7, 1, 6, 30, tzinfo=UTC)),
        ("Nowhere/Land", datetime(2199, 7, 1, 12, tzinfo=UTC)),
    ],
)
def test_an_expiry_is_read_in_the_readers_zone(
    manager: Client, acme: Organization, zone: str, expires: datetime
) -> None:
    manager.cookies["timezone"] = zone
    form = {"kind": "key", "name": "sync", "scopes": "customers:read"}

    manager.post(at("credential_new"), {**form, "expires_at": "2199-07-01T12:00"})

    assert ApiKey.objects.get().expires_at == expires
    assert "1 Jul 2199 12:00" in text(manager.get(at("credentials")))
