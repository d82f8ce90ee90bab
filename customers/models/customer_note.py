"""Notes that staff write about a customer. No API shows them."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.text import Truncator

from customers.models.base import BELONGS_TO_CUSTOMER, CustomerRelated, by_request, by_time, tracked
from customers.models.columns import TextField
from customers.models.constraints import TableConstraint
from customers.models.customer import Customer
from customers.models.errors import refusals
from customers.models.organization import Organization
from customers.models.querysets import VisibleQuerySet
from customers.values.validators import validate_no_card_number, validate_storable

LONGEST_NOTE = 2000  # characters
_TITLE = 60


@tracked(
    indexes=[
        models.Index(fields=["customer"], name="customernoteevent_customer"),
        by_request("customernoteevent_request"),
        by_time("customernoteevent_time"),
    ],
)
class CustomerNote(CustomerRelated):
    """What a member of staff wrote about a customer, for the others."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="notes", db_constraint=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_constraint=False,
        editable=False,
    )
    author_label = models.CharField(max_length=150, editable=False)
    text = TextField(
        "note",
        max_length=LONGEST_NOTE,
        validators=[validate_storable, validate_no_card_number],
    )
    is_pinned = models.BooleanField("pinned", default=False)

    objects = VisibleQuerySet["CustomerNote"].as_manager()

    class Meta(CustomerRelated.Meta):
        verbose_name = "note"
        constraints = [
            *CustomerRelated.Meta.constraints,
            TableConstraint(name="customernote_customer_in_organization", sql=BELONGS_TO_CUSTOMER),
        ]

    def __str__(self) -> str:
        return Truncator(self.text).chars(_TITLE)

    @classmethod
    def write_about(cls, customer: Customer, *, author: Any, **values: object) -> Self:
        """Write a new note. `author` is a member of staff.

        Raises:
            ValidationError: keyed by field.
        """
        note = cls(
            **customer.tenant.columns,
            customer=customer,
            author=author,
            author_label=author.get_username(),
            **values,
        )
        note.clean_fields()
        with refusals():
            note.save(force_insert=True)
        return note
