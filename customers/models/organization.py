"""The organizations that bill: everything in the store belongs to one."""

from django.conf import settings
from django.db import models

from customers.models.base import Versioned, tracked
from customers.querysets import OrganizationQuerySet


@tracked()
class Organization(Versioned):
    """A company that bills, with its own customers, credentials and staff."""

    slug = models.SlugField(unique=True, help_text="Short name for commands.")
    name = models.CharField(max_length=255)
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="organizations",
        blank=True,
        help_text="Who sees this organization's data in the admin.",
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta(Versioned.Meta):
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
