"""What django-oauth-toolkit asks of this project."""

from __future__ import annotations

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator


class ClientValidator(OAuth2Validator):
    """Reads `Basic` in any case (RFC 9110, 11.1), and asks for no client with a NUL in its id."""

    def _extract_basic_auth(self, request: Any) -> str | None:
        scheme, _, credentials = request.headers.get("HTTP_AUTHORIZATION", "").partition(" ")
        return credentials.strip(" ") or None if scheme.lower() == "basic" else None

    def _load_application(self, client_id: str | None, request: Any) -> Any:
        if client_id is not None and "\0" in client_id:
            return None
        return super()._load_application(client_id, request)
