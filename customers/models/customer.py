"""The customer: the one record that every contract reads and writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.base import (
    Mode,
    TenantModel,
    Versioned,
    as_stored,
    by_request,
    by_time,
    by_transaction,
    tracked,
)
from customers.models.columns import (
    CountryField,
    NumberField,
    email_address,
    lines,
    long_number,
    text,
)
from customers.models.constraints import TableConstraint
from customers.models.errors import ExternalIdTaken, refusals
from customers.models.metadata import MetadataField
from customers.models.organization import Organization
from customers.models.querysets import CustomerQuerySet, SearchedManager
from customers.models.search import digits_of, heading, search_index, values_of
from customers.values import countries
from customers.values.card_numbers import parted_card_number
from customers.values.text import balanced
from customers.values.validators import (
    NOT_A_COUNTRY,
    PARTED_CARD_NUMBER,
    validate_country,
    validate_ein,
    validate_metadata,
    validate_web_url,
)

if TYPE_CHECKING:
    from customers.models.customer_user import CustomerUser
    from customers.models.payment_method import PaymentMethod


@tracked(
    exclude=["search_text", "sequential_id"],
    indexes=[
        by_request("customerevent_request"),
        by_time("customerevent_time"),
        by_transaction("customerevent_xid"),
    ],
)
class Customer(TenantModel, Versioned):
    """Someone who pays an organization: a company, or a person."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="customers", db_index=False
    )

    external_id = long_number(help_text="The caller's own id, unique among live customers.")
    processor_reference = long_number(
        help_text="The id in an integrated outside system, such as Stripe's cus_…."
    )
    reference = text(help_text="A free label, not unique.")
    email = email_address()
    name = text()
    legal_name = text()
    legal_number = long_number(help_text="Company registration number.")
    ein = text(10, validators=[validate_ein], verbose_name="EIN", help_text="As 12-3456789.")
    address_line1 = text(verbose_name="address line 1")
    address_line2 = text(verbose_name="address line 2")
    city = text()
    state = text()
    postal_code = text()
    country = CountryField(
        max_length=2,
        null=True,
        blank=True,
        choices=countries.choices,
        validators=[validate_country],
        # Django's own message repeats the value, which may be what must not be shown.
        error_messages={"invalid_choice": NOT_A_COUNTRY},
    )
    phone = long_number()
    url = text(2048, validators=[validate_web_url], verbose_name="URL")
    logo_url = text(2048, validators=[validate_web_url], verbose_name="logo URL")
    metadata = MetadataField(default=dict, blank=True, validators=[validate_metadata])
    default_payment_method = models.ForeignKey(
        "PaymentMethod",
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
    )
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: Counted for each organization and mode in the order of creation. It is never another
    #: customer's, and is not history: it never changes.
    sequential_id = NumberField()
    search_text = lines(
        *("name", "legal_name", "legal_number", "ein", "email", "external_id"),
        *("processor_reference", "reference", "address_line1", "address_line2", "city", "state"),
        *("postal_code", "url", "logo_url", "phone"),
        digits_of("phone"),
        values_of("metadata"),
    )

    objects = SearchedManager.from_queryset(CustomerQuerySet)()

    #: The fields that `register`, `upsert` and `revise` take.
    WRITABLE = frozenset(
        {
            "external_id",
            "processor_reference",
            "reference",
            "email",
            "name",
            "legal_name",
            "legal_number",
            "ein",
            "address_line1",
            "address_line2",
            "city",
            "state",
            "postal_code",
            "country",
            "phone",
            "url",
            "logo_url",
            "metadata",
        }
    )

    MAY_BE_TAKEN = frozenset({"external_id", "archived_at"})

    #: Fields in which any long number is right, so they are not checked for card numbers.
    LONG_NUMBERS = ("external_id", "processor_reference", "legal_number", "phone")

    #: Texts that stand one after the other, over which a card number may be parted.
    READ_TOGETHER = (
        *("name", "legal_name", "reference"),
        *("address_line1", "address_line2", "city", "state", "postal_code"),
    )

    class Meta(Versioned.Meta):
        constraints = [
            *Versioned.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "mode", "external_id"],
                condition=models.Q(archived_at=None),
                name="customer_external_id_unique_among_live",
                violation_error_message="Another live customer has this external id.",
            ),
            # What composite foreign keys to a customer refer to.
            models.UniqueConstraint(
                fields=["organization", "mode", "id"], name="customer_in_its_organization"
            ),
            models.UniqueConstraint(
                fields=["organization", "mode", "sequential_id"],
                name="customer_sequential_id_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=Mode.values), name="customer_mode_is_live_or_test"
            ),
            TableConstraint(
                name="customer_country_is_iso", sql="CHECK (customers_is_country(country))"
            ),
            models.CheckConstraint(
                condition=~models.Q(external_id=""), name="customer_external_id_not_empty"
            ),
            TableConstraint(
                name="customer_begins_with_something",
                sql=(
                    "CHECK (version > 1 OR num_nonnulls(external_id, processor_reference,"
                    " reference, email, name, legal_name, legal_number, ein, address_line1,"
                    " address_line2, city, state, postal_code, country, phone, url, logo_url) > 0"
                    " OR metadata <> '{}')"
                ),
            ),
            TableConstraint(
                name="customer_metadata_is_object", sql="CHECK (jsonb_typeof(metadata) = 'object')"
            ),
            # The default must be one of the customer's own.
            TableConstraint(
                name="customer_default_payment_method_is_its_own",
                sql=(
                    "FOREIGN KEY (organization_id, mode, id, default_payment_method_id)"
                    " REFERENCES customers_paymentmethod (organization_id, mode, customer_id, id)"
                    " DEFERRABLE INITIALLY DEFERRED"
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "mode", "id"],
                condition=models.Q(archived_at=None),
                name="customer_live",
            ),
            models.Index(
                "organization",
                "mode",
                Lower("email"),
                condition=models.Q(archived_at=None),
                name="customer_live_email",
            ),
            models.Index(
                fields=["organization", "mode", "id"],
                condition=models.Q(archived_at__isnull=False),
                name="customer_archived",
            ),
            models.Index(fields=["organization", "mode", "country", "id"], name="customer_country"),
            models.Index(
                fields=["organization", "mode", "updated_at", "id"], name="customer_updated"
            ),
            models.Index("organization", "mode", heading(), "id", name="customer_heading"),
            search_index("customer_search"),
        ]
        triggers = [
            *Versioned.Meta.triggers,
            pgtrigger.Trigger(
                name="give_number",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "NEW.sequential_id = customers_number("
                    "NEW.organization_id, NEW.mode, NEW.sequential_id); RETURN NEW;"
                ),
            ),
            pgtrigger.Trigger(
                name="keep_number",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("sequential_id"),  # type: ignore[no-untyped-call]
                func="NEW.sequential_id = OLD.sequential_id; RETURN NEW;",
            ),
        ]
        permissions = [
            ("import_customer", "Can import customers"),
            ("export_customer", "Can export customers"),
        ]

    def __str__(self) -> str:
        name = self.name or self.legal_name or self.email or self.external_id
        return balanced(name) if name else str(self.pk)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Check each field, and that no card number is parted over several (code `card_number`)."""
        super().clean_fields(exclude=exclude)
        texts = {name: getattr(self, name) for name in self.READ_TOGETHER}
        checked = [name for name in parted_card_number(texts) if name not in (exclude or ())]
        if checked:
            raise ValidationError(
                {checked[-1]: ValidationError(PARTED_CARD_NUMBER, code="card_number")}
            )

    def clean(self) -> None:
        """Refuse a new customer without any value (code `empty`)."""
        if self._state.adding and not any(getattr(self, name) for name in self.WRITABLE):
            raise ValidationError(_("Give at least a name, an email or an id."), code="empty")

    # --- Verbs -----------------------------------------------------------------------------------

    @transaction.atomic
    def revise(
        self,
        changes: Mapping[str, object],
        *,
        expecting: Collection[int] | None = None,
        email_must_be_free: bool = False,
    ) -> None:
        """Write the given fields and no others.

        `email_must_be_free` refuses a new email that a live customer has, ignoring case.

        Raises:
            EmailTaken: by another live customer.
            Others: as `Versioned.revise`.
        """
        self.lock(expecting)
        email = as_stored("email", changes.get("email"))
        if email_must_be_free and isinstance(email, str) and email != self.email:
            Customer.objects.claim_email(self.tenant, email, but_for=self.pk)
        self.write(changes)

    def write(self, changes: Mapping[str, object]) -> None:
        self._write(Customer.writable(changes))

    @transaction.atomic
    def merge(
        self, changes: Mapping[str, object], *, expecting: Collection[int] | None = None
    ) -> None:
        """Like `revise`, but of metadata only the given keys are written; None removes one."""
        self.lock(expecting)
        given = changes.get("metadata")
        if isinstance(given, dict):
            merged = {**self.metadata, **given}
            removed = {key for key, value in given.items() if value is None}
            kept = {key: value for key, value in merged.items() if key not in removed}
            changes = {**changes, "metadata": kept}
        self.write(changes)

    @transaction.atomic
    def archive(self, *, expecting: Collection[int] | None = None) -> None:
        """Remove the customer from every list and free its external id, unless that is done."""
        self.lock(expecting)
        if self.archived_at is None:
            self._write({"archived_at": timezone.now()})

    @transaction.atomic
    def restore(self, *, expecting: Collection[int] | None = None) -> None:
        """Undo `archive`. Does nothing to a live customer.

        Raises:
            ExternalIdTaken: another live customer has its external id.
        """
        self.lock(expecting)
        self._write({"archived_at": None})

    @transaction.atomic
    def set_default_payment_method(
        self, method: PaymentMethod | None, *, expecting: Collection[int] | None = None
    ) -> None:
        """Make one of its payment methods the default one, or none.

        Raises:
            VersionMismatch: as `lock`.
            PaymentMethod.DoesNotExist: someone removed it meanwhile.
        """
        if method is not None:
            method.lock()  # before the customer, as `remove` does: the two cannot deadlock
        self.lock(expecting)
        self._write({"default_payment_method": method})

    @transaction.atomic
    def add_user(
        self,
        *,
        email: str | None = None,
        first_name: str | None = None,
        last_name: str | None = None,
        expecting: Collection[int] | None = None,
    ) -> CustomerUser:
        """Add a person who acts for the customer.

        Raises:
            ValidationError: keyed by field.
            UserEmailTaken: the customer has a user with this email, ignoring case.
            VersionMismatch: as `lock`.
        """
        if expecting is not None:
            self.lock(expecting)
        user = self.users.model(
            **self.tenant.columns,
            customer=self,
            email=as_stored("email", email),
            first_name=as_stored("first_name", first_name),
            last_name=as_stored("last_name", last_name),
        )
        user.clean_fields()
        user.clean()
        with refusals():
            user.save(force_insert=True)
        return user

    @transaction.atomic
    def add_payment_method(
        self, *, expecting: Collection[int] | None = None, **values: object
    ) -> PaymentMethod:
        """Add a way to pay; the first one becomes the default.

        Raises:
            ValidationError: keyed by field.
            Refusal: for a rule of payment methods.
            VersionMismatch: as `lock`.
        """
        if expecting is not None:
            self.lock(expecting)
        method = self.payment_methods.model(
            **self.tenant.columns,
            customer=self,
            **{name: as_stored(name, value) for name, value in values.items()},
        )
        method.clean_fields()
        with refusals():
            method.save(force_insert=True)
            self.lock()
            if self.default_payment_method_id is None:
                self._write({"default_payment_method": method})
        return method

    @classmethod
    def writable(cls, values: Mapping[str, object]) -> dict[str, object]:
        """`values` as they are stored: None for blank text, {} for absent metadata.

        Raises:
            TypeError: a field is not in `WRITABLE`, which is a programming error.
        """
        if unknown := values.keys() - cls.WRITABLE:
            raise TypeError(f"not writable: {', '.join(sorted(unknown))}")
        return {name: cls.as_stored(name, value) for name, value in values.items()}

    @staticmethod
    def as_stored(name: str, value: object) -> object:
        """The value of a field as it is stored."""
        if name == "metadata":
            return {} if value is None else value
        return as_stored(name, value)

    def _write(self, values: Mapping[str, object]) -> None:
        try:
            super()._write(values)
        except ExternalIdTaken:
            raise ExternalIdTaken(self._holder_of_external_id()) from None

    def _holder_of_external_id(self) -> UUID | None:
        live = Customer.objects.visible_to(self.tenant).live()
        holders = live.filter(external_id=self.external_id)
        return holders.values_list("pk", flat=True).first()
