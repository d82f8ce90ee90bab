"""How a wire contract describes itself, and how the rest of the project finds the contracts.

A contract is a package in `customers.api` whose module `contract` has a `CONTRACT`. The root
URLconf serves it by one line, `serve("customers.api.…")`; no other list of contracts is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import URLResolver, get_resolver, include, path
from rest_framework.serializers import Serializer

from customers.models import Customer
from customers.rest.parsers import MAX_BODY_BYTES
from customers.rest.problems import Problem
from customers.rest.reading import wire_of
from customers.rest.traffic import Traffic


@dataclass(frozen=True, slots=True)
class Contract:
    """One vendor's customer API, spoken by this store."""

    slug: str
    """The name in the path of its documentation: `/docs/{slug}/`."""

    title: str
    """The vendor's name."""

    description: str
    """Source, credentials and deviations, in Markdown, for its OpenAPI document."""

    bases: tuple[str, ...]
    """The paths at and below which every response is in its shape; the longest base counts."""

    urlconf: str
    """The module of its URL patterns."""

    openapi_path: str
    """Where its OpenAPI document is served."""

    key_header: str
    """The header that carries an API key, with `{api_key}` to fill in."""

    list_path: str
    """The path of its list of customers."""

    page_size: str
    """The list's parameter for the number of customers on a page."""

    list_filters: Mapping[str, str] = field(hash=False)
    """The list's parameters, by what they filter by: "country", "created_from", "created_to"."""

    customer_path: Callable[[Customer], str]
    """The path of one customer, URL-encoded."""

    render_error: Callable[[Problem], tuple[int, Any]]
    """The status and the body of its response to a problem."""

    serializer: type[Serializer[Any]]
    """The members of a customer."""

    wire_names: Mapping[str, str] = field(hash=False)
    """Its names of the store's fields: `{field: name}`."""

    tags: Mapping[str, str] = field(hash=False)
    """What the operations of each tag are about, for its OpenAPI document."""

    operations: Mapping[str, str] = field(hash=False)
    """What each operation does, when to use it, and what goes wrong: Markdown, by operation id."""

    traffic: Traffic = field(hash=False)
    """How recorded traffic of the vendor is replayed."""

    error_type: str = "application/json"
    """The media type of its errors."""

    largest_body: int = MAX_BODY_BYTES
    """How many bytes the largest body of a request to it may have."""

    begins_at_root: bool = False
    """Whether the vendor has its other resources at the root of the host."""

    envelope: Callable[[dict[str, Any]], dict[str, Any]] = dict
    """The object that it returns a customer's members in; by default these are the object."""

    def represent(self, customer: Customer, origin: str) -> dict[str, Any]:
        """A customer in its shape, for `dump_json`; links begin with `origin` (`https://host`)."""
        return self.envelope(wire_of(self.serializer).members_of(customer, origin))

    @property
    def credential_header(self) -> str:
        """The name of the header that carries a credential."""
        return self.key_header.partition(":")[0]

    @property
    def expresses(self) -> frozenset[str]:
        """The store's fields that it has a name for."""
        return Customer.WRITABLE & self.wire_names.keys()

    @property
    def cannot_express(self) -> frozenset[str]:
        """The store's fields that it has no name for."""
        return Customer.WRITABLE - self.expresses

    def curl(self, path: str, *, host: str = "{host}", api_key: str = "{api_key}") -> str:
        """A line of curl that gets a path."""
        return f'curl -H "{self.key_header.format(api_key=api_key)}" "{host}{path}"'

    @property
    def example(self) -> str:
        """A line of curl that lists two customers, with `{host}` and `{api_key}` to fill in."""
        return self.curl(f"{self.list_path}?{self.page_size}=2")

    def list_of(self, asked: Mapping[str, str], size: int) -> str | None:
        """The path of the list with the filters `asked`, a value by key of `list_filters`.

        None if the contract lacks one of them.
        """
        if not asked.keys() <= self.list_filters.keys():
            return None
        filters = {self.list_filters[term]: value for term, value in asked.items()}
        return f"{self.list_path}?{urlencode({**filters, self.page_size: size})}"


_served: dict[str, Contract] = {}
_SLASHES = re.compile("//+")


def serve(package: str) -> URLResolver:
    """The URLs of a contract, given as its package, for the root URLconf."""
    contract: Contract = import_module(f"{package}.contract").CONTRACT
    _served[contract.slug] = contract
    return path("", include(contract.urlconf))


@cache
def contracts() -> tuple[Contract, ...]:
    """The contracts that the root URLconf serves, by title."""
    import_module(settings.ROOT_URLCONF)
    return tuple(sorted(_served.values(), key=lambda contract: contract.title))


@cache
def _by_base() -> tuple[dict[str, Contract], int]:
    """The contracts by their bases, and how many parts the longest base has."""
    found = {base: contract for contract in contracts() for base in contract.bases}
    return found, max(base.count("/") for base in found)


def contract_at(path: str) -> Contract | None:
    """The contract that answers at `path`, if any: that of the longest base.

    Slashes are read as one: a client joins `https://host/` and `/customers`.
    """
    if "//" in path:
        path = _SLASHES.sub("/", path)
    by_base, depth = _by_base()
    parts = path.split("/", depth + 1)[: depth + 1]
    while len(parts) > 1:
        if (found := by_base.get("/".join(parts))) is not None:
            return found
        parts.pop()
    return None


@cache
def _of_pages() -> frozenset[str]:
    """The first parts of the paths that are for people."""
    routes = [str(found.pattern) for found in get_resolver().url_patterns]
    return frozenset(
        route.partition("/")[0] for route in (*routes, settings.STATIC_URL.lstrip("/"))
    )


def root_contract(request: HttpRequest) -> Contract | None:
    """The contract for an error at a path that is no contract's: that which begins at the root.

    None for a path of the pages, and for a browser, which says that it accepts HTML.
    """
    if "text/html" in request.headers.get("Accept", ""):
        return None
    if request.path_info.lstrip("/").partition("/")[0] in _of_pages():
        return None
    return next((contract for contract in contracts() if contract.begins_at_root), None)


def contract_of(request: HttpRequest) -> Contract | None:
    """The contract that answers a request, if any; looked up once for each request."""
    if not hasattr(request, "contract"):
        request.contract = contract_at(request.path_info)  # type: ignore[attr-defined]
    contract: Contract | None = request.contract  # type: ignore[attr-defined]
    return contract
