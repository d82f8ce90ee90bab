"""What the tests of this contract share: a client, the shape of an error, and pages."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from customers.models import Organization
from tests.api.contract_table import BILLABEAR
from tests.api.harness import send_json

BASE = "/api/v1.0/customer"
#: The reference's, and its clients'.
BASES = (BASE, "/api/v1/customer")

Body = dict[str, Any]


def client(
    organization: Organization, mode: str = "live", scopes: list[str] | None = None
) -> APIClient:
    """A client that shows an API key in `X-API-Key`."""
    return BILLABEAR.client(organization, mode, scopes)


def with_key(secret: str) -> APIClient:
    return BILLABEAR.bearer(secret)


def assert_error(response: Any, status: int) -> Any:
    """The body of an error that has this contract's shape."""
    return BILLABEAR.assert_error(response, status)


def create(client: APIClient, body: Body, **extra: Any) -> Any:
    return send_json(client, "PUT", BASE, body, **extra)


def page(client: APIClient, **query: Any) -> Body:
    """One page of the list."""
    response: Any = client.get(BASE, query)
    assert response.status_code == 200, response.content
    body: Body = response.json()
    assert list(body) == ["data", "has_more", "last_key"]
    return body


def references(*pages: Body) -> list[str | None]:
    return [row["reference"] for page in pages for row in page["data"]]
