"""How a customer pays. Never a card number: only what a receipt would show."""

import calendar
from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from customers.models.base import (
    BELONGS_TO_CUSTOMER,
    CustomerRelated,
    by_request,
    by_time,
    by_transaction,
    tracked,
)
from customers.models.columns import SmallNumberField, lines, text
from customers.models.constraints import TableConstraint
from customers.models.customer import Customer
from customers.models.organization import Organization
from customers.models.querysets import SearchedManager, VisibleQuerySet
from customers.models.search import search_index

_LAST4 = _("Give the last four digits, and only those.")
_MONTH = _("The expiry month is a number from 1 to 12.")
_YEAR = _("The expiry year has four digits.")
_WHOLE = _("Give the expiry's month and year, or neither.")


class PaymentMethodQuerySet(VisibleQuerySet["PaymentMethod"]):
    """Payment methods."""

    def expired(self, by: date) -> Self:
        """Those that have expired by a day. A card is valid until its month ends."""
        return self.filter(_over(by))

    def valid(self, on: date) -> Self:
        """Those that have not expired by a day, or never do."""
        return self.filter(models.Q(exp_year=None) | ~_over(on))


def _over(day: date) -> models.Q:
    return models.Q(exp_year__lt=day.year) | models.Q(exp_year=day.year, exp_month__lt=day.month)


@tracked(
    exclude=["search_text"],
    indexes=[
        models.Index(fields=["customer"], name="paymentmethodevent_customer"),
        by_request("paymentmethodevent_request"),
        by_time("paymentmethodevent_time"),
        by_transaction("paymentmethodevent_xid"),
    ],
)
class PaymentMethod(CustomerRelated):
    """A card or bank account that a payment processor keeps for a customer."""

    class Type(models.TextChoices):
        CARD = "card", "Card"
        STANDARD_ACH = "standard_ach", "Bank account (ACH)"

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="payment_methods", db_constraint=False
    )
    type = models.CharField(max_length=16, choices=Type.choices)
    brand = text(32, help_text="Of a card: visa, mastercard, …")
    last4 = text(
        4,
        help_text="The last four digits.",
        verbose_name="last four",
        validators=[RegexValidator(r"^[0-9]{4}\Z", _LAST4)],
    )
    exp_month = SmallNumberField(
        "expiry month",
        null=True,
        blank=True,
        validators=[MinValueValidator(1, _MONTH), MaxValueValidator(12, _MONTH)],
    )
    exp_year = SmallNumberField(
        "expiry year",
        null=True,
        blank=True,
        validators=[MinValueValidator(2000, _YEAR), MaxValueValidator(2199, _YEAR)],
    )
    bank_name = text()
    processor = text(64, help_text="Who keeps it: stripe, adyen, …")
    processor_token = text(help_text="The processor's name for it.")

    search_text = lines(
        *("brand", "last4", "bank_name"),
        models.Func("exp_month", "exp_year", function="customers_expiry"),
    )

    objects = SearchedManager.from_queryset(PaymentMethodQuerySet)()

    class Meta(CustomerRelated.Meta):
        constraints = [
            *CustomerRelated.Meta.constraints,
            # What a customer's default_payment_method refers to.
            models.UniqueConstraint(
                fields=["organization", "mode", "customer", "id"],
                name="paymentmethod_of_its_customer",
            ),
            models.CheckConstraint(
                condition=models.Q(type__in=["card", "standard_ach"]),
                name="paymentmethod_type_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(last4__regex=r"^[0-9]{4}$"),
                name="paymentmethod_last4_is_four_digits",
                violation_error_message=_LAST4,
            ),
            models.CheckConstraint(
                condition=models.Q(exp_month__range=(1, 12)),
                name="paymentmethod_exp_month_is_month",
                violation_error_message=_MONTH,
            ),
            models.CheckConstraint(
                condition=models.Q(exp_year__range=(2000, 2199)),
                name="paymentmethod_exp_year_is_year",
                violation_error_message=_YEAR,
            ),
            models.CheckConstraint(
                condition=models.Q(exp_month=None, exp_year=None)
                | models.Q(exp_month__isnull=False, exp_year__isnull=False),
                name="paymentmethod_expiry_is_whole",
                violation_error_message=_WHOLE,
            ),
            TableConstraint(name="paymentmethod_customer_in_organization", sql=BELONGS_TO_CUSTOMER),
        ]
        indexes = [
            models.Index(
                fields=["organization", "mode", "exp_year", "exp_month", "customer"],
                name="paymentmethod_expiry",
            ),
            search_index("paymentmethod_search"),
        ]

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Check each field, and that the expiry is whole (code `incomplete`)."""
        super().clean_fields(exclude=exclude)
        if (self.exp_month is None) is (self.exp_year is None):
            return
        checked = [name for name in ("exp_year", "exp_month") if name not in (exclude or ())]
        if checked:
            raise ValidationError({checked[0]: ValidationError(_WHOLE, code="incomplete")})

    def __str__(self) -> str:
        kind = self.brand or self.bank_name or self.get_type_display()
        return f"{kind} •••• {self.last4}" if self.last4 else str(kind)

    @classmethod
    @transaction.atomic
    def bring_back(cls, removal: Any) -> Self:
        """As for every row; like the first one, it becomes the default if there is none."""
        method = super().bring_back(removal)
        customer = method.customer
        customer.lock()
        if customer.default_payment_method_id is None:
            customer.set_default_payment_method(method)
        return method

    @property
    def is_default(self) -> bool:
        """Whether it is its customer's default payment method."""
        return bool(self.customer.default_payment_method_id == self.pk)

    def has_expired(self, today: date | None = None) -> bool:
        """Whether it has expired. A card is valid until its month ends."""
        if self.exp_year is None or self.exp_month is None:
            return False
        last_day = calendar.monthrange(self.exp_year, self.exp_month)[1]
        return (today or datetime.now(UTC).date()) > date(self.exp_year, self.exp_month, last_day)
