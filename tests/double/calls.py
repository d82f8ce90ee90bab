"""Calls of a running double, by the standard library."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from pytest_customer_registry.registry import Registry

LAGO, VATLY = "/api/v1/customers", "/v1/customers"


def send(
    registry: Registry,
    path: str,
    body: Any = None,
    *,
    method: str | None = None,
    key: str = "live",
    timeout: float = 30,
    idempotency_key: str | None = None,
) -> tuple[HTTPResponse, bytes]:
    """The answer and its body; POST if there is a body to send."""
    connection = HTTPConnection(urlsplit(registry.url).netloc, timeout=timeout)
    secret = getattr(registry.keys, key)
    credential = {"Authorization": f"Bearer {secret}", "X-API-Key": secret}
    content = None if body is None else json.dumps(body)
    headers = {"Content-Type": "application/json", **credential}
    if idempotency_key:
        headers["Idempotency-Key"] = idempotency_key
    try:
        connection.request(method or ("POST" if content else "GET"), path, content, headers)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def read(registry: Registry, path: str, key: str = "live") -> Any:
    """The JSON at a path, which must be there."""
    answer, content = send(registry, path, key=key)
    assert answer.status == 200, content
    return json.loads(content)
