"""Credentials that every double has. They are public, and exist nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from customers.models import ApiKey, Mode, OAuthClient, Organization
from customers.models.scopes import READ, WRITE, all_scopes
from customers.values.api_keys import complete, digest

ACME, GLOBEX = "demo-acme", "demo-globex"
#: An organization that has no customers.
EMPTY = "demo-empty"
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Access:
    """What a credential opens."""

    organization: str = ACME
    mode: str = Mode.LIVE
    scopes: tuple[str, ...] = tuple(all_scopes())
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


API_KEYS = {
    "live": Access(),
    "test": Access(mode=Mode.TEST),
    "read_only": Access(scopes=(READ,)),
    "write_only": Access(scopes=(WRITE,)),
    "empty": Access(EMPTY),
    "empty_test": Access(EMPTY, Mode.TEST),
    "other_organization": Access(GLOBEX),
    "expired": Access(expires_at=LONG_AGO),
    "revoked": Access(revoked_at=LONG_AGO),
}
OAUTH_CLIENTS = {name: API_KEYS[name] for name in ("live", "test", "read_only", "empty", "revoked")}


def api_key(name: str) -> str:
    """The API key of this name."""
    word = "double" + name.title().replace("_", "")
    return complete(API_KEYS[name].mode, word.ljust(32, "0"))


def client_id(name: str) -> str:
    """The id of the OAuth client of this name."""
    return f"double-{name.replace('_', '-')}"


def client_secret(name: str) -> str:
    """The secret of the OAuth client of this name."""
    return f"secret-of-{client_id(name)}"


def issue_all() -> None:
    """Put all of them into a database that has the organizations of the demo."""
    Organization.objects.create(slug=EMPTY, name="No customers")
    organizations = {each.slug: each for each in Organization.objects.all()}
    for name, access in API_KEYS.items():
        secret = api_key(name)
        ApiKey.objects.create(
            organization=organizations[access.organization],
            mode=access.mode,
            name=name,
            scopes=list(access.scopes),
            expires_at=access.expires_at,
            revoked_at=access.revoked_at,
            digest=digest(secret),
            prefix=secret[:9],
            last4=secret[-4:],
        )
    for name, access in OAUTH_CLIENTS.items():
        OAuthClient.objects.create(
            organization=organizations[access.organization],
            mode=access.mode,
            name=name,
            scopes=list(access.scopes),
            expires_at=access.expires_at,
            revoked_at=access.revoked_at,
            client_id=client_id(name),
            client_secret=client_secret(name),
            client_type=OAuthClient.CLIENT_CONFIDENTIAL,
            authorization_grant_type=OAuthClient.GRANT_CLIENT_CREDENTIALS,
        )


def described() -> dict[str, dict[str, dict[str, object]]]:
    """All of them, by kind and name, for those who test with them."""

    def opens(access: Access) -> dict[str, object]:
        return {
            "organization": access.organization,
            "mode": str(access.mode),
            "scopes": list(access.scopes),
        }

    return {
        "keys": {name: {"key": api_key(name), **opens(each)} for name, each in API_KEYS.items()},
        "oauth_clients": {
            name: {"id": client_id(name), "secret": client_secret(name), **opens(each)}
            for name, each in OAUTH_CLIENTS.items()
        },
    }
