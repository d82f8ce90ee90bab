"""What forms over the store have in common: they refuse what the database would, in its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


class StoreForm(ModelForm):
    """A form over a row that belongs to an organization and a mode."""

    #: Fields that uniqueness is by, though the form does not show them.
    hidden_in_uniqueness = frozenset({"organization", "mode", "customer", "archived_at"})

    def full_clean(self) -> None:
        """Validate, and do not show a refused card number again."""
        super().full_clean()
        for name, errors in self.errors.as_data().items():
            if any(error.code == "card_number" for error in errors):
                self.data = self.data.copy()  # type: ignore[attr-defined]
                self.forget(name)

    def forget(self, name: str) -> None:
        """Drop what was given for a field."""
        self.data[self.add_prefix(name)] = ""  # type: ignore[index]
        if hasattr(self.instance, name):
            setattr(self.instance, name, None)

    def _get_validation_exclusions(self) -> set[str]:
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions - self.hidden_in_uniqueness
