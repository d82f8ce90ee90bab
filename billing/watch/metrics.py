"""Metrics for Prometheus, of all worker processes of a server together.

Each process writes its numbers into files of a folder that `serve` makes
(`PROMETHEUS_MULTIPROC_DIR`); whichever process is asked adds them up. Nothing imports this unless
METRICS is on.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from billing.watch import events
from billing.watch.requests import method_of, route_of
from customers.rest.contract import contract_of
from customers.rest.idempotency import REPLAYED

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds

REQUESTS = Counter(
    "registry_requests",
    "Requests, by the contract (or page), the pattern of the path and the status.",
    ["contract", "method", "route", "status"],
)
DURATIONS = Histogram(
    "registry_request_duration_seconds",
    "The time from a request to its response.",
    ["contract", "method", "route"],
    buckets=BUCKETS,
)
CONFLICTS = Counter(
    "registry_conflicts",
    "Writes that met another (409) or were of an older version (412).",
    ["contract", "status"],
)
REPLAYS = Counter(
    "registry_replays", "Writes that were answered again by their Idempotency-Key.", ["contract"]
)
CARD_NUMBERS = Counter(
    "registry_card_numbers_refused", "Requests refused for a card number in a text.", ["contract"]
)
CONNECTIONS = Gauge(
    "registry_database_connections",
    "Open connections to the database.",
    multiprocess_mode="livesum",
)
WAITED = Counter("registry_requests_waited", "Requests that waited for a thread.")
REFUSED = Counter("registry_requests_refused", "Requests refused because all threads were at work.")

events.listen(events.CONNECTED, CONNECTIONS.inc)
events.listen(events.DISCONNECTED, CONNECTIONS.dec)
events.listen(events.WAITED, WAITED.inc)
events.listen(events.REFUSED, REFUSED.inc)


def count(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Count a request. Labels are of a small set: never a path, an id or what was sent."""
    served_by = contract_of(request)
    contract = served_by.slug if served_by else "-"
    method, route = method_of(request), route_of(request)
    status = response.status_code
    REQUESTS.labels(contract, method, route, status).inc()
    DURATIONS.labels(contract, method, route).observe(seconds)
    if status in (409, 412):
        CONFLICTS.labels(contract, status).inc()
    if REPLAYED in response.headers:
        REPLAYS.labels(contract).inc()
    if status >= 400 and refuses_card_number(response):
        CARD_NUMBERS.labels(contract).inc()


def refuses_card_number(response: HttpResponse) -> bool:
    """Whether the response is an API's refusal of a card number."""
    problem = getattr(response, "problem", None)
    fields = problem.fields.values() if problem else ()
    return any(detail.code == "card_number" for details in fields for detail in details)


def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics in Prometheus' format. With METRICS_TOKEN, a request has to show it as Bearer."""
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "").encode()
        if not secrets.compare_digest(shown, f"Bearer {settings.METRICS_TOKEN}".encode()):
            return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:  # one process, as in the demo
        return REGISTRY
    for file in Path(folder).glob("gauge_live*.db"):
        process = int(file.stem.rpartition("_")[2])
        if not Path(f"/proc/{process}").exists() and Path("/proc/self").exists():
            mark_process_dead(process, folder)  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    return registry
