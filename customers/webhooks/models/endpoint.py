"""Endpoints: the addresses to which a tenant's events are sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.insights.events import TYPES, Position, last_position
from customers.models.base import Mode, TenantModel, Versioned, tracked
from customers.models.columns import ArrayField, TextField, text
from customers.models.credential import Tenant
from customers.models.organization import Organization
from customers.models.querysets import VisibleQuerySet
from customers.staff.encryption import decrypt, encrypt
from customers.values.validators import validate_no_card_number, validate_storable
from customers.webhooks.addresses import validate_endpoint_url
from customers.webhooks.signing import generate_secret

MOST_ENDPOINTS = 20  # of one organization and mode


class EndpointQuerySet(VisibleQuerySet["WebhookEndpoint"]):
    """Endpoints."""

    def visible_to(self, tenant: Tenant) -> EndpointQuerySet:
        """The tenant's endpoints that are not removed."""
        return super().visible_to(tenant).filter(removed_at=None)

    def switched_on(self) -> EndpointQuerySet:
        """Those to which events are sent."""
        return self.filter(is_enabled=True, removed_at=None)

    def given_up(self) -> EndpointQuerySet:
        """Those that were switched off because deliveries failed for days."""
        return self.filter(is_enabled=False, given_up_at__isnull=False)


def validate_types(types: Collection[str]) -> None:
    """Refuse a type that no event has (code `choice`)."""
    unknown = sorted(set(types) - set(TYPES))
    if unknown:
        raise ValidationError(
            _("There is no such type of event. There are: %(types)s."),
            code="choice",
            params={"types": ", ".join(TYPES)},
        )


@tracked(exclude=["secret", "former_secret"])
class WebhookEndpoint(TenantModel, Versioned):
    """An address to which events are sent, with the secret that signs them.

    Its secrets are encrypted. It is removed by a mark; `sweep` deletes it with its last delivery.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    url = TextField(
        "URL",
        max_length=2048,
        validators=[validate_storable, validate_no_card_number, validate_endpoint_url],
        help_text="An https address. Each event is sent there by POST.",
    )
    description = text(help_text="What it is for.")
    types = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        validators=[validate_types],
        help_text="The types of events that are sent; none for all.",
    )
    is_enabled = models.BooleanField("on", default=True)
    given_up_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    secret = models.TextField(editable=False)
    former_secret = models.TextField(null=True, blank=True, editable=False)
    former_secret_ends_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = EndpointQuerySet.as_manager()

    #: What someone may write.
    WRITABLE = frozenset({"url", "description", "types", "is_enabled"})

    class Meta(Versioned.Meta):
        verbose_name = "webhook endpoint"
        constraints = [
            *Versioned.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "mode", "id"], name="webhookendpoint_in_its_organization"
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=Mode.values),
                name="webhookendpoint_mode_is_live_or_test",
            ),
        ]

    def __str__(self) -> str:
        return str(self.url)

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.description or self.url)

    # --- Verbs -----------------------------------------------------------------------------------

    @classmethod
    @transaction.atomic
    def create(cls, tenant: Tenant, values: Mapping[str, Any]) -> tuple[WebhookEndpoint, str]:
        """Create an endpoint, which gets the events from now on. Returns it and its secret.

        Raises:
            ValidationError: keyed by field.
        """
        endpoint = cls(**tenant.columns, **values)
        endpoint.clean_fields(exclude={"organization", "secret"})
        if cls.objects.visible_to(tenant).count() >= MOST_ENDPOINTS:
            raise ValidationError({"url": ValidationError(TOO_MANY, code="limit")})
        endpoint.pk = cls._meta.pk.get_pk_value_on_save(endpoint)
        secret = endpoint._new_secret()
        endpoint.save(force_insert=True)
        FeedPosition(**tenant.columns, endpoint=endpoint).move_to(last_position(tenant))
        return endpoint, secret

    def write(self, changes: Mapping[str, object]) -> None:
        if changes.get("is_enabled"):
            changes = {**changes, "given_up_at": None}
        super().write(changes)

    @transaction.atomic
    def remove(self, *, expecting: Collection[int] | None = None) -> None:
        """Send nothing there any more, and show it nowhere.

        Raises:
            VersionMismatch: as `lock`.
        """
        self.lock(expecting)
        super().write({"is_enabled": False, "removed_at": timezone.now()})

    @transaction.atomic
    def rotate(self, overlap: timedelta, *, expecting: Collection[int] | None = None) -> str:
        """Give it a new secret. Until `overlap` is over, the former one signs too.

        Raises:
            VersionMismatch: as `lock`.
        """
        self.lock(expecting)
        former = self.secret if overlap > timedelta() else None
        secret = self._new_secret()
        super().write(
            {
                "former_secret": former,
                "former_secret_ends_at": timezone.now() + overlap if former else None,
            }
        )
        self.save(update_fields=["secret"])
        self.refresh_from_db(fields=["version", "updated_at"])
        return secret

    def give_up(self) -> None:
        """Switch it off because deliveries failed for days."""
        self.revise({"is_enabled": False, "given_up_at": timezone.now()})

    # --- Secrets ---------------------------------------------------------------------------------

    def secrets(self, at: datetime) -> list[str]:
        """The secrets that sign at this time, the newest first. Raises Unreadable."""
        kept = [self.secret]
        if self.former_secret and self.former_secret_ends_at and at < self.former_secret_ends_at:
            kept.append(self.former_secret)
        return [decrypt(secret, self._owner).decode() for secret in kept]

    def _new_secret(self) -> str:
        secret = generate_secret()
        self.secret = encrypt(secret.encode(), self._owner)
        return secret

    @property
    def _owner(self) -> str:
        return f"webhook {self.pk}"


TOO_MANY = _("There are 20 endpoints already. Remove one first.")


class PositionQuerySet(VisibleQuerySet["FeedPosition"]):
    """Positions of endpoints."""

    def lock(self, endpoint: WebhookEndpoint, *, wait: bool) -> FeedPosition | None:
        """The endpoint's position, locked until the transaction ends.

        None if it is not to be waited for, and another transaction has it.
        """
        rows = self.visible_to(endpoint.tenant).filter(endpoint=endpoint)
        return rows.select_for_update(skip_locked=not wait).first()


class FeedPosition(TenantModel):
    """How far an endpoint has followed the feed of events.

    Who holds its lock makes deliveries of the endpoint, or postpones some: one at a time.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    endpoint = models.ForeignKey(
        WebhookEndpoint, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    xid = models.BigIntegerField()
    kind = models.SmallIntegerField()
    number = models.BigIntegerField()

    objects = PositionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "mode", "endpoint"], name="feedposition_one_per_endpoint"
            ),
        ]

    def __str__(self) -> str:
        return str(self.position)

    @property
    def position(self) -> Position:
        """Where it has come to."""
        return Position(self.xid, self.kind, self.number)

    def move_to(self, position: Position) -> None:
        """Go on from there."""
        self.xid, self.kind, self.number = position
        self.save()
