"""What django-oauth-toolkit asks of this project."""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator


class ClientValidator(OAuth2Validator):
    """Looks clients up, and knows without asking that PostgreSQL has none with a NUL in its id."""

    def _load_application(self, client_id: str | None, request: Any) -> Any:
        if client_id is not None and "\0" in client_id:
            return None
        return super()._load_application(client_id, request)
