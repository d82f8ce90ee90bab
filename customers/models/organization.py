"""The organizations that bill: everything in the store belongs to one."""

import pgtrigger
from django.conf import settings
from django.db import models

from customers.models.base import Mode, Versioned, tracked
from customers.models.columns import TextField
from customers.models.querysets import OrganizationQuerySet
from customers.values.validators import validate_no_card_number, validate_storable


@tracked()
class Organization(Versioned):
    """A company that bills, with its own customers, credentials and staff."""

    slug = models.SlugField(unique=True, help_text="Short name for commands.")
    name = TextField(max_length=255, validators=[validate_storable, validate_no_card_number])
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="Membership",
        related_name="organizations",
        blank=True,
        help_text="Who sees this organization's data in the admin.",
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta(Versioned.Meta):
        ordering = ["name", "pk"]
        triggers = [
            *Versioned.Meta.triggers,
            pgtrigger.Trigger(
                name="count_customers",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=" ".join(
                    [
                        *(f"PERFORM customers_numbers(NEW.id, '{mode}');" for mode in Mode.values),
                        "RETURN NULL;",
                    ]
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


@tracked()
class Membership(models.Model):
    """Lets a staff member see an organization's data."""

    organization = models.ForeignKey(Organization, models.CASCADE)
    staff_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)

    class Meta:
        verbose_name = "member of staff"
        verbose_name_plural = "members of staff"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "staff_user"], name="membership_once_per_organization"
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_user} of {self.organization}"
