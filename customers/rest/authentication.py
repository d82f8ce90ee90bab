"""DRF authenticators, which all return a `Credential` (`request.auth`), and its permissions."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from oauth2_provider.models import get_access_token_model
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission

from customers.models import ApiKey
from customers.models.credential import Actor, Credential
from customers.models.scopes import READ, WRITE
from customers.rest.credential_cache import recall, remember
from customers.rest.dry_run import is_dry_run
from customers.values.api_keys import digest

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


def bearer_token(request: Request) -> str | None:
    """The token of an `Authorization: Bearer` header (RFC 6750, 2.1); None where there is none."""
    scheme, _, token = get_authorization_header(request).partition(b" ")
    if scheme.lower() != b"bearer":
        return None
    return token.strip().decode("latin-1")  # a key or token that is not ASCII is simply unknown


class RevokedKey(AuthenticationFailed):
    """The API key was revoked. One contract distinguishes that from an unknown key."""

    default_detail = "The API key was revoked."


def authenticate_api_key(secret: str, *, note_use: bool = True) -> tuple[Actor, Credential]:
    """The actor and the credential of an API key. `note_use` keeps when it was last used.

    Raises:
        RevokedKey: it was revoked.
        AuthenticationFailed: it is unknown, or has expired.
    """
    secret_digest = digest(secret)
    if (known := recall(secret_digest)) is not None:
        return known.actor, known
    key = ApiKey.objects.with_secret(secret)
    if key is not None and key.revoked_at is not None:
        raise RevokedKey
    if key is None or not key.is_active:
        raise AuthenticationFailed("The API key is unknown or has expired.")
    if note_use:
        key.touch_last_used()
    credential = key.credential
    remember(secret_digest, credential, key.expires_at)
    return credential.actor, credential


class HeaderApiKey(BaseAuthentication):
    """An API key in the header `X-API-Key`."""

    def authenticate(self, request: Request) -> tuple[Actor, Credential] | None:
        secret = request.headers.get("X-API-Key")
        return None if secret is None else authenticate_api_key(secret)

    def authenticate_header(self, request: Request) -> str:
        return 'ApiKey realm="customers"'


class Bearer(BaseAuthentication):
    """Base of the authenticators that read `Authorization: Bearer`."""

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="customers"'


class BearerApiKey(Bearer):
    """An API key as Bearer. Other tokens are left to the authenticator that follows."""

    def authenticate(self, request: Request) -> tuple[Actor, Credential] | None:
        secret = bearer_token(request)
        if secret is None or not secret.startswith(("live_", "test_")):
            return None
        return authenticate_api_key(secret, note_use=not is_dry_run(request))


class BearerAccessToken(Bearer):
    """An OAuth 2.0 access token of an OAuth client."""

    def authenticate(self, request: Request) -> tuple[Actor, Credential] | None:
        secret = bearer_token(request)
        if secret is None:
            return None
        checksum = hashlib.sha256(secret.encode()).hexdigest()
        if (known := recall(checksum)) is not None:
            return known.actor, known
        tokens: Any = get_access_token_model()
        token = (
            tokens._default_manager.select_related("application")
            .filter(token_checksum=checksum)
            .first()
        )
        if token is None or token.is_expired() or not token.application.is_active:
            raise AuthenticationFailed("The access token is unknown, revoked or expired.")
        if not is_dry_run(request):
            token.application.touch_last_used()
        credential = token.application.credential.narrowed_to(token.scope.split())
        remember(checksum, credential, token.expires, token.application.expires_at)
        return credential.actor, credential


class HasScope(BasePermission):
    """Reading requires the scope `customers:read`, everything else `customers:write`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        needed = READ if request.method in SAFE_METHODS else WRITE
        self.message = f"The credential lacks the scope {needed}."
        return isinstance(request.auth, Credential) and needed in request.auth.scopes


class DenyAll(BasePermission):
    """Denies everyone: the default of views that set no permission."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False
