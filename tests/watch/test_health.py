"""`/healthz` and `/readyz`: what load balancers ask."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from billing.watch import health

SILENT = "cannot be reached, or does not respond"
LAST = ("customers", "0004_triggers_and_storage")


@pytest.fixture(autouse=True)
def nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_found", {})
    monkeypatch.setattr(health, "_last", [])


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The database's address is one that takes connections and never says a word."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setitem(connections.settings["default"], "HOST", "127.0.0.1")
        monkeypatch.setitem(connections.settings["default"], "PORT", str(silent.getsockname()[1]))
        yield silent


def asked(client: Client) -> tuple[int, Any]:
    response: Any = client.get("/readyz")
    return response.status_code, response.json()["checks"]


def test_the_process_is_healthy_without_a_database(client: Client) -> None:
    response: Any = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db(transaction=True)
def test_a_migrated_database_is_ready(client: Client) -> None:
    checks = dict.fromkeys(("database", "migrations", "extensions", "lower_case"), "ok")

    assert asked(client) == (200, checks)
    assert asked(client) == (200, checks)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_any_host_may_ask_without_https(client: Client, settings: Settings, path: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["api.example.org"]

    response = client.get(path, headers={"Host": "10.0.0.7:8000"})

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert client.get("/", headers={"Host": "10.0.0.7:8000"}).status_code != 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_they_are_only_read(client: Client, path: str) -> None:
    response = client.post(path)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_waits_is_told_until_it_is_applied(client: Client) -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied(*LAST)
    try:
        status, checks = asked(client)
    finally:
        recorder.record_applied(*LAST)

    assert (status, checks["migrations"]) == (503, "1 not applied")
    health._last.clear()
    assert asked(client)[0] == 200


@pytest.mark.django_db(transaction=True)
def test_a_new_database_has_no_migrations(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO elsewhere")
    try:
        status, checks = asked(client)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO django_migrations")

    assert (status, checks["migrations"]) == (503, "none are applied")


@pytest.mark.django_db(transaction=True)
def test_a_missing_extension_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "REQUIRED_EXTENSIONS", ("pg_trgm", "postgis"))

    status, checks = asked(client)

    assert (status, checks["extensions"]) == (503, "missing: postgis")


def test_a_database_of_ascii_letters_is_ready_with_a_warning() -> None:
    checks = health._judged({"applied": [], "extensions": [], "lower": "É"})

    assert checks["lower_case"].startswith("warning: ")
    assert health.is_ready({"database": "ok", "lower_case": checks["lower_case"]})


@pytest.mark.django_db
def test_a_database_that_is_gone_is_told_at_once(client: Client, nowhere: socket.socket) -> None:
    nowhere.close()

    status, checks = asked(client)

    assert (status, checks["database"]) == (503, SILENT)
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_frozen_database_is_told_within_a_second(client: Client, nowhere: socket.socket) -> None:
    start = time.monotonic()
    status, checks = asked(client)

    assert time.monotonic() - start < 1.9
    assert (status, checks["database"]) == (503, SILENT)


@pytest.mark.django_db
def test_many_who_ask_of_a_frozen_database_wait_for_one_look(
    client: Client, nowhere: socket.socket
) -> None:
    start = time.monotonic()
    statuses = {asked(client)[0] for _ in range(20)}

    assert statuses == {503}
    assert time.monotonic() - start < 1.9


@pytest.mark.django_db(transaction=True)
def test_a_query_that_hangs_is_told_within_a_second(client: Client) -> None:
    parameters = connection.get_connection_params()
    with psycopg.connect(**parameters) as other:
        other.execute("LOCK TABLE django_migrations")
        start = time.monotonic()
        status, checks = asked(client)

        assert time.monotonic() - start < 1.9
        assert (status, checks["database"]) == (503, SILENT)
    health._last.clear()
    assert asked(client)[0] == 200
