"""The forms of the back office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.backoffice.metadata import PairsField
from customers.forms import PlainForm, StoreForm
from customers.models import Customer, CustomerNote, CustomerUser, PaymentMethod
from customers.models.base import as_stored
from customers.values.addresses import envelope_order
from customers.values.validators import (
    REASON_RULES,
    validate_metadata,
)

ADDRESS = ("address_line1", "address_line2", "postal_code", "city", "state", "country")
FIELDSETS = (
    (_("Who"), ("name", "legal_name", "email", "phone", "url", "logo_url")),
    (_("Address"), ADDRESS),
    (
        _("Identifiers"),
        ("external_id", "reference", "processor_reference", "ein", "legal_number"),
    ),
    (_("Metadata"), ("metadata",)),
    (_("Why"), ("reason",)),
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

    @property
    def stored(self) -> dict[str, Any]:
        """The values that the request has and that are valid, as they would be stored."""
        if not self.is_bound:
            return {}
        self.is_valid()  # what is not is left out
        return {
            name: as_stored(name, self.cleaned_data[name])
            for name in self._meta.fields or ()
            if name in self.cleaned_data and self.was_sent(name)
        }


class CustomerForm(RowForm):
    """A customer."""

    metadata = PairsField(label=_("Metadata"), required=False, validators=[validate_metadata])

    class Meta:
        model = Customer
        fields = [name for _legend, names in FIELDSETS for name in names if name != "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for _legend, names in self._in_order() for name in names])

    @property
    def fieldsets(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Legends with their fields; the address is in the order of its country's envelopes."""
        return [(legend, [self[name] for name in names]) for legend, names in self._in_order()]

    def _in_order(self) -> list[tuple[Any, Sequence[str]]]:
        address = envelope_order(self["country"].value())
        return [(legend, address if names == ADDRESS else names) for legend, names in FIELDSETS]


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


class NoteForm(RowForm):
    """A note about a customer, which is its own reason."""

    reason = None  # type: ignore[assignment]

    class Meta:
        model = CustomerNote
        fields = ["text", "is_pinned"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
