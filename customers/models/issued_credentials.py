"""The credentials of API consumers: API keys, and the OAuth clients that get access tokens."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import DatabaseError, models, transaction
from django.utils import timezone
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import AbstractApplication

from customers.models.base import Identified, Mode, TenantModel, absent_if_blank, tracked
from customers.models.columns import ArrayField, TextField, text
from customers.models.credential import Actor, Credential, Tenant
from customers.models.errors import CredentialEnded
from customers.models.organization import Organization
from customers.models.querysets import ApiKeyQuerySet
from customers.models.scopes import SCOPES, all_scopes
from customers.values.api_keys import digest, generate_api_key
from customers.values.demo_credentials import is_refused
from customers.values.validators import validate_no_card_number, validate_storable

logger = logging.getLogger(__name__)

# How old `last_used_at` may get before it is updated: not with every request.
LAST_USED_PRECISION = timedelta(minutes=1)


class IssuedCredential(TenantModel):
    """What API keys and OAuth clients share: access to one organization's data in one mode."""

    name: Any

    organization = models.ForeignKey(Organization, models.PROTECT)
    scopes = ArrayField(
        models.CharField(max_length=32, choices=list(SCOPES.items())), default=all_scopes
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def identifier(self) -> str:
        """What it is looked up by."""
        raise NotImplementedError

    def generate_secret(self) -> str:
        """Generate the secret of an unsaved credential, and return it."""
        raise NotImplementedError

    @property
    def actor(self) -> Actor:
        """The actor in the history of what is changed with it."""
        raise NotImplementedError

    @property
    def credential(self) -> Credential:
        """What a request with it may do, and whose data it sees."""
        return Credential(self.tenant, frozenset(self.scopes), self.actor)

    @classmethod
    def visible_to(cls, tenant: Tenant) -> models.QuerySet[Self]:
        """The tenant's credentials of this kind."""
        return cls._default_manager.filter(**tenant.columns)

    @classmethod
    def ending(cls, tenant: Tenant, within: timedelta) -> models.QuerySet[Self]:
        """Those of the tenant that are accepted now, and expire soon."""
        now = timezone.now()
        return cls.visible_to(tenant).filter(
            revoked_at=None, expires_at__gt=now, expires_at__lte=now + within
        )

    @classmethod
    def issue(
        cls,
        organization: Organization,
        mode: str,
        *,
        name: str | None = None,
        scopes: list[str] | None = None,
        expires_at: datetime | None = None,
    ) -> tuple[Self, str]:
        """Create a credential. Returns it and its secret, which cannot be shown again."""
        issued = cls(organization=organization, mode=mode, expires_at=expires_at)
        if absent_if_blank(name) is not None:
            issued.name = name
        if scopes is not None:
            issued.scopes = scopes
        secret = issued.generate_secret()
        issued.full_clean()
        issued.save(force_insert=True)
        return issued, secret

    @property
    def is_active(self) -> bool:
        """Whether it is accepted: neither revoked, nor expired, nor the demo's with DEBUG off."""
        return (
            self.revoked_at is None
            and (self.expires_at is None or timezone.now() < self.expires_at)
            and not is_refused(self.identifier)
        )

    @transaction.atomic
    def revoke(self) -> None:
        """Refuse it from now on. Does nothing if it is revoked already."""
        self.refresh_from_db(from_queryset=type(self)._default_manager.select_for_update())
        if self.revoked_at is None:
            self.revoked_at = timezone.now()
            self.save(update_fields=["revoked_at"])

    @transaction.atomic
    def rotate(self, overlap: timedelta) -> tuple[Self, str]:
        """Issue a credential with the same access, and let this one expire after `overlap`.

        Returns the new credential and its secret.

        Raises:
            CredentialEnded: this one is revoked or has expired, so there is nothing to replace.
        """
        self.refresh_from_db(from_queryset=type(self)._default_manager.select_for_update())
        if not self.is_active:
            raise CredentialEnded
        new, secret = self.issue(
            self.organization,
            self.mode,
            name=self.name or "",
            scopes=self.scopes,
            expires_at=self.expires_at,
        )
        if overlap <= timedelta():
            self.revoke()
            return new, secret
        end = timezone.now() + overlap
        if self.expires_at is None or end < self.expires_at:
            self.expires_at = end
            self.save(update_fields=["expires_at"])
        return new, secret

    def touch_last_used(self) -> None:
        """Keep `last_used_at` accurate to a minute.

        A failure is only logged: a standby database still answers reads.
        """
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > LAST_USED_PRECISION:
            try:
                type(self)._default_manager.filter(pk=self.pk).update(last_used_at=now)
            except DatabaseError:
                logger.warning("last_used_at of %s was not updated", self)


@tracked(exclude=["digest", "last_used_at"])
class ApiKey(IssuedCredential, Identified):
    """A key of 43 characters that is shown once. Only its SHA-256 is kept."""

    name = text(help_text="What it is for.")
    digest = models.CharField(max_length=64, editable=False)
    prefix = models.CharField(max_length=9, editable=False)
    last4 = models.CharField(max_length=4, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta(Identified.Meta):
        verbose_name = "API key"
        ordering = ["-pk"]
        constraints = [
            *Identified.Meta.constraints,
            models.UniqueConstraint(fields=["digest"], name="apikey_digest_unique"),
            models.CheckConstraint(
                condition=models.Q(mode__in=Mode.values), name="apikey_mode_is_live_or_test"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}…{self.last4}"

    def generate_secret(self) -> str:
        """Generate the secret of an unsaved key, and return it."""
        secret = generate_api_key(self.mode)
        self.digest, self.prefix, self.last4 = digest(secret), secret[:9], secret[-4:]
        return secret

    @property
    def identifier(self) -> str:
        return self.digest

    @property
    def actor(self) -> Actor:
        return Actor("api_key", str(self.pk), f"{self} {self.name}" if self.name else str(self))


@tracked(exclude=["client_secret", "last_used_at"])
class OAuthClient(IssuedCredential, AbstractApplication):
    """An OAuth 2.0 client of the client credentials grant (RFC 6749, 4.4)."""

    name = TextField(
        max_length=255, blank=True, validators=[validate_storable, validate_no_card_number]
    )

    class Meta(AbstractApplication.Meta):
        abstract = False
        verbose_name = "OAuth client"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mode__in=Mode.values), name="oauthclient_mode_is_live_or_test"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name or self.client_id)

    def generate_secret(self) -> str:
        """Generate the secret of an unsaved client (hashed when saved), and return it."""
        self.client_type = self.CLIENT_CONFIDENTIAL
        self.authorization_grant_type = self.GRANT_CLIENT_CREDENTIALS
        secret: str = generate_client_secret()
        self.client_secret = secret
        return secret

    @property
    def identifier(self) -> str:
        return str(self.client_id)

    def is_usable(self, request: object) -> bool:
        """Called by django-oauth-toolkit before it issues a token."""
        return self.is_active

    @property
    def actor(self) -> Actor:
        return Actor("oauth_client", self.client_id, str(self))
