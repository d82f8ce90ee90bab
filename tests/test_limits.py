"""Limits of time: read from the settings, kept by connections, shown by the checks."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.checks import run_checks
from django.db import (
    DataError,
    InternalError,
    OperationalError,
    connection,
    connections,
    transaction,
)
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import Settings

from billing.postgres import connection as limited
from billing.postgres import probe
from billing.postgres.connection import Connection, forget_ended, was_ended
from customers.models import Customer, Organization
from customers.models.errors import Locked
from customers.models.locks import extend, wait_for_lock
from customers.values.limits import Limits
from tests import factories


@contextmanager
def limited_to(limits: Limits) -> Iterator[BaseDatabaseWrapper]:
    """A connection of this thread's with these limits."""
    with limited.limited(limits):
        other = connections.create_connection("default")
        try:
            yield other
        finally:
            other.close()


def show(wrapper: BaseDatabaseWrapper, name: str) -> str:
    with wrapper.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


def test_a_limit_that_is_not_given_is_as_before() -> None:
    assert Limits.of({"lock": 0.25}, Limits(1, 2, 3)) == Limits(1, 0.25, 3)


@pytest.mark.parametrize("given", [{"locks": 1.0}, {"lock": -1.0}, {"idle": 1e9}])
def test_an_unknown_name_or_number_is_refused(given: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"Not like statement=1\.5,lock=1\.5"):
        Limits.of(given, Limits())


@pytest.mark.django_db
def test_a_connection_has_the_limits_of_its_thread() -> None:
    with limited_to(Limits(statement=1.5, lock=0.25, idle=7)) as other:
        assert show(other, "statement_timeout") == "1500ms"
        assert show(other, "lock_timeout") == "250ms"
        assert show(other, "idle_in_transaction_session_timeout") == "7s"


def test_a_thread_without_limits_has_those_of_commands(settings: Settings) -> None:
    settings.DATABASE_LIMITS = {**settings.DATABASE_LIMITS, "command": Limits(lock=9)}

    assert limited.limits() == Limits(lock=9)


@pytest.mark.django_db
def test_what_a_limit_ends_is_noticed() -> None:
    with limited_to(Limits(statement=0.05)) as other, other.cursor() as cursor:
        forget_ended()
        with pytest.raises(OperationalError):
            cursor.execute("SELECT pg_sleep(5)")

    assert was_ended()


@pytest.mark.django_db
def test_an_error_of_another_kind_is_not() -> None:
    forget_ended()
    with limited_to(Limits()) as other, other.cursor() as cursor, pytest.raises(DataError):
        cursor.execute("SELECT 1/0")

    assert not was_ended()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_can_have_other_limits_until_it_ends() -> None:
    with transaction.atomic():
        extend(Limits(statement=33, lock=44, idle=55))
        assert show(connection, "statement_timeout") == "33s"
        assert connection.connection._statement_limit == 33

    assert show(connection, "statement_timeout") == "0"
    assert connection.connection._statement_limit == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "wait",
    [
        lambda customer: customer.revise({"name": "New"}),
        lambda customer: wait_for_lock("a name"),  # noqa: ARG005
    ],
    ids=["a row", "a name"],
)
def test_a_lock_that_someone_holds_for_too_long_is_a_refusal(
    acme: Organization, wait: Callable[[Customer], Any]
) -> None:
    customer = factories.customer(acme, name="Coleman-Blair")
    with limited_to(Limits()) as holder, transaction.atomic():
        extend(Limits(lock=0.1))
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            cursor.execute("SELECT FROM customers_customer WHERE id = %s FOR UPDATE", [customer.pk])
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('a name', 0))")

        with pytest.raises(Locked):
            wait(customer)
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_a_standby_loses_its_connection() -> None:
    with limited_to(Limits()) as other:
        with other.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
            with pytest.raises(InternalError):
                cursor.execute("CREATE TABLE planted ()")

        assert other.connection.closed


class Diagnosis:
    """A notice, from a file of PostgreSQL's source."""

    def __init__(self, source_file: str) -> None:
        self.source_file = source_file


@pytest.mark.django_db
def test_a_change_that_was_not_replicated_is_an_error() -> None:
    """PostgreSQL only warns: it cannot undo what is committed."""
    with limited_to(Limits()) as other:
        other.ensure_connection()
        raw: Any = other.connection
        raw._look_at_notice(Diagnosis("pl_exec.c"))
        assert raw.execute("SELECT 1").fetchone() == (1,)

        raw._look_at_notice(Diagnosis("syncrep.c"))
        with pytest.raises(psycopg.OperationalError, match="not replicated"):
            raw.execute("SELECT 1")
        assert raw.closed


def silent(*_: Any) -> bool:
    return False


@pytest.mark.django_db
def test_a_wait_for_a_silent_server_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "PATIENCE", 0.05)
    with limited_to(Limits()) as other, other.cursor() as cursor:
        monkeypatch.setattr(probe, "responds", silent)
        with pytest.raises(OperationalError, match="does not respond"):
            cursor.execute("SELECT pg_sleep(1)")

        assert not other.is_usable()


@pytest.mark.django_db
def test_a_wait_for_a_server_that_responds_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "PATIENCE", 0.05)
    with limited_to(Limits()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.3), 7")

        assert cursor.fetchone()[1] == 7


@pytest.mark.django_db
def test_a_statement_that_takes_long_to_send_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is longer than the buffers between the two, and the server does not read it at once."""
    monkeypatch.setattr(limited, "PATIENCE", 0.05)
    with limited_to(Limits()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
        os.kill(pid, signal.SIGSTOP)
        threading.Timer(0.3, os.kill, [pid, signal.SIGCONT]).start()
        cursor.execute("SELECT length(%s)", ["x" * 30_000_000])

        assert cursor.fetchone()[0] == 30_000_000


@pytest.mark.django_db
def test_a_process_of_the_server_that_is_frozen_alone_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server responds, but not the process of this connection, long after the limit."""
    monkeypatch.setattr(limited, "PATIENCE", 0.05)
    monkeypatch.setattr(limited, "GRACE", 0.1)
    with limited_to(Limits()) as other:
        other.ensure_connection()
        raw: Any = other.connection
        assert isinstance(raw, Connection)
        raw._statement_limit = 0.1
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError, match="does not respond"):
            raw.execute("SELECT pg_sleep(2)")

    assert time.monotonic() - began < 1.5


@pytest.mark.django_db
def test_no_connection_is_opened_to_a_silent_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "responds", silent)

    with limited_to(Limits()) as other, pytest.raises(OperationalError, match="does not respond"):
        other.ensure_connection()


def test_a_silent_server_is_asked_once_by_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(probe, "_answers", lambda *server: asked.append(server))
    threads = [
        threading.Thread(target=probe.responds, args=("silent.example.org", 5432))
        for _number in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert asked == [("silent.example.org", 5432)]


@pytest.mark.django_db
def test_the_private_server_responds() -> None:
    settings = connection.settings_dict

    assert probe.responds(settings["HOST"], int(settings["PORT"] or 5432))


def test_the_deployment_check_shows_the_limits() -> None:
    shown = [m.msg for m in run_checks(include_deployment_checks=True) if m.id == "billing.D001"]

    assert len(shown) == 4
    assert "of api: statement 5, lock 1, idle in a transaction 10" in shown[0]


@pytest.mark.django_db
@pytest.mark.parametrize(("workers", "found"), [(2, []), (1000, ["billing.W001"])])
def test_the_deployment_check_counts_connections(
    settings: Settings, workers: int, found: list[str]
) -> None:
    settings.WORKERS = workers

    messages = run_checks(include_deployment_checks=True, databases=["default"])

    assert [m.id for m in messages if m.id == "billing.W001"] == found
