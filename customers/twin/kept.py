"""What a twin keeps: times, numbers that count, and what is one of a few by name.

These are the only places in which a twin has what the original has. An original that is spelled
like one of these words ("Visa", "test") is not a leak there, and is one in any other place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.management import get_commands

from customers.models import Mode, PaymentMethod
from customers.rest.contract import contracts
from customers.values import countries

BRANDS = frozenset(
    {
        *("amex", "american_express", "cartes_bancaires", "dankort", "diners", "diners_club"),
        *("discover", "eftpos", "elo", "jcb", "maestro", "mastercard", "mir", "rupay", "troy"),
        *("unionpay", "visa"),
    }
)
PROCESSORS = frozenset(
    {
        *("adyen", "authorize_net", "braintree", "checkout", "gocardless", "mollie", "paypal"),
        *("square", "stripe", "worldpay"),
    }
)
ACTORS = frozenset({"api_key", "command", "oauth_client", "staff"})
#: Of events that pghistory writes.
LABELS = frozenset({"delete", "insert", "update"})
#: The domains that no one can have (RFC 2606): mail to them goes nowhere.
RESERVED_DOMAINS = ("example", "invalid", "localhost", "test")

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z", re.ASCII)
_NAMED = re.compile(
    rf"\bhttps?://(?:www\.|localhost\b)?|\.(?:{'|'.join(RESERVED_DOMAINS)})\b(?!\.)", re.IGNORECASE
)


def _one_of(values: Any) -> Callable[[object], bool]:
    known = frozenset(values)
    return lambda value: isinstance(value, str) and value in known


def _is_number(value: object) -> bool:
    return value is None or isinstance(value, int)


def _is_time(value: object) -> bool:
    return value is None or (isinstance(value, str) and _TIME.fullmatch(value) is not None)


#: By the name of a field: whether a value of it, as in a fixture, is kept.
_FIELDS: dict[str, Callable[[object], bool]] = {
    **dict.fromkeys(("created_at", "updated_at", "archived_at"), _is_time),
    **dict.fromkeys(("pgh_created_at", "said_at"), _is_time),
    **dict.fromkeys(("exp_month", "exp_year", "sequential_id", "version"), _is_number),
    "brand": _one_of(BRANDS),
    "country": _one_of(countries.ALPHA2),
    "is_pinned": lambda value: isinstance(value, bool),
    "mode": _one_of(Mode.values),
    "pgh_label": _one_of(LABELS),
    "processor": _one_of(PROCESSORS),
    "type": _one_of(PaymentMethod.Type.values),
}
#: Fields of which every value is kept: anything else in them is no twin's.
WHOLE = frozenset(_FIELDS) - {"brand", "processor"}


def is_kept(name: str, value: object) -> bool:
    """Whether a field keeps a value, as it is in a fixture."""
    return value is None or (name in _FIELDS and _FIELDS[name](value))


def is_kept_in_context(path: tuple[str, ...], value: object, context: Any) -> bool:
    """Whether the context of an event keeps a value: see `customers.models.history`."""
    match path:
        case ("actor", "kind"):
            return value in ACTORS
        case ("contract",):
            return value in _contracts()
        case ("actor", "id" | "label" as name):
            actor = context["actor"]
            return (
                actor.get("kind") == "command"
                and actor.get("id") in get_commands()
                and value == {"id": actor["id"], "label": f"manage.py {actor['id']}"}[name]
            )
    return False


#: The keys of a context, and of the actor in it.
CONTEXT_KEYS = frozenset(
    {"actor", "kind", "id", "label", "contract", "request_id", "import", "reason"}
)


def without_kept(text: str) -> str:
    """The text without the beginnings of web addresses that stay, and the reserved domains."""
    return _NAMED.sub("\n", text)


@cache
def _contracts() -> frozenset[str]:
    return frozenset(contract.slug for contract in contracts())
