"""Pairs of customers that someone said are not the same one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from customers.models.base import BELONGS_TO_CUSTOMER, TenantModel
from customers.models.constraints import TableConstraint
from customers.models.customer import Customer
from customers.models.figures import PossibleDuplicate
from customers.models.organization import Organization
from customers.models.querysets import VisibleQuerySet


class NotDuplicateQuerySet(VisibleQuerySet["NotDuplicate"]):
    """Pairs of customers, each in both orders."""

    def get_by_natural_key(self, customer: UUID, other: UUID) -> NotDuplicate:
        """The row of a pair in this order."""
        return self.get(customer=customer, other=other)


class NotDuplicate(TenantModel):
    """One order of a pair: a customer, and another that is not the same. Both orders are stored."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="not_duplicates", db_constraint=False
    )
    other = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_constraint=False)
    said_by_label = models.CharField(max_length=150)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_constraint=False,
    )
    said_at = models.DateTimeField(default=timezone.now)

    objects = NotDuplicateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "mode", "customer", "other"], name="notduplicate_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(customer=models.F("other")), name="notduplicate_of_two"
            ),
            TableConstraint(name="notduplicate_customer_in_organization", sql=BELONGS_TO_CUSTOMER),
            TableConstraint(
                name="notduplicate_other_in_organization",
                sql=BELONGS_TO_CUSTOMER.replace("customer_id)", "other_id)", 1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.other_id}"

    def natural_key(self) -> tuple[UUID, UUID]:
        """By which a fixture knows the row, whose number differs from one database to another."""
        return self.customer_id, self.other_id

    @classmethod
    def say(cls, one: Customer, other: Customer, *, by: Any) -> None:
        """Remember that two customers of one tenant are not the same. `by` is a member of staff."""
        NotDuplicate.objects.bulk_create(
            [
                NotDuplicate(
                    **one.tenant.columns,
                    customer=customer,
                    other=another,
                    said_by=by,
                    said_by_label=by.get_username(),
                )
                for customer, another in ((one, other), (other, one))
            ],
            ignore_conflicts=True,
        )

    @classmethod
    @transaction.atomic
    def take_back(cls, one: Customer, other: Customer) -> None:
        """Forget it: they are possible duplicates again, until the next count looks at them."""
        both = cls.objects.visible_to(one.tenant)
        both.filter(customer=one, other=other).delete()
        both.filter(customer=other, other=one).delete()
        marks = [PossibleDuplicate(customer=customer) for customer in (one, other)]
        PossibleDuplicate.objects.bulk_create(marks, ignore_conflicts=True)
