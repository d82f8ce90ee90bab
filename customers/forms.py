"""What forms over the store have in common: they refuse what the database would, in its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from customers.card_numbers import contains_card_number
from customers.validators import IS_CARD_NUMBER

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

# Ids of other systems may be any number.
_LONG_IDS = ("external_id", "processor_reference")


def comes_back(sent: Any, stored: str) -> bool:
    """Whether a browser sends this for an input with the stored text that nobody touched.

    An input of one line leaves line ends out; a hidden one sends each as CR LF.
    """
    lines = stored.replace("\r\n", "\n").replace("\r", "\n")
    return sent in (stored, lines.replace("\n", ""), lines.replace("\n", "\r\n"))


def _as_seen(sent: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata with the keys and texts that nobody touched as they are stored."""
    found = {}
    for key, text in sent.items():
        gone = (old for old in seen if old not in sent and comes_back(key, old))
        stored = key if key in seen else next(gone, key)
        is_same = stored in seen and comes_back(text, seen[stored])
        found[stored] = seen[stored] if is_same else text
    return found


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

    def seen(self, name: str) -> Any:
        """What the person saw in a field, as it is stored."""
        return self.get_initial_for_field(self.fields[name], name)

    def untouched(self, name: str) -> bool:
        """Whether a field came back as a browser sends what the person saw in it."""
        seen = self.seen(name)
        if isinstance(seen, str):
            return comes_back(self[name].data, seen)
        return isinstance(seen, dict) and self.cleaned_data.get(name) == seen

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if not self.untouched(name)]

    def _clean_fields(self) -> None:
        """Leave as it is stored what the person did not touch: line ends, spaces around it."""
        super()._clean_fields()  # type: ignore[misc]
        for name, value in self.cleaned_data.items():
            seen = self.seen(name)
            # What is written as JSON says its line ends.
            is_json = isinstance(self.fields[name], forms.JSONField)
            if isinstance(seen, dict) and isinstance(value, dict) and not is_json:
                self.cleaned_data[name] = _as_seen(value, seen)
            elif self.untouched(name):
                self.cleaned_data[name] = seen

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
