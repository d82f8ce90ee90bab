"""The scopes of API keys and OAuth clients."""

from typing import Any

from oauth2_provider.scopes import BaseScopes

READ = "customers:read"
WRITE = "customers:write"

SCOPES = {
    READ: "Read customers, their users and their payment methods",
    WRITE: "Write customers, their users and their payment methods",
}


def all_scopes() -> list[str]:
    """Every scope: what a credential has unless it was issued with fewer."""
    return list(SCOPES)


class ClientScopes(BaseScopes):
    """django-oauth-toolkit's scopes: a client may ask for those it was issued with."""

    def get_all_scopes(self) -> dict[str, str]:
        return SCOPES

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return all_scopes() if application is None else application.scopes

    get_default_scopes = get_available_scopes
