"""Staff users, who have nothing to do with the users of a customer, the links by which they choose
their passwords, their second factors, and what is kept of their forms for a while.
"""

from __future__ import annotations

import os
import secrets
from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib.auth.models import AbstractUser, Group
from django.db import models, transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from customers.models.base import tracked
from customers.models.credential import Actor
from customers.staff.encryption import Unreadable, decrypt, encrypt, is_current
from customers.values.api_keys import digest

SUBMISSIONS_KEPT_FOR = timedelta(hours=24)
SECRETS_KEPT_FOR = timedelta(minutes=10)
LINKS_VALID_FOR = timedelta(hours=72)

_SECRET_BYTES = 20  # RFC 4226, 4
_TOKEN_BYTES = 32


@tracked(exclude=["password", "last_login"])
class StaffUser(AbstractUser):
    """Someone who signs in.

    Memberships decide which organizations they see, and groups what they may do. The groups Viewer,
    Editor and Manager are made by `migrate`.
    """

    is_staff = models.BooleanField(
        "staff status",
        default=True,
        help_text="Whether this person can sign in, to the back office and to the administration.",
    )
    groups = models.ManyToManyField(  # type: ignore[assignment]
        Group,
        through="GroupMembership",
        related_name="user_set",
        related_query_name="user",
        blank=True,
        help_text="What this person may do.",
    )

    class Meta(AbstractUser.Meta):
        verbose_name = "staff user"
        verbose_name_plural = "staff users"

    @property
    def actor(self) -> Actor:
        """The actor in the history of this person's changes."""
        return Actor("staff", str(self.pk), self.get_username())

    def lock(self) -> None:
        """Lock the account until the transaction ends, and refresh it from the database."""
        self.refresh_from_db(from_queryset=StaffUser.objects.select_for_update())


@tracked()
class GroupMembership(models.Model):
    """Lets a staff user do what a group may do."""

    staff_user = models.ForeignKey(StaffUser, models.CASCADE)
    group = models.ForeignKey(Group, models.CASCADE)

    class Meta:
        verbose_name = "member of a group"
        verbose_name_plural = "members of groups"
        constraints = [
            models.UniqueConstraint(
                fields=["staff_user", "group"], name="groupmembership_once_per_group"
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_user} in {self.group}"


@tracked(exclude=["digest"])
class PasswordLink(models.Model):
    """A link by which someone chooses their own password: once, within 72 hours.

    Only the SHA-256 of its token is kept. An account has one link at most, the latest.
    """

    staff_user = models.ForeignKey(StaffUser, models.CASCADE, related_name="password_links")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "password link"

    def __str__(self) -> str:
        return f"password link of {self.staff_user}"

    @classmethod
    @transaction.atomic
    def issue(cls, person: StaffUser) -> tuple[Self, str]:
        """Make a link, after which earlier ones do not work. Returns it and its token."""
        person.lock()
        person.password_links.all().delete()
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        return cls.objects.create(staff_user=person, digest=digest(token)), token

    @classmethod
    def working(cls, digest: str) -> Self | None:
        """The link whose token has this digest.

        None if it is unknown, used, too old, or of someone who may not sign in.
        """
        links = cls.objects.select_related("staff_user").filter(
            digest=digest,
            used_at=None,
            created_at__gt=timezone.now() - LINKS_VALID_FOR,
            staff_user__is_active=True,
            staff_user__is_staff=True,
        )
        return links.first()

    @property
    def expires_at(self) -> datetime:
        return self.created_at + LINKS_VALID_FOR

    def use(self, password: str) -> None:
        """Set the password of an account that this transaction has locked."""
        self.staff_user.set_password(password)
        self.staff_user.save(update_fields=["password"])
        self.used_at = timezone.now()
        self.save(update_fields=["used_at"])

    @classmethod
    def sweep(cls) -> int:
        """Delete the links that are too old. Returns the number of links deleted."""
        return cls.objects.filter(created_at__lt=timezone.now() - LINKS_VALID_FOR).delete()[0]


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
