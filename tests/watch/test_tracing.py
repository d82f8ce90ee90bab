"""Spans of requests for OpenTelemetry."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pytest_django import Settings

from billing.watch import tracing
from customers.models import Customer, Organization
from tests.api.contract_table import TABLE
from tests.api.harness import Harness

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.fixture
def spans(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = "http://127.0.0.1:1"
    kept = InMemorySpanExporter()
    tracer = tracing.tracer_to(SimpleSpanProcessor(kept))
    monkeypatch.setattr(tracing, "tracer", lambda: tracer)
    return kept


@pytest.mark.parametrize("harness", TABLE, ids=str)
def test_a_request_is_a_span_of_its_callers_trace(
    spans: InMemorySpanExporter, acme: Organization, customer: Customer, harness: Harness
) -> None:
    client = harness.client(acme)

    response: Any = client.get(
        f"{harness.path_of(customer)}?made=up",
        headers={"traceparent": f"00-{TRACE}-{PARENT}-01"},
    )

    (span,) = spans.get_finished_spans()
    route = harness.one.route.in_urlconf
    assert span.name == f"GET {route}"
    assert span.parent is not None
    assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE, PARENT)
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": route,
        "http.response.status_code": response.status_code,
        "registry.contract": harness.slug,
        "registry.request_id": response["X-Request-Id"],
    }
    assert span.end_time is not None
    assert span.start_time is not None
    assert span.end_time > span.start_time
    assert str(customer.pk) not in span.to_json()
    assert "made" not in span.to_json()


@pytest.mark.django_db
def test_without_an_endpoint_there_is_none(spans: InMemorySpanExporter, settings: Settings) -> None:
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = ""

    Client().get("/customers")

    assert spans.get_finished_spans() == ()
