"""Forms for organizations, customers, and their users and payment methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import UniqueConstraint
from django.utils.translation import gettext as _

from customers.forms import StoreForm
from customers.models import Customer, Organization, PaymentMethod
from customers.models.base import CustomerRelated
from customers.models.errors import VersionMismatch

if TYPE_CHECKING:
    RelatedFormSetBase = forms.BaseInlineFormSet[Any, Customer, Any]
else:
    RelatedFormSetBase = forms.BaseInlineFormSet


class VersionedForm(StoreForm):
    """A form that saves only over the version that the person saw.

    A person who may only view the row gets a form without the row's fields.
    """

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seen_version", self.instance.version)

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - {"seen_version"})

    @property
    def changes(self) -> dict[str, Any]:
        """The row's fields that the person changed, with their new values."""
        names = {field.name for field in self.instance._meta.fields}
        return {name: self.cleaned_data[name] for name in self.changed_data if name in names}

    @property
    def expecting(self) -> list[Any]:
        """The version that the person saw, as the models' methods take it."""
        return [self.cleaned_data.get("seen_version")]

    def clean(self) -> dict[str, Any] | None:
        """Lock the row until it is saved: the whole view is one transaction."""
        if self.instance.pk is not None and self.has_changed():
            try:
                self.instance.lock(self.expecting)
            except (VersionMismatch, ObjectDoesNotExist):
                raise ValidationError(
                    _(
                        "Someone changed this %(what)s while you were editing. Nothing was saved. "
                        "Open it again, look at what changed, and repeat your change."
                    ),
                    code="version",
                    params={"what": self.instance._meta.verbose_name},
                ) from None
        return super().clean()


class OrganizationForm(VersionedForm):
    """An organization."""

    class Meta:
        model = Organization
        fields = ["name", "slug"]


class CustomerForm(VersionedForm):
    """A customer."""

    class Meta:
        model = Customer
        fields = [
            *("organization", "mode", "name", "legal_name", "email", "phone"),
            *("address_line1", "address_line2", "postal_code", "city", "state", "country"),
            *("external_id", "reference", "processor_reference", "ein", "legal_number"),
            *("default_payment_method", "url", "logo_url", "metadata"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if metadata := self.fields.get("metadata"):
            metadata.show_hidden_initial = False
        if choice := self.fields.get("default_payment_method"):
            own = PaymentMethod.objects.filter(customer=self.instance.pk or None)
            choice.queryset = own  # type: ignore[attr-defined]

    def clean_metadata(self) -> object:
        metadata = self.cleaned_data["metadata"]
        return {} if metadata is None else metadata

    def clean(self) -> dict[str, Any] | None:
        """Lock the payment methods before their customer, as the store's own methods do.

        In another order, two writers could each wait for the row that the other holds.
        """
        if self.instance.pk is not None and self.has_changed():
            own = list(self.instance.payment_methods.select_for_update().order_by("pk"))
            chosen = self.cleaned_data.get("default_payment_method")
            if chosen is not None and chosen not in own:
                self.add_error(
                    "default_payment_method",
                    ValidationError(_("Someone removed this payment method."), code="removed"),
                )
        return super().clean()


class RelatedForm(VersionedForm):
    """A row that has the organization and mode of its customer."""

    def validate_unique(self) -> None:
        """Check uniqueness within the customer too, which Django leaves out of an inline."""
        super().validate_unique()
        exclusions = self._get_validation_exclusions()
        for constraint in self.instance._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                try:
                    constraint.validate(type(self.instance), self.instance, exclusions)
                except ValidationError as error:
                    self.add_error(None, error)

    def _get_validation_exclusions(self) -> set[str]:
        exclusions = super()._get_validation_exclusions()
        return exclusions if self.instance.customer_id else exclusions | self.hidden_in_uniqueness


class RelatedFormSet(RelatedFormSetBase):
    """The users or the payment methods of a customer."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.instance.organization_id = self.instance.organization_id
        form.instance.mode = self.instance.mode
        return form

    def clean(self) -> None:
        """Refuse to delete a row that someone else changed: Django ignores errors of its form."""
        super().clean()
        deleted = [form for form in self.forms if self._is_deleted(form)]
        errors = [error for form in deleted for error in form.non_field_errors().as_data()]
        if changed := [error for error in errors if error.code == "version"]:
            raise ValidationError(changed)

    def _is_deleted(self, form: Any) -> bool:
        return bool(self.can_delete and form.cleaned_data.get("DELETE"))

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        obj.revise(form.changes, expecting=form.expecting)
        return obj

    def delete_existing(self, obj: CustomerRelated, commit: bool = True) -> None:  # noqa: FBT001, FBT002
        obj.remove(expecting=[obj.version])  # its form locked it at the version that was seen


class UserFormSet(RelatedFormSet):
    """The users of a customer."""

    def clean(self) -> None:
        """Refuse an email that two new rows share: the database has neither of them yet."""
        super().clean()
        emails = [
            form.cleaned_data["email"].lower()
            for form in self.forms
            if form.is_valid() and form.cleaned_data.get("email") and not self._is_deleted(form)
        ]
        if len(set(emails)) < len(emails):
            raise ValidationError(_("Two users have the same email."), code="unique")

    def save_new(self, form: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        return self.instance.add_user(**form.changes)


class PaymentMethodFormSet(RelatedFormSet):
    """The payment methods of a customer."""

    def save_new(self, form: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        return self.instance.add_payment_method(**form.changes)
