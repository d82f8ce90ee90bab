"""What the tests of this contract share: a client, the shape of an error, and pages."""

from __future__ import annotations

import json
from typing import Any

from rest_framework.test import APIClient

from customers.models import ApiKey, Organization

BASE = "/api/v1.0/customer"

Body = dict[str, Any]


def client(
    organization: Organization, mode: str = "live", scopes: list[str] | None = None
) -> APIClient:
    """A client that shows an API key in `X-API-Key`."""
    _, secret = ApiKey.issue(organization, mode, scopes=scopes)
    return with_key(secret)


def with_key(secret: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_X_API_KEY=secret)
    return client


def assert_error(response: Any, status: int) -> Any:
    """The body of an error that has this contract's shape."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    body = response.json()
    if status == 401:
        assert body == []
    elif status == 404:
        assert body == {"success": False}
    else:
        assert body["success"] is False
        assert len(body) == 2
        assert set(body) <= {"success", "errors", "reason"}
        sentences = list(body.get("errors", {"": body.get("reason")}).values())
        assert sentences
        assert all(isinstance(sentence, str) and sentence for sentence in sentences)
    return body


def send(
    client: Any,
    method: str,
    path: str,
    body: bytes = b"",
    content_type: str = "",
    **extra: Any,
) -> Any:
    """The answer to a request whose body and content type are exactly these."""
    return client.generic(method, path, body, content_type, **extra)


def create(client: APIClient, body: Body, **extra: Any) -> Any:
    return send(client, "PUT", BASE, json.dumps(body).encode(), "application/json", **extra)


def page(client: APIClient, **query: Any) -> Body:
    """One page of the list."""
    response: Any = client.get(BASE, query)
    assert response.status_code == 200, response.content
    body: Body = response.json()
    assert list(body) == ["data", "has_more", "last_key"]
    return body


def references(*pages: Body) -> list[str | None]:
    return [row["reference"] for page in pages for row in page["data"]]
