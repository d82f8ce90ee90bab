"""Staff users, who have nothing to do with the users of a customer, their second factors, and what
is kept of their forms for a while.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from customers.models.credential import Actor
from customers.staff.encryption import Unreadable, decrypt, encrypt, is_current

SUBMISSIONS_KEPT_FOR = timedelta(hours=24)
SECRETS_KEPT_FOR = timedelta(minutes=10)

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


class FormSubmission(models.Model):
    """A form that was done, and the page that showed what it did; kept for 24 hours."""

    digest = models.CharField(max_length=64, primary_key=True, help_text="Who sent what to where.")
    location = models.TextField(default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="formsubmission_age")]

    def __str__(self) -> str:
        return self.location

    @classmethod
    def sweep(cls) -> int:
        """Delete what is older than 24 hours. Returns the number of submissions deleted."""
        return cls.objects.filter(created_at__lt=timezone.now() - SUBMISSIONS_KEPT_FOR).delete()[0]


class HeldSecret(models.Model):
    """The secret of a new credential, encrypted, until the person who issued it has seen it once,
    for at most ten minutes.
    """

    credential = models.CharField(max_length=100, primary_key=True, help_text="Kind and id.")
    user = models.ForeignKey(StaffUser, models.CASCADE, related_name="+")
    encrypted = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.credential

    @classmethod
    def hold(cls, user: StaffUser, credential: models.Model, secret: str) -> None:
        """Keep the secret of a credential that was just issued."""
        cls.sweep()
        name = _name(credential)
        encrypted = encrypt(secret.encode(), f"{user.pk} {name}")
        held = {"user": user, "encrypted": encrypted, "created_at": timezone.now()}
        cls.objects.update_or_create(credential=name, defaults=held)

    @classmethod
    @transaction.atomic
    def take(cls, user: StaffUser, credential: models.Model) -> str | None:
        """Return the secret and forget it. None if it was taken, is too old, or is another's."""
        name, youngest = _name(credential), timezone.now() - SECRETS_KEPT_FOR
        mine = cls.objects.select_for_update().filter(user=user, created_at__gte=youngest)
        held = mine.filter(credential=name).first()
        if held is None:
            return None
        held.delete()
        try:
            return decrypt(held.encrypted, f"{user.pk} {name}").decode()
        except Unreadable:
            return None

    @classmethod
    def sweep(cls) -> int:
        """Delete what no one came to see in time. Returns the number of secrets deleted."""
        return cls.objects.filter(created_at__lt=timezone.now() - SECRETS_KEPT_FOR).delete()[0]


def _name(credential: models.Model) -> str:
    return f"{credential._meta.model_name} {credential.pk}"
