"""`/metrics`: what Prometheus reads."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from billing.watch import events, metrics
from billing.watch.folder import new_folder
from customers.models import Customer, Organization
from tests.api.contract_table import CONDITIONAL, CREATES, TABLE, name_of
from tests.api.harness import NOTHING, Endpoint, key_client
from tests.copies import ROOT

CARD = "4111 1111 1111 1111"


@pytest.fixture
def on(settings: Settings) -> None:
    settings.METRICS = True


Value = Callable[..., float]


@pytest.fixture
def value(on: None) -> Value:
    """The value of a metric, summed over the labels that are not given."""

    def read(name: str, **labels: str) -> float:
        response: Any = Client().get("/metrics")
        assert response.status_code == 200
        families = text_string_to_metric_families(response.content.decode())
        return sum(
            sample.value
            for family in families
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    return read


def test_it_is_off_unless_it_is_asked_for(client: Client, db: None) -> None:
    assert client.get("/metrics").status_code == 404


def test_any_host_may_ask(client: Client, on: None, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = []

    response = client.get("/metrics", headers={"Host": "10.0.0.7"})

    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("shown", [None, "Bearer wrong", "Bearer ", "right-one"])
def test_a_token_keeps_others_out(on: None, settings: Settings, shown: str | None) -> None:
    settings.METRICS_TOKEN = "right-one"
    headers = {"Authorization": shown} if shown else {}

    refused = Client().get("/metrics", headers=headers)

    assert refused.status_code == 401
    assert b"registry" not in refused.content
    right = Client().get("/metrics", headers={"Authorization": "Bearer right-one"})
    assert right.status_code == 200


@pytest.mark.parametrize("harness", TABLE, ids=str)
def test_requests_are_counted_by_contract_route_and_status(
    acme: Organization, customer: Customer, value: Value, harness: Any
) -> None:
    labels = {
        "contract": harness.slug,
        "method": "GET",
        "route": harness.one.route.in_urlconf,
    }
    before = value("registry_requests_total", **labels, status="200")
    timed = value("registry_request_duration_seconds_count", **labels)
    client = harness.client(acme)
    for _ in range(3):
        client.get(harness.path_of(customer))

    assert value("registry_requests_total", **labels, status="200") == before + 3
    assert value("registry_request_duration_seconds_count", **labels) == timed + 3


def test_no_label_has_what_was_sent(acme: Organization, customer: Customer, on: None) -> None:
    caller = key_client(acme)
    caller.get(f"/customers/{customer.pk}?limit=made-up-1")
    caller.get("/nowhere/made-up-2")
    caller.generic("MADEUP", "/customers/made-up-3")
    shown = Client().get("/metrics").content.decode().lower()

    assert str(customer.pk) not in shown
    assert "made-up" not in shown
    assert "madeup" not in shown
    assert 'method="other"' in shown


@pytest.mark.parametrize("endpoint", CREATES, ids=name_of)
def test_replays_are_counted(acme: Organization, value: Value, endpoint: Endpoint) -> None:
    labels = {"contract": endpoint.harness.slug}
    before = value("registry_replays_total", **labels)
    client = endpoint.harness.client(acme)
    for _ in range(3):
        endpoint.send(client, NOTHING, headers={"Idempotency-Key": "once"})

    assert value("registry_replays_total", **labels) == before + 2


@pytest.mark.parametrize("endpoint", CONDITIONAL, ids=name_of)
def test_conflicts_are_counted(
    acme: Organization, customer: Customer, value: Value, endpoint: Endpoint
) -> None:
    labels = {"contract": endpoint.harness.slug, "status": "412"}
    before = value("registry_conflicts_total", **labels)
    client = endpoint.harness.client(acme)

    response = endpoint.send(client, endpoint.prepared(customer), headers={"If-Match": '"99"'})

    assert response.status_code == 412
    assert value("registry_conflicts_total", **labels) == before + 1


@pytest.mark.parametrize("endpoint", CREATES, ids=name_of)
def test_refused_card_numbers_are_counted(
    acme: Organization, value: Value, endpoint: Endpoint
) -> None:
    labels = {"contract": endpoint.harness.slug}
    before = value("registry_card_numbers_refused_total", **labels)
    client = endpoint.harness.client(acme)
    fields = endpoint.route.fields
    texts = [field for field in ("name", "reference", "email") if field in fields]
    said = CARD if texts[0] != "email" else f"{CARD.replace(' ', '')}@example.org"

    endpoint.send(client, NOTHING, body=endpoint.invalid)
    assert value("registry_card_numbers_refused_total", **labels) == before
    response = endpoint.send(
        client, NOTHING, body=endpoint.harness.good(endpoint.route, **{texts[0]: said})
    )

    assert response.status_code == endpoint.harness.invalid
    assert value("registry_card_numbers_refused_total", **labels) == before + 1


@pytest.mark.django_db(transaction=True)
def test_connections_are_counted_while_they_are_open(value: Value) -> None:
    connection.ensure_connection()
    opened = value("registry_database_connections")
    connection.close()

    assert value("registry_database_connections") == opened - 1
    connection.ensure_connection()
    assert value("registry_database_connections") == opened


def test_waiting_and_refusing_are_counted(value: Value) -> None:
    before = value("registry_requests_waited_total"), value("registry_requests_refused_total")
    events.happened(events.WAITED)
    events.happened(events.REFUSED)
    after = value("registry_requests_waited_total"), value("registry_requests_refused_total")

    assert after == (before[0] + 1, before[1] + 1)


# --- Several processes ---------------------------------------------------------------------------

COUNTING = """
from billing.watch import metrics
metrics.WAITED.inc(2)
metrics.CONNECTIONS.inc()
print(metrics.generate_latest(metrics._registry()).decode())
"""


def test_processes_count_together_and_the_dead_hold_no_connection(tmp_path: Path) -> None:
    for expected in ("2.0", "4.0"):
        done = subprocess.run(
            [sys.executable, "-c", f"import django\ndjango.setup()\n{COUNTING}"],
            check=True,
            cwd=ROOT,
            env={
                **os.environ,
                "DEBUG": "1",
                "DJANGO_SETTINGS_MODULE": "billing.settings",
                "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert f"registry_requests_waited_total {expected}" in done.stdout
        assert "registry_database_connections 1.0" in done.stdout


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_a_new_server_begins_with_an_empty_folder(temporary: None) -> None:
    folder = new_folder(8000)
    (folder / "counter_1.db").touch()

    assert new_folder(8000) == folder
    assert list(folder.iterdir()) == []
    assert folder.stat().st_mode & 0o777 == 0o700
    assert new_folder(8001) != folder


def test_a_folder_that_others_may_write_to_is_refused(temporary: None, tmp_path: Path) -> None:
    new_folder(8000).chmod(0o777)

    with pytest.raises(PermissionError):
        new_folder(8000)


def test_nothing_is_imported_unless_it_is_on() -> None:
    script = "import django, sys\ndjango.setup()\nimport billing.wsgi\n"
    script += "print('prometheus_client' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        cwd=ROOT,
        env={
            **os.environ,
            "DEBUG": "1",
            "METRICS": "0",
            "DATABASE_URL": "postgresql://u@127.0.0.1:1/x",
            "DJANGO_SETTINGS_MODULE": "billing.settings",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.stdout.strip() == "False"


def test_the_labels_of_a_line_are_a_small_set() -> None:
    assert set(metrics.REQUESTS._labelnames) == {"contract", "method", "route", "status"}
