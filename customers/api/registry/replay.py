"""How recorded traffic of this API, of another release or installation, is replayed."""

import re
from collections.abc import Mapping
from typing import Any

from customers.api.registry.serializers import CustomerWrite, PaymentMethodWrite, UserWrite
from customers.rest.traffic import (
    Explained,
    Kind,
    Resource,
    Traffic,
    accepted_by,
)

_BASE = "/registry/v1/customers"
_OF_ONE = rf"{_BASE}/(?P<customer>[^/]+)"
_method = accepted_by(PaymentMethodWrite)


def _payment_method(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {**_method(shown), "is_default": shown.get("is_default") is True}


EXPLAINED = (
    Explained(
        "A replay uses test data, where live data was recorded.",
        (Kind.VALUE,),
        ("/mode", "/data/*/mode", "/record/mode"),
        values=lambda was, now: (was, now) == ("live", "test"),
    ),
    Explained(
        "Sentences of errors may change between releases; their codes do not.",
        (Kind.VALUE,),
        ("/detail", "/title", "/errors/*/message", "/results/*/errors/*/message"),
    ),
)

TRAFFIC = Traffic(
    resources=(
        Resource(
            "payment_method",
            re.compile(rf"{_OF_ONE}/payment_methods(/(?P<id>[^/]+)(/make_default)?)?"),
            _payment_method,
        ),
        Resource("user", re.compile(rf"{_OF_ONE}/users(/(?P<id>[^/]+))?"), accepted_by(UserWrite)),
        Resource(
            "customer",
            re.compile(
                rf"{_BASE}(/(?!batch$|external$)(?P<id>[^/]+)(/(archive|restore))?"
                r"|/external/(?P<external_id>[^/]+))?"
            ),
            accepted_by(CustomerWrite),
        ),
    ),
    ids=frozenset({"id", "customer_id", "default_payment_method_id"}),
    known_by=frozenset({"external_id"}),
    cursors=frozenset({"next_cursor", "previous_cursor"}),
    times=frozenset({"archived_at", "at", "created_at", "updated_at"}),
    counters=frozenset({"request_id", "version"}),
    plain=frozenset(
        {"action", "brand", "code", "contract", "field", "mode", "outcome", "status", "version"}
    ),
    explained=EXPLAINED,
)
