"""What forms over the store have in common: they refuse what the database would, in its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from customers.card_numbers import contains_card_number
from customers.validators import IS_CARD_NUMBER

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

# Ids of other systems may be any number.
_LONG_IDS = ("external_id", "processor_reference")


class ForgetsCardNumbers(forms.BaseForm):
    """A form that does not show a card number again, whatever it is refused for."""

    data: Any

    def full_clean(self) -> None:
        super().full_clean()
        if not self.errors:
            return
        self.data = self.data.copy()
        for name, values in list(self.data.lists()):
            if not name.endswith(_LONG_IDS):
                kept = ["" if contains_card_number(text) else text for text in values]
                self.data.setlist(name, kept)
        # Django's own messages repeat what is no valid choice.
        for name, errors in self.errors.items():
            if any(contains_card_number(str(message)) for message in errors):
                self.errors[name] = self.error_class([ValidationError(IS_CARD_NUMBER)])


class PlainForm(ForgetsCardNumbers, forms.Form):
    """A form over no row."""


class StoreForm(ForgetsCardNumbers, ModelForm):
    """A form over a row that belongs to an organization and a mode."""

    #: Fields that uniqueness is by, though the form does not show them.
    hidden_in_uniqueness = frozenset({"organization", "mode", "customer", "archived_at"})

    def full_clean(self) -> None:
        super().full_clean()
        for name, errors in self.errors.as_data().items():
            if any(error.code == "card_number" for error in errors) and hasattr(
                self.instance, name
            ):
                setattr(self.instance, name, None)  # a page may be headed by it

    def _get_validation_exclusions(self) -> set[str]:
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions - self.hidden_in_uniqueness
