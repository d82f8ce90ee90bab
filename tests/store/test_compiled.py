"""Queries that are compiled once and run with other values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from customers.models import Customer, Organization
from customers.models.compiled import fetch_rows, forget_statements
from tests import factories

builds: list[Any] = []


@pytest.fixture(autouse=True)
def none_built() -> None:
    builds.clear()
    forget_statements()


def named(shape: Any, values: Mapping[str, Any]) -> QuerySet[Any, Any]:
    builds.append(shape)
    return Customer.objects.filter(name=values["name"]).order_by("pk").values_list("city")[:shape]


def test_a_shape_is_built_once_and_answers_each_value(acme: Organization) -> None:
    for name in ("Ada", "Bob", "'; --", "%s", "$1"):
        factories.customer(acme, name=name, city=f"City of {name}")

    for name in ("Ada", "Bob", "'; --", "%s", "$1", "Ada"):
        assert fetch_rows(named, 5, {"name": name}) == [(f"City of {name}",)]

    assert builds == [5]


def test_another_shape_is_built_anew(acme: Organization) -> None:
    for _ in range(3):
        factories.customer(acme, name="Ada", city="Rome")

    assert [len(fetch_rows(named, limit, {"name": "Ada"})) for limit in (1, 2, 9)] == [1, 2, 3]
    assert builds == [1, 2, 9]


def test_a_value_that_is_no_parameter_is_refused(db: None) -> None:
    """Its first value would be written into the SQL of all that follow."""
    with pytest.raises(TypeError, match="city"):
        fetch_rows(named, 1, {"name": "Ada", "city": "Rome"})


def test_values_are_sent_apart_from_the_sql(db: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        fetch_rows(named, 1, {"name": "planted"})

    assert len(captured) == 1
    assert "$1" in captured[0]["sql"]
    assert "planted" not in captured[0]["sql"]


def test_the_plan_is_kept_only_where_it_may_be(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def kept() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements")
            return int(cursor.fetchone()[0])

    before = kept()
    for _ in range(10):
        fetch_rows(named, 3, {"name": "Ada"}, keep_plan=False)
    assert kept() == before
    fetch_rows(named, 3, {"name": "Ada"})
    assert kept() == before + 1


def test_an_error_is_djangos(db: None) -> None:
    with pytest.raises(DatabaseError):
        fetch_rows(named, 1, {"name": "\0"})


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_has_ended_meanwhile_is_replaced() -> None:
    """As Django's own cursors do it, once for each request."""
    fetch_rows(named, 1, {"name": "Ada"})
    ours: Any = connection
    ours.health_check_enabled, ours.health_check_done = True, False
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            pid = connection.connection.info.backend_pid
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    finally:
        other.close()

    assert fetch_rows(named, 1, {"name": "Ada"}) == []
