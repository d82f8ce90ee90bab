"""Speaking the registry's own API."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from customers.models import Customer
from tests.api.harness import send, send_json
from tests.api.registry_harness import REGISTRY

CUSTOMERS = "/registry/v1/customers"
BATCH = f"{CUSTOMERS}/batch"
MERGE_PATCH = "application/merge-patch+json"


def path_of(customer: Customer, rest: str = "") -> str:
    return f"{CUSTOMERS}/{customer.pk}{rest}"


def post(api: APIClient, path: str, body: Any = None, **extra: Any) -> Any:
    return send_json(api, "POST", path, body, **extra)


def put(api: APIClient, external_id: str, body: Any, query: str = "", **extra: Any) -> Any:
    return send_json(api, "PUT", f"{CUSTOMERS}/external/{external_id}{query}", body, **extra)


def patch(api: APIClient, path: str, body: Any, **extra: Any) -> Any:
    return send_json(api, "PATCH", path, body, **extra)


def get(api: APIClient, path: str, **extra: Any) -> Any:
    return send(api, "GET", path, **extra)


def names_in(api: APIClient, query: str) -> list[str | None]:
    """The names of the customers in a list."""
    answer = get(api, f"{CUSTOMERS}?{query}")
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["data"]]


def assert_error(answer: Any, status: int, **codes: str) -> Any:
    """The problem, whose faults have these codes by field, or by `body` for the whole of it."""
    problem = REGISTRY.assert_error(answer, status)
    assert {fault["field"] or "body": fault["code"] for fault in problem["errors"]} == codes
    assert problem["request_id"] == answer["X-Request-Id"]
    return problem
