"""Staff users, who have nothing to do with the users of a customer, and their second factors."""

from __future__ import annotations

import os
from typing import Any

from django.contrib.auth.models import AbstractUser
from django_otp.plugins.otp_totp.models import TOTPDevice

from customers.models.credential import Actor
from customers.staff.encryption import Unreadable, decrypt, encrypt, is_current

_SECRET_BYTES = 20  # RFC 4226, 4


class StaffUser(AbstractUser):
    """Someone who signs in.

    Memberships decide which organizations they see, and groups what they may do. The groups Viewer,
    Editor and Manager are made by `migrate`.
    """

    class Meta(AbstractUser.Meta):
        verbose_name = "staff user"
        verbose_name_plural = "staff users"

    @property
    def actor(self) -> Actor:
        """The actor in the history of this person's changes."""
        return Actor("staff", str(self.pk), self.get_username())


class AuthenticatorApp(TOTPDevice):  # type: ignore[misc]
    """A person's authenticator app. Its secret is encrypted in the column `key`."""

    key: str
    user_id: int

    class Meta:
        proxy = True
        verbose_name = "authenticator app"

    @classmethod
    def set_up(cls, user: StaffUser, **values: Any) -> AuthenticatorApp:
        """Create the app of a person, with a new secret."""
        key = encrypt(os.urandom(_SECRET_BYTES), str(user.pk))
        app: AuthenticatorApp = cls.objects.create(user=user, name="app", key=key, **values)
        return app

    @property
    def bin_key(self) -> bytes:
        """The secret. Raises Unreadable."""
        return decrypt(self.key, str(self.user_id))

    @property
    def is_readable(self) -> bool:
        """Whether the secret was encrypted with a key that is still known."""
        try:
            return bool(self.bin_key)
        except Unreadable:
            return False

    def verify_token(self, token: str) -> bool:
        """Whether this is the code now. Encrypts the secret anew if `SECRET_KEY` has changed."""
        verified = bool(super().verify_token(token))
        if verified and not is_current(self.key, str(self.user_id)):
            self.key = encrypt(self.bin_key, str(self.user_id))
            self.save(update_fields=["key"])
        return verified
