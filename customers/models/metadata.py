"""Metadata: an object of strings, as a column and as a form field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput

from customers.models.columns import JSONField


class MetadataFormField(forms.JSONField):
    """JSON that a person typed; what is nested too deep to parse is invalid."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return InvalidJSONInput(data)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return super().has_changed(initial, data)
        except RecursionError:
            return True


class MetadataField(JSONField):
    """An object of strings. An empty list or string is invalid, not empty metadata."""

    empty_values = [None]

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": MetadataFormField, **kwargs})
