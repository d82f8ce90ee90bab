"""On any day every page of the demo has something to show."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from customers.insights.figures import MONTHS, count
from customers.models import (
    Organization,
)
from tests import factories
from tests.backoffice.support import at, signed_in
from tests.demo.support import DAYS, Start, noon

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize("day", DAYS, ids=["new year", "leap day", "31st", "today"])
def test_the_home_page_has_every_number_on_any_day(start: Start, day: date) -> None:
    start(day)
    response: Any = signed_in(None, is_superuser=True).get(at("home", organization="demo-acme"))

    numbers = [number for _name, number, _address in response.context["cards"]]
    assert len(numbers) == 3
    assert len(response.context["tasks"]) >= 4
    assert all(numbers)
    months = [number for _month, number in response.context["figures"].numbers["months"]]
    assert (len(months), min(months) > 0) == (MONTHS, True)
    assert max(months[-12:]) > 4
    assert len(response.context["countries"]) == 8


@pytest.mark.parametrize("day", DAYS[:2], ids=str)
def test_test_data_and_the_other_organization_grow_as_well(start: Start, day: date) -> None:
    start(day)

    for organization in Organization.objects.all():
        for mode in ("live", "test"):
            figures = count(factories.tenant(organization, mode))
            assert figures is not None
            assert all(number for _month, number in figures.numbers["months"])


@pytest.mark.parametrize("day", DAYS[:2], ids=str)
def test_every_page_has_something_to_show(start: Start, day: date) -> None:
    start(day)
    browser = signed_in(None, is_superuser=True)
    browser.get(at("home", organization="demo-acme"))  # finds the duplicates

    def context(name: str, query: str = "") -> Any:
        response: Any = browser.get(at(name, organization="demo-acme") + query)
        assert response.status_code == 200
        return response.context

    today = f"{day:%Y-%m-%d}"
    for query in (
        *("?cards=expired", "?cards=expiring", "?duplicates=on", "?status=archived"),
        *(f"?month={day:%Y-%m}", f"?created_from={today}&created_to={today}"),
    ):
        assert len(list(context("customers", query)["page"].rows)) > 0, query
    states = {one.state for one in context("imports")["imports"]}
    assert states == {"applied", "undone", "checked"}
    keys, clients = (one["rows"] for one in context("credentials")["lists"])
    soon = noon(day) + timedelta(days=7)
    assert any(key.revoked_at for key in keys)
    assert any(key.is_active and key.expires_at and key.expires_at < soon for key in keys)
    assert any(not key.is_active and not key.revoked_at for key in keys)
    assert len([key for key in keys if key.is_active and key.last_used_at]) >= 3
    assert clients
    for kind in (
        "customer",
        "customeruser",
        "paymentmethod",
        "apikey",
        "oauthclient",
        "membership",
    ):
        shown: Any = browser.get(f"/admin/customers/{kind}event/")
        assert shown.context["cl"].result_count > 0, kind
