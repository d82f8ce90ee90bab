"""The forms of the back office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.backoffice.metadata import PairsField
from customers.forms import PlainForm, StoreForm
from customers.models import Customer, CustomerUser, PaymentMethod
from customers.values.validators import REASON_RULES, validate_metadata

FIELDSETS = (
    (_("Who"), ("name", "legal_name", "email", "phone", "url", "logo_url")),
    (
        _("Address"),
        ("address_line1", "address_line2", "postal_code", "city", "state", "country"),
    ),
    (
        _("Identifiers"),
        ("external_id", "reference", "processor_reference", "ein", "legal_number"),
    ),
    (_("Metadata"), ("metadata",)),
)


def reason_field() -> forms.CharField:
    """A field for the reason of a change."""
    return forms.CharField(
        label=_("Reason"),
        required=False,
        help_text=_("Shown in the history."),
        validators=REASON_RULES,
    )


class ReasonForm(PlainForm):
    """A form with the reason of an action."""

    reason = reason_field()


class VersionForm(ReasonForm):
    """The reason of an action, and the version of the row that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class RowForm(StoreForm):
    """A form for a row, with the version that the person saw and the reason of the change."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version

    def was_sent(self, name: str) -> bool:
        """Whether the request has the field. A field that it does not have is not changed."""
        widget = self.fields[name].widget
        return not widget.value_omitted_from_data(self.data, self.files, name)

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values of the row's own fields."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class CustomerForm(RowForm):
    """A customer."""

    metadata = PairsField(label=_("Metadata"), required=False, validators=[validate_metadata])

    class Meta:
        model = Customer
        fields = [name for _legend, names in FIELDSETS for name in names]


class UserForm(RowForm):
    """A person who acts for a customer."""

    class Meta:
        model = CustomerUser
        fields = ["email", "first_name", "last_name"]


class PaymentMethodForm(RowForm):
    """A payment method: what a receipt shows, and the processor's token."""

    class Meta:
        model = PaymentMethod
        fields = [
            *("type", "brand", "last4", "exp_month", "exp_year", "bank_name"),
            *("processor", "processor_token"),
        ]
