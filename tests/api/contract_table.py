"""The four contracts side by side: credentials, routes, good bodies, and the shape of an error.

What is tested of every contract alike is generated from this table.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, Organization
from customers.rest.contract import Contract, contracts
from customers.values.cus_ids import encode
from tests import factories

JSON = "application/json"


@dataclass(frozen=True, eq=False)
class Route:
    """One method of one path: `{id}` and `{method_id}` in it are filled in."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    """A body that it accepts."""
    ok: int = 200
    fields: tuple[str, ...] = ()
    """The text fields of its body."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def of_one(self) -> bool:
        """Whether it addresses one customer by its path."""
        return "{" in self.path


@dataclass(frozen=True, eq=False)
class Spoken:
    """What the tests must know of a contract that it does not say of itself."""

    slug: str
    header: str
    """Of the credential, as WSGI names it."""
    prefix: str
    routes: tuple[Route, ...]
    is_error: Callable[[int, Any], bool]
    """Whether a body is this contract's own error of this status."""
    unreadable: int
    """The status of a query that cannot be read."""
    invalid: int
    """The status of a body with values that are not accepted."""
    faults_at: str
    """The member of an error that names the fields at fault."""
    root: str = ""
    """The member of a body that has the fields in it; none if the body itself has."""
    id_of: Callable[[Customer], str] = field(default=lambda customer: str(customer.pk))

    def __str__(self) -> str:
        return self.slug

    @property
    def contract(self) -> Contract:
        return next(contract for contract in contracts() if contract.slug == self.slug)

    @property
    def writes(self) -> list[Route]:
        """The routes that read a body."""
        return [route for route in self.routes if route.body is not None]

    @property
    def lists(self) -> list[Route]:
        return [
            route
            for route in self.routes
            if not route.writes and not route.path.endswith(("{id}", "{method_id}"))
        ]

    def headers(self, secret: str) -> dict[str, str]:
        return {self.header: f"{self.prefix}{secret}"}

    def bearer(self, secret: str) -> APIClient:
        """A client that shows `secret` as this contract's credential."""
        client = APIClient()
        client.credentials(**self.headers(secret))
        return client

    def client(
        self, organization: Organization, mode: str = "live", scopes: list[str] | None = None
    ) -> APIClient:
        return self.bearer(ApiKey.issue(organization, mode, scopes=scopes)[1])

    def wrap(self, values: dict[str, Any]) -> dict[str, Any]:
        """A body with these fields."""
        return {self.root: values} if self.root else values

    def good(self, route: Route, **values: Any) -> dict[str, Any]:
        """A good body of the route with these fields changed."""
        return self.wrap({**(route.body or {}), **values})

    def faults(self, told: Any) -> set[str]:
        """The fields that an error names."""
        return set(told.get(self.faults_at, {}))

    def assert_error(self, response: Any, *statuses: int) -> Any:
        """The body of an error that has this contract's shape."""
        assert response.status_code in statuses, (response.status_code, response.content[:300])
        assert response["Content-Type"] == JSON
        assert b"<" not in response.content[:1]
        body = json.loads(response.content)
        assert self.is_error(response.status_code, body), body
        return body


def send(client: Any, route: Route, body: bytes, content_type: str = JSON, **parts: str) -> Any:
    """The answer to a request whose body and content type are exactly these."""
    return client.generic(route.method, route.path.format(**parts), body, content_type)


def _alternative_payments(_status: int, body: Any) -> bool:
    return (
        list(body) == ["code", "message", "validation_errors"]
        and all(isinstance(body[name], str) and body[name] for name in ("code", "message"))
        and _texts(body["validation_errors"])
    )


def _billabear(status: int, body: Any) -> bool:
    if status == 401:
        return bool(body == [])
    return (
        body["success"] is False
        and body.keys() <= {"success", "errors", "reason"}
        and _texts(body.get("errors", {}))
        and (status == 404 or body.get("reason", "") != "" or body.get("errors", {}) != {})
    )


def _lago(status: int, body: Any) -> bool:
    if status == 422:
        return (
            list(body) == ["status", "error", "message", "error_details"]
            and body["status"] == 422
            and body["error"] == "Unprocessable entity"
            and _lists(body["error_details"])
        )
    return (
        body["status"] == status
        and isinstance(body["error"], str)
        and body["error"] != ""
        and body.keys() <= {"status", "error", "code", "message"}
    )


def _vatly(status: int, body: Any) -> bool:
    if status == 422:
        return list(body) == ["message", "errors"] and _lists(body["errors"])
    return list(body) == ["message"] and isinstance(body["message"], str) and body["message"] != ""


def _texts(errors: Any) -> bool:
    return isinstance(errors, dict) and all(isinstance(t, str) and t for t in errors.values())


def _lists(errors: Any) -> bool:
    return (
        isinstance(errors, dict)
        and errors != {}
        and all(
            isinstance(texts, list) and texts and all(isinstance(t, str) and t for t in texts)
            for texts in errors.values()
        )
    )


_AP: tuple[str, ...] = ("city", "country", "ein", "legal_name", "name", "postal_code", "state")
_AP += ("street_address", "sub_premise")
_USER = ("email", "first_name", "last_name")
_LAGO: tuple[str, ...] = (
    "address_line1",
    "address_line2",
    "city",
    "country",
    "email",
    "legal_name",
)
_LAGO += ("legal_number", "logo_url", "name", "phone", "state", "url", "zipcode")
_MAIL = "new@example.org"

TABLE = (
    Spoken(
        slug="alternative-payments",
        header="HTTP_AUTHORIZATION",
        prefix="Bearer ",
        routes=(
            Route("GET", "/customers"),
            Route("POST", "/customers", {"name": "New"}, 201, (*_AP, "email", "external_id")),
            Route("GET", "/customers/{id}"),
            Route("PATCH", "/customers/{id}", {"name": "New"}, fields=_AP),
            Route("DELETE", "/customers/{id}"),
            Route("POST", "/customers/{id}/restore"),
            Route("GET", "/customers/{id}/users"),
            Route("POST", "/customers/{id}/users", {"first_name": "Ada"}, 201, _USER),
            Route("GET", "/customers/{id}/payment-methods"),
            Route("GET", "/customers/{id}/payment-methods/{method_id}"),
        ),
        is_error=_alternative_payments,
        faults_at="validation_errors",
        unreadable=400,
        invalid=422,
    ),
    Spoken(
        slug="billabear",
        header="HTTP_X_API_KEY",
        prefix="",
        routes=(
            Route("GET", "/api/v1.0/customer"),
            Route(
                "PUT",
                "/api/v1.0/customer",
                {"email": _MAIL, "country": "DE"},
                201,
                ("email", "country", "reference", "external_reference"),
            ),
            Route("GET", "/api/v1.0/customer/{id}"),
        ),
        is_error=_billabear,
        faults_at="errors",
        unreadable=400,
        invalid=400,
    ),
    Spoken(
        slug="lago",
        header="HTTP_AUTHORIZATION",
        prefix="Bearer ",
        routes=(
            Route("GET", "/api/v1/customers"),
            Route(
                "POST",
                "/api/v1/customers",
                {"customer_id": "new-1"},
                fields=(*_LAGO, "customer_id", "external_id"),
            ),
            Route("GET", "/api/v1/customers/{id}"),
            Route("DELETE", "/api/v1/customers/{id}"),
        ),
        is_error=_lago,
        faults_at="error_details",
        unreadable=422,
        invalid=422,
        root="customer",
        id_of=lambda customer: customer.external_id or str(customer.pk),
    ),
    Spoken(
        slug="vatly",
        header="HTTP_AUTHORIZATION",
        prefix="Bearer ",
        routes=(
            Route("GET", "/v1/customers"),
            Route("POST", "/v1/customers", {"email": _MAIL}, 201, ("email",)),
            Route("GET", "/v1/customers/{id}"),
        ),
        is_error=_vatly,
        faults_at="errors",
        unreadable=422,
        invalid=422,
        id_of=lambda customer: encode(customer.pk),
    ),
)

#: (contract, route) pairs, for parametrizing.
ROUTES = [(spoken, route) for spoken in TABLE for route in spoken.routes]
WRITES = [(spoken, route) for spoken in TABLE for route in spoken.writes]
LISTS = [(spoken, route) for spoken in TABLE for route in spoken.lists]


def name_of(pair: Any) -> str:
    """The id of a parameter that is of this table."""
    return " ".join(map(str, pair)) if isinstance(pair, tuple) else str(pair)


def rows_of(organization: Organization, mode: str = "live", **values: Any) -> tuple[Customer, str]:
    """A customer with a user and a payment method, and that one's id."""
    planted = {"name": "Planted", "email": "planted@example.org", "external_id": "planted"}
    customer = factories.customer(organization, mode, **{**planted, **values})
    factories.user(customer)
    return customer, str(factories.payment_method(customer).pk)
