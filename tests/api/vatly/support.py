"""What the tests of this contract share: the shape of an error, and pages by their links."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from tests.api.contract_table import VATLY
from tests.api.harness import send_json

BASE = "/v1/customers"
ORIGIN = "http://testserver"
NOT_FOUND = {"message": "Customer not found."}

Body = dict[str, Any]


def assert_error(response: Any, status: int, *fields: str) -> Body:
    """The body of an error that has this contract's shape; of 422, at exactly these fields."""
    body: Body = VATLY.assert_error(response, status)
    assert VATLY.faults(body) == set(fields)
    return body


def create(client: APIClient, body: Body, **extra: Any) -> Any:
    return send_json(client, "POST", BASE, body, **extra)


def get(client: APIClient, address: str, **extra: Any) -> Body:
    """What is at an address, be it a path or the whole of a link."""
    response: Any = client.get(address, **extra)
    assert response.status_code == 200, response.content
    body: Body = response.json()
    return body


def page(client: APIClient, **query: Any) -> Body:
    """One page of the list."""
    response: Any = client.get(BASE, query)
    assert response.status_code == 200, response.content
    body: Body = response.json()
    assert list(body) == ["data", "links", "count"]
    assert list(body["links"]) == ["self", "next", "prev"]
    return body


def follow(client: APIClient, page: Body, name: str) -> Body:
    """The page that a link leads to, got by the link as it is."""
    link = page["links"][name]
    assert list(link) == ["href", "type"]
    assert link["type"] == "application/json"
    assert link["href"].startswith(f"{ORIGIN}{BASE}?")
    return get(client, link["href"])


def walk(client: APIClient, start: Body, name: str) -> list[Body]:
    """`start` and all pages after it in the direction of `name`."""
    pages = [start]
    while pages[-1]["links"][name] is not None:
        pages.append(follow(client, pages[-1], name))
        assert len(pages) < 40, "the pages go in circles"
    return pages


def names(*pages: Body) -> list[str]:
    """The emails of the customers up to the @."""
    return [row["email"].partition("@")[0] for page in pages for row in page["data"]]


def ends(page: Body) -> tuple[bool, bool]:
    """Whether there is a previous page, and a next one."""
    return page["links"]["prev"] is not None, page["links"]["next"] is not None
