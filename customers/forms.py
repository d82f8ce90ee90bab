"""Base classes of forms: they check the store's rules, and never repeat a card number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property

from customers.models import Customer
from customers.values.card_numbers import contains_card_number
from customers.values.validators import IS_CARD_NUMBER, LONGEST_TEXT

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


class ForgetsCardNumbers(forms.BaseForm):
    """A form that never shows a submitted card number again, whichever field is invalid."""

    data: Any

    def full_clean(self) -> None:
        super().full_clean()
        if not self.errors:
            return
        self.data = without_card_numbers(self.data)
        # Django's messages repeat an invalid choice.
        for name, errors in self.errors.items():
            if any(contains_card_number(str(message)) for message in errors):
                self.errors[name] = self.error_class([ValidationError(IS_CARD_NUMBER)])


def without_card_numbers(data: QueryDict) -> QueryDict:
    """A copy of submitted data in which card numbers are empty, wherever they must not be."""
    copy = data.copy()
    for name, values in data.lists():
        if not name.endswith(Customer.LONG_NUMBERS):
            copy.setlist(name, ["" if _is_hidden(text) else text for text in values])
    return copy


def _is_hidden(text: str) -> bool:
    # No field holds longer text. It is not searched, so that an attacker cannot make that work.
    return len(text) > LONGEST_TEXT or contains_card_number(text)


class PlainForm(ForgetsCardNumbers, forms.Form):
    """A form without a model."""


class StoreForm(ForgetsCardNumbers, ModelForm):
    """A form for a row of one organization and mode."""

    #: Fields of unique constraints that the form does not show.
    hidden_in_uniqueness = frozenset({"organization", "mode", "customer", "archived_at"})

    def seen(self, name: str) -> Any:
        """Return the value that the form showed, as it is stored."""
        return self.get_initial_for_field(self.fields[name], name)

    def untouched(self, name: str) -> bool:
        """Whether a text or metadata was submitted as the form showed it."""
        self.is_valid()  # a formset calls this before it validates
        seen = self.seen(name)
        return isinstance(seen, str | dict) and self.cleaned_data.get(name) == seen

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if not self.untouched(name)]

    def _clean_fields(self) -> None:
        """Keep the line breaks and outer spaces of values that the person did not edit."""
        super()._clean_fields()  # type: ignore[misc]
        for name, value in self.cleaned_data.items():
            if not isinstance(self.fields[name], forms.JSONField):  # JSON escapes line breaks
                self.cleaned_data[name] = as_given(value, self.seen(name))

    def full_clean(self) -> None:
        super().full_clean()
        for name, errors in self.errors.as_data().items():
            if any(error.code == "card_number" for error in errors) and hasattr(
                self.instance, name
            ):
                setattr(self.instance, name, None)  # the page's heading may show it

    def _get_validation_exclusions(self) -> set[str]:
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions - self.hidden_in_uniqueness


def as_given(value: Any, before: Any) -> Any:
    """Return the submitted value of a field, or its value `before` if the person did not edit it.

    Browsers drop line breaks and Django strips spaces: a value that differs only in these was not
    edited.
    """
    if isinstance(value, dict) and isinstance(before, dict):
        return _metadata_as_given(value, before)
    return before if _as_submitted(value) == _as_submitted(before) else value


def _metadata_as_given(value: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    # Inputs may show several keys alike: a key that came back exactly as stored is that key.
    stored = {_as_submitted(key): key for key in before if key not in value}
    keys = {key: key if key in before else stored.pop(_as_submitted(key), key) for key in value}
    return {keys[key]: as_given(text, before.get(keys[key])) for key, text in value.items()}


def _as_submitted(value: Any) -> Any:
    return re.sub(r"[\r\n]+", "", value).strip() if isinstance(value, str) else value
