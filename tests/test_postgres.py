"""The health check of a database connection."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, connections
from pytest_django import DjangoAssertNumQueries


@pytest.mark.django_db
def test_a_connection_that_works_is_usable_without_a_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    connection.ensure_connection()

    with django_assert_num_queries(0):
        assert connection.is_usable()


@pytest.mark.django_db
def test_a_failed_transaction_is_not_usable() -> None:
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")

    assert not connection.is_usable()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_not_usable() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    finally:
        other.close()

    assert not connection.is_usable()
    connection.close()


def test_no_connection_is_not_usable() -> None:
    unopened = connections.create_connection("default")

    assert not unopened.is_usable()
