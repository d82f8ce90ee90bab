"""The same day gives the same demo; a later one adds to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management.color import no_style
from django.db import connection, transaction

from customers.models import Customer, ImportRow, OAuthClient
from customers.models.base import HistoryEvent
from customers.staff.models import StaffUser
from tests.demo.support import DAYS, NOON, Start, dump, noon

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_two_who_start_it_on_the_same_day_get_the_same(start: Start) -> None:
    numbered = [
        model
        for model in connection.introspection.installed_models(
            connection.introspection.table_names()
        )
        if issubclass(model, HistoryEvent) or model in (StaffUser, OAuthClient, ImportRow)
    ]
    dumps = []
    for _person in range(2):
        with transaction.atomic(), connection.cursor() as cursor:
            for line in connection.ops.sequence_reset_sql(no_style(), numbered):
                cursor.execute(line)
            start(DAYS[1])
            dumps.append(dump())
            transaction.set_rollback(True)

    assert dumps[0] == dumps[1]
    assert len(dumps[0]["Customer events"]) > 200


def test_starting_it_twice_on_a_day_changes_nothing(start: Start) -> None:
    start(DAYS[0])
    once = dump()

    assert start(DAYS[0]) == 0
    assert dump() == once


def test_on_a_later_day_it_adds_what_is_new_and_leaves_what_is_there(
    start: Start,
) -> None:
    start(DAYS[0])
    mine = Customer.objects.get(name="Meridian Instruments")
    mine.revise({"city": "Kiel"})
    Customer.objects.filter(name="Rosewood Interiors").delete()
    StaffUser.objects.filter(username="aiko").delete()
    before = dump()

    later = DAYS[0] + timedelta(days=40)
    assert start(later) > 10
    after = dump()

    known = {row["id"]: row for row in after["Customer"]}
    assert all(known[row["id"]] == row for row in before["Customer"])
    added = [known[id] for id in known.keys() - {row["id"] for row in before["Customer"]}]
    assert all(row["created_at"] > noon(DAYS[0]) - NOON for row in added)
    assert any(row["created_at"].date() == later for row in added)
    assert not Customer.objects.filter(name="Rosewood Interiors").exists()
    assert not StaffUser.objects.filter(username="aiko").exists()
    assert len(after["CustomerImport"]) == len(before["CustomerImport"])
