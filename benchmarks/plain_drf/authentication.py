"""How the textbook API knows its callers."""

from __future__ import annotations

import hashlib
from typing import Any

from rest_framework import authentication, exceptions
from rest_framework.request import Request

from customers.models import ApiKey


class KeyAuthentication(authentication.BaseAuthentication):
    """An API key in the header `X-API-Key`: one query."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey]:
        given = request.headers.get("X-API-Key", "")
        key = ApiKey.objects.filter(digest=hashlib.sha256(given.encode()).hexdigest()).first()
        if key is None or key.revoked_at is not None:
            raise exceptions.AuthenticationFailed
        return KeyHolder(), key


class KeyHolder:
    """Who sends a valid key."""

    is_authenticated = True
