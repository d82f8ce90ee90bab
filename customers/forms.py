"""What forms over the store have in common: they refuse what the database would, in its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from customers.models import Customer
from customers.values.card_numbers import contains_card_number
from customers.values.validators import IS_CARD_NUMBER, LONGEST_TEXT

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


class ForgetsCardNumbers(forms.BaseForm):
    """A form that does not show a card number again, whatever it is refused for."""

    data: Any

    def full_clean(self) -> None:
        super().full_clean()
        if not self.errors:
            return
        self.data = self.data.copy()
        for name, values in list(self.data.lists()):
            if not name.endswith(Customer.LONG_IDS):
                kept = ["" if _is_hidden(text) else text for text in values]
                self.data.setlist(name, kept)
        # Django's own messages repeat what is no valid choice.
        for name, errors in self.errors.items():
            if any(contains_card_number(str(message)) for message in errors):
                self.errors[name] = self.error_class([ValidationError(IS_CARD_NUMBER)])


def _is_hidden(text: str) -> bool:
    # What no field could hold is not looked through: that would be work for an attacker to give.
    return len(text) > LONGEST_TEXT or contains_card_number(text)


class PlainForm(ForgetsCardNumbers, forms.Form):
    """A form over no row."""


class StoreForm(ForgetsCardNumbers, ModelForm):
    """A form over a row that belongs to an organization and a mode."""

    #: Fields that uniqueness is by, though the form does not show them.
    hidden_in_uniqueness = frozenset({"organization", "mode", "customer", "archived_at"})

    def seen(self, name: str) -> Any:
        """What the person saw in a field, as it is stored."""
        return self.get_initial_for_field(self.fields[name], name)

    def untouched(self, name: str) -> bool:
        """Whether a text or metadata came back as the person saw it."""
        self.is_valid()  # a formset asks before it cleans
        seen = self.seen(name)
        return isinstance(seen, str | dict) and self.cleaned_data.get(name) == seen

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if not self.untouched(name)]

    def _clean_fields(self) -> None:
        """Leave as it is stored what the person did not touch: line ends, spaces around it."""
        super()._clean_fields()  # type: ignore[misc]
        for name, value in self.cleaned_data.items():
            if not isinstance(self.fields[name], forms.JSONField):  # JSON says its line ends
                self.cleaned_data[name] = as_given(value, self.seen(name))

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


def as_given(value: Any, before: Any) -> Any:
    """What a person gave for a field that was `before`.

    An input drops ends of lines, and its ends are stripped: where nothing else differs the field
    was not touched, and stays as it is stored.
    """
    if isinstance(value, dict) and isinstance(before, dict):
        return _metadata_as_given(value, before)
    return before if _in_an_input(value) == _in_an_input(before) else value


def _metadata_as_given(value: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    # Of keys that inputs make alike, each that came back as it is stored stays itself.
    stored = {_in_an_input(key): key for key in before if key not in value}
    keys = {key: key if key in before else stored.pop(_in_an_input(key), key) for key in value}
    return {keys[key]: as_given(text, before.get(keys[key])) for key, text in value.items()}


def _in_an_input(value: Any) -> Any:
    return re.sub(r"[\r\n]+", "", value).strip() if isinstance(value, str) else value
