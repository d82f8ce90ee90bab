"""How tests speak to any contract: its credentials, its routes, good bodies, its errors.

`contract_table` has one `Harness` for each contract. What is tested of every contract alike is
generated from there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

from django.urls import URLPattern
from rest_framework.test import APIClient

from customers.models import ApiKey, Customer, Organization
from customers.rest.contract import Contract, contracts
from tests import factories

JSON = "application/json"
NOTHING = Customer(pk=UUID(int=7), external_id="nothing")
NO_METHOD = str(UUID(int=7))
#: A customer that is not there, and a payment method.
NOWHERE = (NOTHING, NO_METHOD)


@dataclass(frozen=True, eq=False)
class Route:
    """One method of one path: `{id}`, `{external_id}`, `{user_id}` and `{method_id}` in it are
    filled in."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    """A body that it accepts."""
    ok: int = 200
    fields: tuple[str, ...] = ()
    """The text fields of its body; one within an object is named as `object.field`."""
    other: Mapping[str, Any] = field(default_factory=lambda: {"other": "body"})
    """Values that make another body."""
    invalid: Mapping[str, Any] = field(default_factory=dict)
    """Values that are refused."""
    named_by: str = ""
    """The field that names the customer, where the path does not."""
    of_archived: bool = False
    """Whether it is done to an archived customer."""
    pattern: str = ""
    """As the URLconf has the path, where that is more than its converters."""
    metadata: bool = False
    """Whether its body has metadata."""
    blind: bool = False
    """Whether it writes without looking for a customer first."""
    media_types: tuple[str, ...] = (JSON,)
    """The types of body that it takes."""
    in_parts: bool = False
    """Whether it refuses parts of a body, and is done with the others."""
    largest: int = 1024 * 1024
    """How many bytes its body may have."""
    about: str = "customer"
    """What its If-Match is about: the "customer", or its "user" or "method"."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def named(self) -> tuple[str, str]:
        return self.method, self.path

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def of_one(self) -> bool:
        """Whether it addresses one customer by its path, who must be there."""
        return "{" in self.path and not self.named_by

    @property
    def creates(self) -> bool:
        """Whether it makes a customer, or may."""
        return self.writes and not self.of_one

    @property
    def conditional(self) -> bool:
        """Whether it changes one customer that is there, and so honours If-Match."""
        return self.writes and (self.of_one or self.named_by != "")

    @property
    def of_belongings(self) -> bool:
        """Whether it is about users or payment methods."""
        return "/users" in self.path or "/payment" in self.path

    @property
    def in_urlconf(self) -> str:
        path = self.path.removeprefix("/").replace("{id}", "<str:id>")
        path = path.replace("{user_id}", "<str:user_id>")
        return self.pattern or path.replace("{method_id}", "<str:payment_method_id>")

    @property
    def documented(self) -> str:
        """Its path as the OpenAPI document has it."""
        id = "{external_id}" if self.pattern else "{id}"
        return self.path.replace("{id}", id).replace("{method_id}", "{payment_method_id}")


class Form(NamedTuple):
    """How a contract writes a value of the store that is no text to it."""

    written: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda shown: shown


@dataclass(frozen=True, eq=False)
class Harness:
    """What the tests must know of a contract that it does not say of itself."""

    slug: str
    header: str
    """Of the credential, as WSGI names it."""
    prefix: str
    routes: tuple[Route, ...]
    open: Mapping[tuple[str, str], str]
    """Other patterns of the URLconf, which take no credential of a customer API, and why."""
    is_error: Callable[[int, Any], bool]
    """Whether a body is this contract's own error of this status."""
    unreadable: int
    """The status of a query that cannot be read."""
    invalid: int
    """The status of a body with values that are not accepted."""
    faults_at: str
    """The member of an error that names the fields at fault."""
    unknown: tuple[str, ...]
    """Paths at or below its own at which nothing is, whatever the method."""
    beside: tuple[str, ...]
    """Paths that only begin like its own."""
    names: Mapping[str, str]
    """Its name of each field of the store that it shows."""
    required: Mapping[str, Any]
    """What it asks for beside the field in question, by the store's names."""
    sizes: tuple[str, ...]
    """The parameters of a list that say how many, or which page."""
    rows: str = "data"
    """The member of a list that has the customers."""
    root: str = ""
    """The member of a body that has the fields in it; none if the body itself has."""
    cursors: tuple[str, ...] = ()
    """The parameters of a list that say from where on."""
    texts: tuple[str, ...] = ()
    """The parameters of a list that are looked for in texts."""
    forms: Mapping[str, Form] = field(default_factory=dict)
    """The fields of the store that it writes in a form of its own."""
    read_only: frozenset[str] = frozenset()
    """The fields of the store that it shows, but does not write."""
    countries: tuple[str, ...] = ()
    """The forms in which it takes Germany."""
    germany: str = "DE"
    """The form in which it shows it."""
    hosts: frozenset[str] = frozenset()
    """The hosts that the examples of its OpenAPI document name."""
    id_at: str = "id"
    """The member of a customer that has the id."""
    id_of: Callable[[Customer], str] = lambda customer: str(customer.pk)
    uuid_of: Callable[[str], str] = str
    """The UUID behind a shown id."""
    cursor_of: Callable[[UUID], str] = str
    times: tuple[str, ...] = ()
    """The parameters of a list that are times."""
    spellings: Callable[[Customer], set[str]] | None = None
    """The ids by which it knows a customer; none if that is `id_of` alone."""
    takes_tokens: bool = False
    """Whether an OAuth access token is a credential of it."""
    shows_archived: bool = False
    """Whether an archived customer can be read by its id."""
    dry_runs: bool = False
    """Whether its writes take `dry_run`."""

    def __str__(self) -> str:
        return self.slug

    @property
    def contract(self) -> Contract:
        return next(contract for contract in contracts() if contract.slug == self.slug)

    @property
    def endpoints(self) -> list[Endpoint]:
        return [Endpoint(self, route) for route in self.routes]

    @property
    def listing(self) -> Endpoint:
        """The list of customers."""
        return next(each for each in self.endpoints if each.is_list and not each.route.of_one)

    @property
    def one(self) -> Endpoint:
        """Reading one customer."""
        return next(each for each in self.endpoints if str(each.route).endswith("{id}"))

    @property
    def create(self) -> Endpoint:
        return next(each for each in self.endpoints if each.route.body and not each.route.of_one)

    @property
    def archive(self) -> Endpoint:
        """Archiving one customer."""
        one = self.one.route.path
        paths = {("DELETE", one), ("POST", f"{one}/archive")}
        return next(each for each in self.endpoints if each.route.named in paths)

    def ids_of(self, customer: Customer) -> set[str]:
        """The ids by which a customer is found."""
        return self.spellings(customer) if self.spellings else {self.id_of(customer)}

    @property
    def list_path(self) -> str:
        """Of as many customers as a list may have."""
        return f"{self.listing.route.path}?{self.sizes[0]}=100"

    def path_of(self, customer: Customer) -> str:
        """The path of one customer."""
        return self.one.route.path.format(id=quote(self.id_of(customer), safe=""))

    # --- Requests --------------------------------------------------------------------------------

    @property
    def is_bearer(self) -> bool:
        return self.header == "HTTP_AUTHORIZATION"

    @property
    def challenge(self) -> str:
        """How what a 401 asks for begins."""
        return self.prefix or "ApiKey"

    def headers(self, secret: str) -> dict[str, str]:
        return {self.header: f"{self.prefix}{secret}"}

    def bearer(self, secret: str) -> APIClient:
        """A client that shows `secret` as this contract's credential."""
        client = APIClient(raise_request_exception=False)
        client.credentials(**self.headers(secret))
        return client

    def client(
        self, organization: Organization, mode: str = "live", scopes: list[str] | None = None
    ) -> APIClient:
        return self.bearer(ApiKey.issue(organization, mode, scopes=scopes)[1])

    def wrap(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A body with these fields."""
        body = nested(values)
        return {self.root: body} if self.root else body

    def good(self, route: Route, **values: Any) -> dict[str, Any]:
        """A good body of the route with these fields changed."""
        return self.wrap({**(route.body or {}), **values})

    # --- Answers ---------------------------------------------------------------------------------

    def form(self, name: str) -> Form:
        """How a field of the store is written."""
        return self.forms.get(name, Form())

    def faults(self, error: Any) -> set[str]:
        """The fields that an error names."""
        found = error.get(self.faults_at, {}) if isinstance(error, dict) else {}
        return {each["field"] or "body" for each in found} if isinstance(found, list) else {*found}

    def assert_error(self, response: Any, *statuses: int) -> Any:
        """The body of an error that has this contract's shape."""
        assert response.status_code in statuses, (response.status_code, response.content[:300])
        assert response["Content-Type"] == self.contract.error_type
        assert b"<" not in response.content[:1]
        body = json.loads(response.content)
        assert self.is_error(response.status_code, body), body
        return body


class Endpoint(NamedTuple):
    """A route of a contract."""

    harness: Harness
    route: Route

    def __str__(self) -> str:
        return f"{self.harness} {self.route}"

    @property
    def is_list(self) -> bool:
        return not self.route.writes and not self.route.path.endswith("}")

    @property
    def invalid(self) -> dict[str, Any]:
        """A body that is refused."""
        return self.harness.good(self.route, **self.route.invalid)

    def path_of(self, customer: Customer, method_id: str = "") -> str:
        """The path for the customer, and for its first user and payment method."""
        names = {
            "id": quote(self.harness.id_of(customer), safe=""),
            "external_id": quote(customer.external_id or "nothing", safe=""),
            "method_id": method_id,
        }
        path = self.route.path
        if "{method_id}" in path and not method_id:
            names["method_id"] = first_of(customer, "payment_methods")
        if "{user_id}" in path:
            is_none = method_id == NO_METHOD
            names["user_id"] = NO_METHOD if is_none else first_of(customer, "users")
        return path.format(**names)

    def body_of(self, customer: Customer, **values: Any) -> dict[str, Any] | None:
        """A good body with these fields changed; where the path names no customer, it may."""
        if self.route.body is None:
            return dict(values) or None
        named = {self.route.named_by: customer.external_id or "nothing"}
        named = named if self.route.named_by else {}
        return self.harness.good(self.route, **{**named, **values})

    def other_body_of(self, customer: Customer) -> dict[str, Any] | None:
        return self.body_of(customer, **self.route.other)

    def send(self, client: APIClient, customer: Customer, **extra: Any) -> Any:
        """The answer to the request, with its good body unless there is another `body`."""
        body = extra.pop("body", self.body_of(customer))
        path = self.path_of(customer, extra.pop("method_id", ""))
        return send_json(client, self.route.method, path, body, **extra)

    def prepared(self, customer: Customer) -> Customer:
        """The customer as the request wants to find them."""
        if "{user_id}" in self.route.path and first_of(customer, "users") == NO_METHOD:
            factories.user(customer)
        if "{method_id}" in self.route.path and first_of(customer, "payment_methods") == NO_METHOD:
            factories.payment_method(customer)
        if self.route.of_archived:
            customer.archive()
        return customer

    def subject(self, customer: Customer) -> Any:
        """What its If-Match is about."""
        if self.route.about == "user":
            return customer.users.get()
        return customer.payment_methods.get() if self.route.about == "method" else customer

    @property
    def handler(self) -> tuple[Any, str]:
        """The class and the name of the method that does this."""
        wanted = (self.harness.slug, self.route.method, self.route.in_urlconf)
        (found,) = (found[3:] for found in in_urlconfs() if found[:3] == wanted)
        return found


def first_of(customer: Customer, name: str) -> str:
    """The id of the customer's first row of a kind, also after that was removed."""
    known: dict[str, str] = vars(customer).setdefault("_known_rows", {})
    if name not in known and (row := getattr(customer, name).order_by("pk").first()):
        known[name] = str(row.pk)
    return known.get(name, NO_METHOD)


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with those that are named as `object.field` in objects."""
    body: dict[str, Any] = {}
    for name, value in values.items():
        above, _, field = name.rpartition(".")
        if above:
            body[above] = {**body.get(above, {}), field: value}
        else:
            body[name] = value
    return body


def at(body: Any, name: str) -> Any:
    """The value of a field, also of one that is named as `object.field`."""
    for part in name.split("."):
        body = body[part]
    return body


def in_urlconfs() -> Iterator[tuple[str, str, str, Any, str]]:
    """Every (contract, method, pattern, view class, action) of the contracts' URLconfs."""
    for contract in contracts():
        for pattern in import_module(contract.urlconf).urlpatterns:
            assert isinstance(pattern, URLPattern)
            view: Any = pattern.callback
            actions = getattr(view, "actions", None) or {"*": "dispatch"}
            for method, action in actions.items():
                if method != "head":
                    yield contract.slug, method.upper(), str(pattern.pattern), view.cls, action


def send(
    client: Any,
    method: str,
    path: str,
    body: bytes | str = b"",
    content_type: str = "",
    **extra: Any,
) -> Any:
    """The answer to a request whose body and content type are exactly these."""
    if path.startswith("//"):  # which the test client reads as a host
        path = f"http://testserver{path}"
    return client.generic(method, path, body, content_type, **extra)


def send_json(client: Any, method: str, path: str, body: Any = None, **extra: Any) -> Any:
    """The answer to a request with this body, or with none."""
    if body is None:
        return send(client, method, path, **extra)
    return send(client, method, path, json.dumps(body), JSON, **extra)


def showing(secret: str) -> APIClient:
    """A client that shows the API key in every way in which a contract may ask for it."""
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_X_API_KEY=secret)
    return client


def key_client(
    organization: Organization, mode: str = "live", scopes: list[str] | None = None
) -> APIClient:
    """A client with a new API key, for any contract."""
    return showing(ApiKey.issue(organization, mode, scopes=scopes)[1])


def is_replay(response: Any) -> bool:
    """Whether it is the answer of an earlier request with the same key."""
    return bool(response.headers.get("Idempotent-Replayed") == "true")


def rows_of(organization: Organization, mode: str = "live", **values: Any) -> tuple[Customer, str]:
    """A customer with a user and a payment method, and that one's id."""
    planted = {"name": "Planted", "email": "planted@example.org", "external_id": "planted"}
    customer = factories.customer(organization, mode, **{**planted, **values})
    factories.user(customer)
    return customer, str(factories.payment_method(customer).pk)
