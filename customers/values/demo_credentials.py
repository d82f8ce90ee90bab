"""The credentials of the demo. They are public, so they are refused unless DEBUG is on."""

from django.conf import settings

from customers.values.api_keys import complete, digest

STAFF_LOGIN = STAFF_PASSWORD = "demo"  # noqa: S105
CLIENT_ID, CLIENT_SECRET = "demo-client", "demo-secret"
API_KEYS = {mode: complete(mode, "demo" * 8) for mode in ("live", "test")}

_IDENTIFIERS = {STAFF_LOGIN, CLIENT_ID, *map(digest, API_KEYS.values())}


def is_refused(identifier: str) -> bool:
    """Whether this login, client id or key digest is the demo's and DEBUG is off."""
    return identifier in _IDENTIFIERS and not settings.DEBUG
