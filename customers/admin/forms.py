"""The forms of a customer and of what belongs to it, which refuse what the database would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import UniqueConstraint
from django.utils.translation import gettext as _

from customers.forms import StoreForm
from customers.models import Customer, CustomerUser, Organization, PaymentMethod

if TYPE_CHECKING:
    RelatedFormSetBase = forms.BaseInlineFormSet[Any, Customer, Any]
else:
    RelatedFormSetBase = forms.BaseInlineFormSet


class VersionedForm(StoreForm):
    """A form that is saved only over the version that the person saw."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - {"seen_version"})

    def clean(self) -> dict[str, Any] | None:
        """Hold the row until it is saved (the admin's view is one transaction)."""
        if self.instance.pk is not None and self.has_changed():
            rows = type(self.instance)._default_manager.select_for_update()
            stored = rows.filter(pk=self.instance.pk).values_list("version", flat=True).first()
            if stored != self.cleaned_data.get("seen_version"):
                raise ValidationError(
                    _(
                        "Someone changed this %(what)s while you were editing. Nothing was saved. "
                        "Open it again, look at what changed, and repeat your change."
                    ),
                    code="version",
                    params={"what": self.instance._meta.verbose_name},
                )
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
        self.fields["metadata"].show_hidden_initial = False
        if choice := self.fields.get("default_payment_method"):
            own = PaymentMethod.objects.filter(customer=self.instance.pk or None)
            choice.queryset = own  # type: ignore[attr-defined]

    def clean_metadata(self) -> object:
        metadata = self.cleaned_data["metadata"]
        return {} if metadata is None else metadata


class RelatedForm(VersionedForm):
    """A row that takes its organization and mode from its customer."""

    def validate_unique(self) -> None:
        """Check uniqueness within the customer, which Django leaves out for an inline."""
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
        """Refuse an email given twice among rows that are all new, which no query would find."""
        super().clean()
        if self.model is not CustomerUser:
            return
        emails = [
            form.cleaned_data["email"].lower()
            for form in self.forms
            if form.is_valid() and form.cleaned_data.get("email") and not self._is_deleted(form)
        ]
        if len(set(emails)) < len(emails):
            raise ValidationError(_("Two users have the same email."), code="unique")

    def _is_deleted(self, form: Any) -> bool:
        return bool(self.can_delete and form.cleaned_data.get("DELETE"))
