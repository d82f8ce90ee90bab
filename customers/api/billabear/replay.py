"""How recorded traffic of this vendor is replayed, and which differences are meant."""

import re
from collections.abc import Mapping
from typing import Any

from customers.api.billabear.serializers import CustomerDetailSerializer, CustomerUpdate
from customers.models import PaymentMethod
from customers.rest.traffic import Explained, Kind, Resource, Traffic, accepted_by

_BASE = r"/api/v1(\.0)?/customer"
_ONE = rf"{_BASE}/[^/]+"
_MEMBERS = tuple(f"/{name}" for name in CustomerDetailSerializer._declared_fields)

# What today's vendor has of a customer, and this store has not.
_NOT_STORED = (
    *("billing_type", "brand", "created_at", "digital_tax_rate", "invoice_format", "locale"),
    *("metadata", "standard_tax_rate", "tax_number", "type", "marketing_opt_in"),
)


def _payment_method(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The store's values of a payment method: the vendor writes numbers as texts."""
    month, year = shown.get("expiry_month"), shown.get("expiry_year")
    return {
        "type": PaymentMethod.Type.CARD,
        "brand": shown.get("brand"),
        "last4": shown.get("last_four"),
        "exp_month": int(month) if month else None,
        "exp_year": int(year) if year else None,
        "bank_name": shown.get("name"),
        "is_default": shown.get("default") is True,
    }


EXPLAINED = (
    Explained(
        "Creating returns the customer beside `success`, and `POST` its members too, where the "
        "vendor's clients look for them.",
        (Kind.ADDED,),
        ("/success", "/customer", *_MEMBERS),
        at=rf"(PUT|POST) {_BASE}",
    ),
    Explained(
        "Updating, disabling and enabling return the customer.",
        (Kind.ADDED,),
        _MEMBERS,
        at=rf"(PUT|POST) {_ONE}.*",
    ),
    Explained(
        "One customer is returned with the address.",
        (Kind.ADDED,),
        ("/address",),
        at=rf"\w+ {_ONE}.*",
    ),
    Explained(
        "The country stands beside the address too, as the reference has it.",
        (Kind.ADDED,),
        ("/country", "/customer/country", "/data/*/country"),
    ),
    Explained(
        "Items of the list have exactly the five members of the reference.",
        (Kind.MISSING,),
        tuple(f"/data/*/{name}" for name in (*_NOT_STORED, "address")),
        at=rf"GET {_BASE}",
    ),
    Explained(
        "The store does not keep what invoices and taxes need of a customer.",
        (Kind.MISSING,),
        tuple(f"{at}/{name}" for at in ("", "/customer") for name in _NOT_STORED),
    ),
    Explained(
        "A duplicate email is refused with a sentence at `errors.email`.",
        (Kind.ADDED,),
        ("/errors",),
        when=lambda exchange: exchange.status == 409,
    ),
    Explained(
        "The sentences of errors are the registry's own; the fields that they are about are not.",
        (Kind.VALUE,),
        ("/errors/*",),
        when=lambda exchange: exchange.status >= 400,
    ),
    Explained(
        "A list of payment methods is 200, where the vendor says 202.",
        (Kind.STATUS,),
        at=rf"GET {_ONE}/payment-methods",
        values=lambda was, now: (was, now) == (202, 200),
    ),
    Explained(
        "A disabled customer is not found; the vendor still shows it.",
        (Kind.STATUS,),
        at=rf"(GET|PUT) {_ONE}",
        values=lambda _, now: now == 404,
    ),
    Explained(
        "The reference says that listing is `PUT`; it is `GET`.",
        (Kind.STATUS,),
        at=rf"PUT {_BASE}",
        values=lambda was, _: was == 200,
        when=lambda exchange: not exchange.body,
    ),
    Explained(
        "Of the vendor's API only customers and their payment methods are served.",
        (Kind.STATUS,),
        at=rf"\w+ /api/v1\.0/(?!customer(/|$)).*"
        rf"|\w+ {_ONE}/(?!(disable|enable|payment-methods)$).*",
        values=lambda _, now: now in (404, 405),
    ),
)

TRAFFIC = Traffic(
    resources=(
        Resource(
            "payment_method",
            re.compile(rf"{_BASE}/(?P<customer>[^/]+)/payment-methods"),
            _payment_method,
        ),
        Resource(
            "customer",
            re.compile(rf"{_BASE}(/(?P<id>[^/]+)(/(disable|enable))?)?"),
            accepted_by(CustomerUpdate),
        ),
    ),
    ids=frozenset({"id", "last_key"}),
    newest_first=False,
    plain=frozenset({"success", "has_more", "brand", "default", "reason"}),
    explained=EXPLAINED,
)
