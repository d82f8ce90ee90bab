"""Deliveries of events to endpoints, and the attempts at them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Max, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.base import TenantModel
from customers.models.constraints import TableConstraint
from customers.models.organization import Organization
from customers.models.querysets import VisibleQuerySet
from customers.webhooks.messages import TEST_EVENT, trial_message
from customers.webhooks.models.endpoint import WebhookEndpoint

ATTEMPTS_SHOWN = 20


class DeliveryQuerySet(VisibleQuerySet["Delivery"]):
    """Deliveries."""

    def to(self, endpoint: WebhookEndpoint) -> Self:
        """Those to an endpoint."""
        return self.visible_to(endpoint.tenant).filter(endpoint=endpoint)

    def waiting(self) -> Self:
        """Those that are to be sent, now or later."""
        return self.filter(state=Delivery.State.WAITING)

    def due(self, at: datetime) -> Self:
        """Those that are to be sent by this time, in order: of one customer, the oldest first."""
        return self.waiting().filter(due_at__lte=at).order_by("due_at", "id")

    def held_up(self, customers: Collection[UUID], at: datetime) -> dict[UUID, datetime]:
        """Until when the deliveries of customers wait for an earlier one to be tried again."""
        rows = self.waiting().filter(customer_id__in=customers, due_at__gt=at)
        return dict(rows.order_by().values_list("customer_id").annotate(Max("due_at")))

    def postpone(self, customer_id: UUID, until: datetime) -> None:
        """Let those of a customer wait until an earlier one is tried again."""
        rows = self.waiting().filter(customer_id=customer_id, due_at__lt=until)
        rows.update(due_at=until)

    def of_events_within(self, since: datetime, until: datetime) -> Self:
        """Those of events of a range of time."""
        return self.filter(event_at__gte=since, event_at__lt=until)

    def with_attempts(self) -> Self:
        """With the latest attempts at each, as `latest_attempts`."""
        latest = Attempt.objects.order_by("-pk")[:ATTEMPTS_SHOWN]
        return self.prefetch_related(Prefetch("attempts", latest, to_attr="latest_attempts"))

    def redeliver(self) -> int:
        """Send those again that are no longer waiting. Returns how many."""
        done = self.exclude(state=Delivery.State.WAITING)
        return done.update(
            state=Delivery.State.WAITING, due_at=timezone.now(), failures=0, finished_at=None
        )


class Delivery(TenantModel):
    """An event that is sent to an endpoint until it is accepted, or given up after three days."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Given up")

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    endpoint = models.ForeignKey(
        WebhookEndpoint,
        models.CASCADE,
        related_name="deliveries",
        db_constraint=False,
        db_index=False,
    )
    event_id = models.CharField(max_length=100)
    event_type = models.CharField(max_length=40)
    event_at = models.DateTimeField()
    customer_id = models.UUIDField(null=True)
    body = models.TextField(help_text="What is sent, to the byte.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveSmallIntegerField(default=0, help_text="Since it was last begun.")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    latest_attempts: list[Attempt]
    """Of rows that were read `with_attempts`."""

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            # What attempts refer to, and the order of an endpoint's list.
            models.UniqueConstraint(
                fields=["organization", "mode", "endpoint", "id"],
                name="delivery_of_its_endpoint",
            ),
            models.UniqueConstraint(
                fields=["organization", "mode", "endpoint", "event_id"],
                name="delivery_once_per_event",
            ),
            TableConstraint(
                name="delivery_endpoint_in_organization",
                sql="FOREIGN KEY (organization_id, mode, endpoint_id)"
                " REFERENCES webhooks_webhookendpoint (organization_id, mode, id)"
                " DEFERRABLE INITIALLY DEFERRED",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "mode", "endpoint", "due_at", "id"],
                condition=Q(state="waiting"),
                name="delivery_due",
            ),
            models.Index(
                fields=["organization", "mode", "endpoint", "customer_id"],
                condition=Q(state="waiting"),
                name="delivery_of_customer",
            ),
        ]

    def __str__(self) -> str:
        return self.event_id

    @classmethod
    def send_test(cls, endpoint: WebhookEndpoint) -> Delivery:
        """Send a test event to an endpoint."""
        id, now = f"test_{uuid4().hex}", timezone.now()
        delivery = cls.objects.create(
            **endpoint.tenant.columns,
            endpoint=endpoint,
            event_id=id,
            event_type=TEST_EVENT,
            event_at=now,
            body=trial_message(id, now),
        )
        delivery.latest_attempts = []
        return delivery

    @classmethod
    def sweep(cls) -> int:
        """Delete what was done longer ago than it is kept, and removed endpoints with nothing left.

        Returns the number of deliveries deleted.
        """
        oldest = timezone.now() - timedelta(days=settings.WEBHOOK_KEPT_DAYS)
        old = cls.objects.filter(finished_at__lt=oldest)
        old |= cls.objects.filter(endpoint__removed_at__lt=oldest)
        Attempt.objects.filter(delivery__in=old.values("pk")).delete()
        count = old.delete()[1].get(cls._meta.label, 0)
        WebhookEndpoint.objects.filter(removed_at__lt=oldest).delete()
        return count


class Attempt(TenantModel):
    """One request: when, how long, and what came back."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    endpoint = models.ForeignKey(
        WebhookEndpoint, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    delivery = models.ForeignKey(
        Delivery, models.CASCADE, related_name="attempts", db_constraint=False, db_index=False
    )
    made_at = models.DateTimeField()
    duration = models.FloatField(help_text="In seconds.")
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=255, default="")
    answer = models.TextField(default="", help_text="The first kilobyte, as text.")

    class Meta:
        constraints = [
            TableConstraint(
                name="attempt_delivery_in_organization",
                sql="FOREIGN KEY (organization_id, mode, endpoint_id, delivery_id)"
                " REFERENCES webhooks_delivery (organization_id, mode, endpoint_id, id)"
                " DEFERRABLE INITIALLY DEFERRED",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "mode", "endpoint", "delivery", "id"],
                name="attempt_of_delivery",
            ),
        ]

    def __str__(self) -> str:
        return str(self.status or self.error)
