"""A span for each request to an OpenTelemetry collector, with OTEL_EXPORTER_OTLP_ENDPOINT.

Nothing imports this without it. The rest is set by OpenTelemetry's own variables, such as
OTEL_SERVICE_NAME and OTEL_TRACES_SAMPLER.
"""

from __future__ import annotations

import os
import time
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import extract
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer

from billing.watch.requests import method_of, route_of
from customers.rest.contract import contract_of


def tracer_to(processor: SpanProcessor) -> Tracer:
    """A tracer whose spans the processor gets."""
    name = os.environ.get("OTEL_SERVICE_NAME", "customer-registry")
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name}))
    provider.add_span_processor(processor)
    return provider.get_tracer("customer-registry")


@cache
def tracer() -> Tracer:
    """The tracer of this process, whose thread sends the spans."""
    endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT.rstrip("/")
    return tracer_to(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces")))


def trace(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Record a request as a part of its caller's trace. A span has nothing that was sent in it."""
    ended = time.time_ns()
    method, route, contract = method_of(request), route_of(request), contract_of(request)
    span = tracer().start_span(
        f"{method} {route}",
        context=extract(request.headers),
        kind=SpanKind.SERVER,
        start_time=ended - int(seconds * 1e9),
        attributes={
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": response.status_code,
            "registry.contract": contract.slug if contract else "-",
            "registry.request_id": response.headers.get("X-Request-Id", "-"),
        },
    )
    if response.status_code >= 500:
        span.set_status(Status(StatusCode.ERROR))
    span.end(ended)
