"""The people who act for a customer."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from customers.models.base import (
    BELONGS_TO_CUSTOMER,
    CustomerRelated,
    by_request,
    by_time,
    by_transaction,
    tracked,
)
from customers.models.columns import email_address, lines, text
from customers.models.constraints import TableConstraint
from customers.models.customer import Customer
from customers.models.organization import Organization
from customers.models.querysets import SearchedManager, VisibleQuerySet
from customers.models.search import search_index
from customers.values.text import balanced


@tracked(
    exclude=["search_text"],
    indexes=[
        models.Index(fields=["customer"], name="customeruserevent_customer"),
        by_request("customeruserevent_request"),
        by_time("customeruserevent_time"),
        by_transaction("customeruserevent_xid"),
    ],
)
class CustomerUser(CustomerRelated):
    """A person who acts for one customer; for several, the same person is several rows."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="users", db_constraint=False
    )
    email = email_address()
    first_name = text()
    last_name = text()

    search_text = lines("email", "first_name", "last_name")

    objects = SearchedManager.from_queryset(VisibleQuerySet)()

    class Meta(CustomerRelated.Meta):
        verbose_name = "user"
        constraints = [
            *CustomerRelated.Meta.constraints,
            models.UniqueConstraint(
                "organization",
                "customer",
                Lower("email"),
                name="customeruser_email_unique_per_customer",
                violation_error_message="This customer already has a user with this email.",
            ),
            models.CheckConstraint(
                condition=models.Q(version__gt=1)
                | models.Q(email__isnull=False)
                | models.Q(first_name__isnull=False)
                | models.Q(last_name__isnull=False),
                name="customeruser_begins_with_something",
                violation_error_message="Give an email or a name.",
            ),
            TableConstraint(name="customeruser_customer_in_organization", sql=BELONGS_TO_CUSTOMER),
        ]
        indexes = [search_index("customeruser_search")]

    def clean(self) -> None:
        """Refuse a new user without an email or a name (code `empty`)."""
        if self._state.adding and not (self.email or self.first_name or self.last_name):
            raise ValidationError(_("Give an email or a name."), code="empty")

    def __str__(self) -> str:
        name = " ".join(filter(None, [self.first_name, self.last_name])) or self.email
        return balanced(name) if name else str(self.pk)
