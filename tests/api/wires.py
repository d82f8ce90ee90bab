"""How the tests of all contracts at once speak to each: its writes, and the shape of its errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import quote

from django.urls import URLPattern
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, Organization
from customers.rest.contract import contracts
from customers.values.cus_ids import encode
from tests.api.alternative_payments.support import send

WRITES_OF_HTTP = {"post", "put", "patch", "delete"}


def showing(secret: str) -> APIClient:
    """A client that shows the API key in every way in which a contract may ask for it."""
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_X_API_KEY=secret)
    return client


def key_client(
    organization: Organization, mode: str = "live", scopes: list[str] | None = None
) -> APIClient:
    """A client with a new API key, for any contract."""
    _, secret = ApiKey.issue(organization, mode, scopes=scopes)
    return showing(secret)


def send_json(
    client: APIClient, method: str, path: str, body: dict[str, Any] | None = None, **extra: Any
) -> Any:
    """The answer to a request with this body, or with none."""
    if body is None:
        return send(client, method.upper(), path, **extra)
    return send(client, method.upper(), path, json.dumps(body), "application/json", **extra)


# --- Errors --------------------------------------------------------------------------------------


def _alternative_payments(status: int, body: Any) -> bool:
    texts = body["validation_errors"].values()
    return list(body) == ["code", "message", "validation_errors"] and all(texts)


def _billabear(status: int, body: Any) -> bool:
    return body["success"] is False and body.keys() <= {"success", "errors", "reason"}


def _lago(status: int, body: Any) -> bool:
    allowed = {"status", "error", "code", "message", "error_details"}
    return body["status"] == status and bool(body["error"]) and body.keys() <= allowed


def _vatly(status: int, body: Any) -> bool:
    return bool(body["message"]) and body.keys() <= {"message", "errors"}


_SHAPES: dict[str, Callable[[int, Any], bool]] = {
    "alternative-payments": _alternative_payments,
    "billabear": _billabear,
    "lago": _lago,
    "vatly": _vatly,
}


def assert_refused(response: Any, slug: str, status: int) -> Any:
    """The body of an error that is told as the contract tells errors."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    body = response.json()
    assert _SHAPES[slug](status, body), body
    return body


# --- Writes --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Write:
    """One write of one contract, as a caller does it to Acme's customer `ext-1`."""

    slug: str
    method: str
    route: str
    """As the URLconf has it."""

    path: str
    """With `{id}` for the customer's."""

    status: int
    """Of its success."""

    body: dict[str, Any] | None = None
    other: dict[str, Any] = field(default_factory=lambda: {"other": "body"})
    """Another body."""

    invalid: dict[str, Any] | None = None
    """A body that is refused; None where nothing in it is read."""

    invalid_status: int = 422
    missing: str | None = None
    """The path of a customer who is not there."""

    conditional: bool = False
    """Whether it addresses one customer, and so honours If-Match."""

    archived: bool = False
    """Whether it is done to an archived customer."""

    def __str__(self) -> str:
        return f"{self.slug} {self.method} {self.route}"

    def send(self, client: APIClient, customer: Customer, **extra: Any) -> Any:
        """The answer to this write."""
        body = extra.pop("body", self.body)
        path = extra.pop("path", None) or self.path.format(id=customer.pk)
        return send_json(client, self.method, path, body, **extra)


_AP = "alternative-payments"
_NOBODY = "00000000-0000-7000-8000-000000000000"

WRITES = [
    Write(
        _AP,
        "post",
        "customers",
        "/customers",
        201,
        {"name": "Hooli"},
        {"name": "Raviga"},
        {"ein": "none"},
    ),
    Write(
        _AP,
        "patch",
        "customers/<str:id>",
        "/customers/{id}",
        200,
        {"name": "Hooli"},
        {"name": "Raviga"},
        {"ein": "none"},
        missing=f"/customers/{_NOBODY}",
        conditional=True,
    ),
    Write(
        _AP,
        "delete",
        "customers/<str:id>",
        "/customers/{id}",
        200,
        missing=f"/customers/{_NOBODY}",
        conditional=True,
    ),
    Write(
        _AP,
        "post",
        "customers/<str:id>/restore",
        "/customers/{id}/restore",
        200,
        missing=f"/customers/{_NOBODY}/restore",
        conditional=True,
        archived=True,
    ),
    Write(
        _AP,
        "post",
        "customers/<str:id>/users",
        "/customers/{id}/users",
        201,
        {"first_name": "Ada"},
        {"first_name": "Grace"},
        {"email": "none"},
        missing=f"/customers/{_NOBODY}/users",
        conditional=True,
    ),
    Write(
        "billabear",
        "put",
        "api/v1.0/customer",
        "/api/v1.0/customer",
        201,
        {"email": "ada@example.org", "country": "DE"},
        {"email": "grace@example.org", "country": "DE"},
        {"email": "none", "country": "DE"},
        400,
    ),
    Write(
        "lago",
        "post",
        "api/v1/customers",
        "/api/v1/customers",
        200,
        {"customer": {"customer_id": "ext-1", "name": "Hooli"}},
        {"customer": {"customer_id": "ext-1", "name": "Raviga"}},
        {"customer": {"customer_id": "ext-1", "country": "none"}},
        conditional=True,
    ),
    Write(
        "lago",
        "delete",
        r"^api/v1/customers/(?P<external_id>(?s:.+))\Z",
        "/api/v1/customers/ext-1",
        200,
        missing="/api/v1/customers/nobody",
        conditional=True,
    ),
    Write(
        "vatly",
        "post",
        "v1/customers",
        "/v1/customers",
        201,
        {"email": "ada@example.org"},
        {"email": "grace@example.org"},
        {"email": "none"},
    ),
]

#: One for each contract.
FIRST_WRITES = list({write.slug: write for write in reversed(WRITES)}.values())


def prepared(write: Write, customer: Customer) -> Customer:
    """The customer as the write wants to find them."""
    if write.archived:
        customer.archive()
    return customer


def replayed(response: Any) -> bool:
    """Whether it is the answer of an earlier request with the same key."""
    return bool(response.headers.get("Idempotent-Replayed") == "true")


def routes() -> Iterator[tuple[str, str, str, Any, str]]:
    """Every (contract, method, route, view class, action) of the contracts' URLconfs."""
    for contract in contracts():
        for pattern in import_module(contract.urlconf).urlpatterns:
            assert isinstance(pattern, URLPattern)
            view: Any = pattern.callback
            actions = getattr(view, "actions", None) or {
                method: method for method in view.cls.http_method_names if hasattr(view.cls, method)
            }
            for method, action in actions.items():
                yield contract.slug, method, str(pattern.pattern), view.cls, action


def handler(write: Write) -> tuple[Any, str]:
    """The class and the name of the method that does this write."""
    wanted = (write.slug, write.method, write.route)
    found = [route[3:] for route in routes() if route[:3] == wanted]
    assert len(found) == 1
    return found[0]


# --- Reads ---------------------------------------------------------------------------------------

#: The path at which each contract shows one customer.
ONE: dict[str, Callable[[Customer], str]] = {
    _AP: lambda customer: f"/customers/{customer.pk}",
    "billabear": lambda customer: f"/api/v1.0/customer/{customer.pk}",
    "lago": lambda customer: (
        f"/api/v1/customers/{quote(customer.external_id or str(customer.pk), safe='')}"
    ),
    "vatly": lambda customer: f"/v1/customers/{encode(customer.pk)}",
}
#: The path of each contract's list.
LISTS = {
    _AP: "/customers?limit=100",
    "billabear": "/api/v1.0/customer?per_page=100",
    "lago": "/api/v1/customers?per_page=100",
    "vatly": "/v1/customers?limit=100",
}
