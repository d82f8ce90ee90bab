"""The credential of this contract, and which failures are 403 and not 401."""

from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from customers.models.credential import Actor, Credential
from customers.rest.authentication import BearerApiKey, RevokedKey, bearer_token


class VatlyKey(BearerApiKey):
    """An API key as Bearer. A malformed or revoked one is 403 and not 401."""

    def authenticate(self, request: Request) -> tuple[Actor, Credential] | None:
        secret = bearer_token(request)
        if secret and not secret.startswith(("live_", "test_")):
            raise PermissionDenied("An API key starts with live_ or test_.")
        try:
            return super().authenticate(request)
        except RevokedKey as revoked:
            raise PermissionDenied(str(revoked)) from None
