"""Lists of customers that someone has given a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from customers.models.base import Identified
from customers.models.organization import Organization


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Saved views."""

    def for_person(self, organization: Organization, user: object) -> SavedViewQuerySet:
        """A person's own in an organization, and those that colleagues share there."""
        return self.filter(Q(owner=user) | Q(is_shared=True), organization=organization)


class SavedView(Identified):
    """The query of a list of customers under a name: filters, order and columns.

    It is of one organization, and shows its live or its test data. `is_shared` shows it to all who
    belong to the organization.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, db_index=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    query = models.TextField()
    is_shared = models.BooleanField(default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta(Identified.Meta):
        ordering = ["name", "pk"]
        constraints = [
            *Identified.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "owner", "name"], name="savedview_name_once_per_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.name
