"""The demo's clocks touch nothing but its own transaction, and none of its cast can come in."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection
from django.test import Client

from billing.demo.cast import PEOPLE
from billing.demo.clock import stopped
from customers.models import Customer, OAuthClient
from customers.staff.models import StaffUser
from tests.demo.support import DAYS, Start, events

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_afterwards_the_clocks_go_on(start: Start, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        before = cursor.fetchone()[0]
    start(DAYS[0])
    customer = Customer.objects.get(name="Meridian Instruments")
    customer.revise({"city": "Kiel"})

    assert customer.updated_at > before
    assert list(events(Customer))[-1].pgh_created_at > before
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('search_path'), count(*) FROM pg_proc"
            " WHERE proname = 'clock_timestamp'"
        )
        path, functions = cursor.fetchone()
    assert "pg_catalog" not in path
    assert functions == 1


@pytest.mark.parametrize("sql", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}"])
def test_no_trigger_is_off_meanwhile(settings: LazySettings, customer: Customer, sql: str) -> None:
    settings.DEBUG = True
    with (
        pytest.raises(ProgrammingError, match="Cannot update or delete"),
        stopped(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format("customers_customerevent"))


def test_without_debug_no_clock_is_stopped() -> None:
    with pytest.raises(ImproperlyConfigured), stopped():
        pass


def test_none_of_them_can_come_in(start: Start) -> None:
    start(DAYS[0])

    for person in PEOPLE:
        account = StaffUser.objects.get(username=person.username)
        assert not account.has_usable_password()
        assert list(account.groups.values_list("name", flat=True)) == [person.group]
    for client in OAuthClient.objects.all():
        assert not check_password("", client.client_secret)
        assert not check_password("none", client.client_secret)
        answer = Client().post(
            "/oauth/token",
            urlencode(
                {
                    "grant_type": "client_credentials",
                    "client_id": client.client_id,
                    "client_secret": client.client_secret,
                }
            ),
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 403  # as for any wrong secret
