"""Customers that someone chose in a list, to do the same to all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models.base import Identified, Mode, TenantModel
from customers.models.credential import Tenant
from customers.models.customer import Customer
from customers.models.errors import Refusal
from customers.models.organization import Organization
from customers.models.querysets import CustomerQuerySet, VisibleQuerySet

SELECTIONS_KEPT_FOR = timedelta(hours=24)
#: How many customers one has at most.
MOST = 10_000


class NoneChosen(Refusal):
    """A selection of no customers."""

    message = _("Select at least one customer first.")
    code = "none_chosen"


class TooMany(Refusal):
    """More customers than a selection may have."""

    code = "too_many"

    @property
    def message(self) -> str:
        text = gettext("These are more than %(most)s customers. Filter the list first.")
        return text % {"most": f"{MOST:,}"}


class Selection(TenantModel, Identified):
    """Customers at the versions that they had when they were chosen, and what is to be done.

    It never changes until that is done: what someone confirms is what they saw, however the list
    changes meanwhile.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, db_index=False)
    query = models.TextField(default="", help_text="Of the list, to go back to it.")
    versions = models.JSONField(help_text="{id: version}")
    action = models.CharField(max_length=7)
    values = models.JSONField(null=True, help_text="What an edit writes.")
    done_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict, help_text="What was done, once it is.")

    objects = VisibleQuerySet["Selection"].as_manager()

    class Meta(Identified.Meta):
        constraints = [
            *Identified.Meta.constraints,
            models.CheckConstraint(
                condition=Q(mode__in=Mode.values), name="selection_mode_is_live_or_test"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {len(self.versions)}"

    @classmethod
    def choose(
        cls, tenant: Tenant, rows: CustomerQuerySet, *, action: str, query: str
    ) -> Selection:
        """Keep the customers of `rows`. Raises NoneChosen, TooMany."""
        versions = dict(rows.order_by("-pk").values_list("pk", "version")[: MOST + 1])
        if not versions:
            raise NoneChosen
        if len(versions) > MOST:
            raise TooMany
        return cls.objects.create(
            **tenant.columns,
            action=action,
            query=query,
            versions={str(id): version for id, version in versions.items()},
        )

    def to_write(self, values: Mapping[str, Any]) -> Selection:
        """Another selection of the same customers, to write these values."""
        return Selection.objects.create(
            **self.tenant.columns,
            action=self.action,
            query=self.query,
            versions=self.versions,
            values=dict(values),
        )

    @property
    def seen(self) -> dict[UUID, int]:
        """The version of each customer by its id, in the order of ids: writers lock in that."""
        return {UUID(id): version for id, version in sorted(self.versions.items())}

    @property
    def customers(self) -> CustomerQuerySet:
        """Its customers as they are now."""
        return Customer.objects.visible_to(self.tenant).filter(pk__in=list(self.seen))

    @classmethod
    def sweep(cls) -> int:
        """Delete what is older than 24 hours. Returns the number of selections deleted."""
        return cls.objects.filter(created_at__lt=timezone.now() - SELECTIONS_KEPT_FOR).delete()[0]
