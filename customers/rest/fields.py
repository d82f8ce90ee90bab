"""Serializer fields that read a column of the store by the store's own rules."""

from __future__ import annotations

from typing import Any

from django.db import models
from rest_framework import serializers

from customers import countries


class StrictText(serializers.CharField):
    """A JSON string or null, kept as it is. Numbers and booleans are refused, not made to text."""

    default_error_messages = {"invalid": "Must be a string."}

    def __init__(self, **options: Any) -> None:
        defaults = {"required": False, "allow_null": True, "allow_blank": True}
        super().__init__(**{**defaults, "trim_whitespace": False, **options})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StoredText(StrictText):
    """The text of one column, under the wire's name for it, with the column's own validators."""

    def __init__(self, model: type[models.Model], column: str, **options: Any) -> None:
        self.column = column
        field = model._meta.get_field(column)
        assert isinstance(field, models.CharField)
        super().__init__(validators=list(field.validators), **options)

    def bind(self, field_name: str, parent: Any) -> None:
        if field_name != self.column:
            self.source = self.column
        super().bind(field_name, parent)

    def run_validators(self, value: Any) -> None:
        if value.strip():  # blank text is absent: it has no form to be wrong in
            super().run_validators(value)


class CountryField(StrictText):
    """A country: read as alpha-2, alpha-3 or an English name, told as alpha-3."""

    default_error_messages = {
        "country": (
            "This is not a country. Give a two-letter code (DE), a three-letter code (DEU) "
            "or an English name (Germany)."
        )
    }

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not text.strip():
            return ""
        code = countries.parse(text)
        if code is None:
            self.fail("country")
        return code

    def to_representation(self, value: Any) -> str:
        return countries.alpha3(value)
