"""How recorded traffic of this vendor is replayed, and which differences are meant."""

import re
from collections.abc import Mapping
from typing import Any

from customers.api.vatly.serializers import CustomerCreate
from customers.rest.traffic import (
    Exchange,
    Explained,
    Kind,
    Resource,
    Traffic,
    accepted_by,
)

_DEFAULT_LIMIT = 10


def _is_last_page(exchange: Exchange) -> bool:
    """Whether a recorded page has fewer customers than it may, so that nothing can follow."""
    shown: Any = exchange.shown
    limit = exchange.parameter("limit") or ""
    size = int(limit) if limit.isdigit() else _DEFAULT_LIMIT
    return isinstance(shown, Mapping) and len(shown.get("data", ())) < size


EXPLAINED = (
    Explained(
        "A replay uses test data, so that `testmode` is true where live data was recorded.",
        (Kind.VALUE,),
        ("/testmode", "/data/*/testmode"),
        values=lambda was, now: (was, now) == (False, True),
    ),
    Explained(
        "Metadata that is absent is `{}`.",
        (Kind.TYPE,),
        ("/metadata", "/data/*/metadata"),
        values=lambda was, now: was in (None, []) and now == {},
    ),
    Explained(
        "`next` is null where nothing follows. The reference shows a link beside a `count` of 1, "
        "which is an error.",
        (Kind.TYPE,),
        ("/links/next",),
        at="GET /v1/customers.*",
        when=_is_last_page,
    ),
    Explained(
        "The sentences of errors are the registry's own; the fields that they are about are not.",
        (Kind.VALUE,),
        ("/message", "/errors/*/*"),
        when=lambda exchange: exchange.status >= 400,
    ),
    Explained(
        "A duplicate email is refused with 422; newer releases of the vendor return the customer.",
        (Kind.STATUS,),
        at="POST /v1/customers",
        values=lambda was, now: (was, now) == (200, 422),
    ),
    Explained(
        "A key that was revoked there is unknown here: 401 in the place of 403.",
        (Kind.STATUS,),
        values=lambda was, now: (was, now) == (403, 401),
    ),
    Explained(
        "Of the vendor's API only customers are served. Other paths are 404.",
        (Kind.STATUS,),
        at=r"\w+ /v1/(?!customers(/|$)).*|\w+ /v1/customers/[^/]+/(?!subscriptions$).*",
        values=lambda _, now: now == 404,
    ),
)

TRAFFIC = Traffic(
    resources=(
        Resource(
            "customer",
            re.compile(r"/v1/customers(/(?P<id>[^/]+))?"),
            accepted_by(CustomerCreate),
            created="createdAt",
        ),
    ),
    times=frozenset({"createdAt"}),
    plain=frozenset({"resource", "count", "testmode", "type"}),
    refusals=frozenset({401, 403}),
    explained=EXPLAINED,
)
