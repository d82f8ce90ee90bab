"""How recorded traffic of this vendor is replayed, and which differences are meant."""

import re
from collections.abc import Mapping
from typing import Any

from customers.api.alternative_payments.serializers import CustomerCreate, UserCreate
from customers.rest.traffic import (
    Explained,
    Kind,
    Resource,
    Traffic,
    accepted_by,
)
from customers.values import countries

_METHOD = ("type", "brand", "last4", "exp_month", "exp_year", "bank_name", "is_default")
_METHOD_IS_OURS = (
    "The reference does not show the members of a payment method; these are the registry's."
)
_accepted = accepted_by(CustomerCreate)


def _customer(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The store's values of a customer: what creating takes, and what only reading shows."""
    return {**_accepted(shown), "processor_reference": shown.get("customer_integration_id")}


def _payment_method(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {name: shown[name] for name in _METHOD if name in shown}


def _is_same_country(recorded: str, answered: str) -> bool:
    return countries.parse(recorded) == countries.parse(answered)


EXPLAINED = (
    Explained(
        "Creating returns 201, on which the reference is silent.",
        (Kind.STATUS,),
        at="POST /customers(/[^/]+/users)?",
        values=lambda was, now: (was, now) == (200, 201),
    ),
    Explained(
        "Archiving returns 200 with the customer.",
        (Kind.STATUS,),
        at="DELETE /customers/[^/]+",
        values=lambda was, now: (was, now) == (204, 200),
    ),
    Explained(
        "A country is returned as ISO 3166 alpha-3, as the reference shows it.",
        (Kind.VALUE, Kind.FORMAT),
        ("/country", "/data/*/country"),
        values=_is_same_country,
    ),
    Explained(
        "Times have a fraction of a second where there is one; the reference shows none.",
        (Kind.FORMAT,),
        ("/created_at", "/data/*/created_at"),
    ),
    Explained(
        "What of a customer or a user has no value is null, and never absent.",
        (Kind.ADDED,),
        tuple(
            f"{at}/{name}"
            for at in ("", "/data/*")
            for name in (
                *CustomerCreate().fields,
                *("customer_integration_id", "default_payment_method_id"),
                *("first_name", "last_name"),
            )
        ),
        values=lambda _, now: now is None,
    ),
    Explained(
        _METHOD_IS_OURS,
        (Kind.ADDED, Kind.MISSING),
        ("/data/*/*",),
        at="GET /customers/[^/]+/payment-methods",
    ),
    Explained(
        _METHOD_IS_OURS,
        (Kind.ADDED, Kind.MISSING),
        ("/*",),
        at="GET /customers/[^/]+/payment-methods/[^/]+",
    ),
    Explained(
        "A payment method that the recording only names cannot be stored.",
        (Kind.TYPE,),
        ("/default_payment_method_id", "/data/*/default_payment_method_id"),
        values=lambda _, now: now is None,
    ),
    Explained(
        "The sentences and codes of errors are the registry's own, for the reference has none.",
        (Kind.VALUE,),
        ("/code", "/message", "/validation_errors/*"),
        when=lambda exchange: exchange.status >= 400,
    ),
    Explained(
        "Of the vendor's API only customers, their users and their payment methods are served.",
        (Kind.STATUS,),
        at=r"\w+ /customers/[^/]+/(?!(restore|users|payment-methods)(/|$)).*",
        values=lambda _, now: now in (404, 405),
    ),
)

TRAFFIC = Traffic(
    resources=(
        Resource(
            "payment_method",
            re.compile(r"/customers/(?P<customer>[^/]+)/payment-methods(/(?P<id>[^/]+))?"),
            _payment_method,
        ),
        Resource(
            "user",
            re.compile(r"/customers/(?P<customer>[^/]+)/users"),
            accepted_by(UserCreate),
        ),
        Resource("customer", re.compile(r"/customers(/(?P<id>[^/]+)(/restore)?)?"), _customer),
    ),
    ids=frozenset({"id", "customer_id", "default_payment_method_id", "access_token"}),
    known_by=frozenset({"external_id"}),
    cursors=frozenset({"start_cursor", "end_cursor"}),
    plain=frozenset(
        {"code", "type", "brand", "has_next_page", "has_previous_page", "expires_in", "token_type"}
    ),
    refusals=frozenset({401, 403}),
    token_paths=frozenset({"/oauth/token", "/oauth/revoke"}),
    explained=EXPLAINED,
)
