"""The numbers on the back office's home page, which are counted from time to time."""

from __future__ import annotations

from django.db import models

from customers.models.base import TenantModel
from customers.models.customer import Customer
from customers.models.organization import Organization
from customers.models.querysets import VisibleQuerySet


class Figures(TenantModel):
    """The numbers of one organization in one mode, as they were at `taken_at`.

    `numbers` is as `customers.insights.figures.count` makes it.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, db_index=False)
    taken_at = models.DateTimeField()
    numbers = models.JSONField()

    objects = VisibleQuerySet["Figures"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "mode"], name="figures_once_per_organization_and_mode"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.mode} {self.taken_at:%Y-%m-%d %H:%M}"


class PossibleDuplicate(models.Model):
    """A live customer that looks like another one, as of the figures of the same time."""

    customer = models.OneToOneField(
        Customer,
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="possible_duplicate",
    )

    def __str__(self) -> str:
        return str(self.customer_id)
