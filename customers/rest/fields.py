"""Serializer fields that read a column of the store by the store's own rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import cache
from typing import Any, ClassVar

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.values import countries
from customers.values.text import is_blank, trimmed
from customers.values.validators import (
    METADATA_KEY_LENGTH,
    METADATA_KEYS,
    METADATA_VALUE_LENGTH,
    NOT_A_COUNTRY_NAME,
    validate_country,
    validate_metadata,
)


class StrictText(serializers.CharField):
    """A JSON string or null, kept as it is. Numbers and booleans are refused, not converted."""

    default_error_messages = {"type": "Must be a string."}

    def __init__(self, **options: Any) -> None:
        defaults = {"required": False, "allow_null": True, "allow_blank": True}
        super().__init__(**{**defaults, "trim_whitespace": False, **options})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str) and is_blank(data) and not self.allow_blank:
            self.fail("blank")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("type")
        return super().to_internal_value(data)

    def run_validators(self, value: Any) -> None:
        if not is_blank(value):  # blank text is absent, so there is nothing to validate
            super().run_validators(value)


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


class StrictNumber(serializers.IntegerField):
    """A JSON number that is whole. Texts and booleans are refused, not converted."""

    default_error_messages = {"type": "Must be a whole number."}

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("type")
        return data


class StoredNumber(StrictNumber):
    """The whole number of one column, with the column's own validators."""

    def __init__(self, model: type[models.Model], column: str, **options: Any) -> None:
        field: Any = model._meta.get_field(column)
        defaults = {"required": False, "allow_null": True}
        # Those of the database's type are of no interest: the column's own are narrower.
        super().__init__(validators=list(field._validators), **{**defaults, **options})


class CountryField(StrictText):
    """A country: read as alpha-2, alpha-3 or an English name, written as alpha-3."""

    default_error_messages = {"country": NOT_A_COUNTRY_NAME}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if is_blank(text):
            return ""
        code = countries.parse(text)
        if code is None:
            self.fail("country")
        return code

    def to_representation(self, value: Any) -> str:
        return countries.alpha3(value)


class Alpha2Field(StrictText):
    """A country as ISO 3166 alpha-2, in capitals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validators=[validate_country], **options)


class EmailField(StoredText):
    """The email of a customer or user; what cannot be seen around it is no part of it."""

    def to_internal_value(self, data: Any) -> str:
        return trimmed(super().to_internal_value(data))


class SecondsField(serializers.DateTimeField):
    """A time in UTC without a fraction, as `2024-01-15T10:30:00Z`."""

    def to_representation(self, value: Any) -> str:
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


class OneOf(serializers.ChoiceField):
    """One of some words. What is none of them is not repeated: it may be what must not be shown."""

    def __init__(self, choices: Sequence[Any], **options: Any) -> None:
        super().__init__(choices, **options)
        *words, last = map(str, self.choices)
        self.error_messages["invalid_choice"] = f"Must be one of {', '.join(words)} and {last}."


class Constant(serializers.ChoiceField):
    """A member that always has the same value, whatever the row."""

    def __init__(self, value: str, **options: Any) -> None:
        self.value = value
        super().__init__(choices=[value], read_only=True, source="*", **options)

    def to_representation(self, value: object) -> str:
        return self.value


class Computed(serializers.Field[Any, Any, Any, Any]):
    """Base of members that are made from `columns` of a row, in the order of these."""

    columns: ClassVar[tuple[str, ...]]

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, source="*", **options)

    def make(self, origin: str, *values: Any) -> Any:
        """The value on the wire. Links begin with `origin` (`https://host`)."""
        raise NotImplementedError

    def to_representation(self, instance: Any) -> Any:
        values = (getattr(instance, column) for column in self.columns)
        return self.make(self.context.get("origin", ""), *values)


class Described(serializers.Serializer[Any]):
    """Base of serializers whose members the OpenAPI document describes by their columns.

    A member's own `help_text` comes first.
    """

    meanings: ClassVar[Mapping[str, str]] = {}

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for name, field in fields.items():
            column = getattr(field, "column", None) or field.source or name
            if not field.help_text:
                field.help_text = self.meanings.get(column)
        return fields


class Body(Described):
    """Base of the serializers that read a request's body."""

    @classmethod
    def read(cls, data: Any, *, partial: bool = False) -> dict[str, Any]:
        """The validated values, by the store's fields. Raises DRF's ValidationError.

        One instance serves all requests: making one copies every field.
        """
        values: dict[str, Any] = _shared(cls, partial=partial).run_validation(data)
        return values


@cache
def _shared(body: type[Body], *, partial: bool) -> Body:
    return body(partial=partial)


@extend_schema_field(
    {
        "type": "object",
        "maxProperties": METADATA_KEYS,
        "propertyNames": {"maxLength": METADATA_KEY_LENGTH},
        "additionalProperties": {"type": "string", "maxLength": METADATA_VALUE_LENGTH},
    }
)
class MetadataField(serializers.JSONField):
    """Metadata: an object of strings within the store's limits, or null.

    An empty list is an empty object: PHP has one empty array for both.
    """

    def to_internal_value(self, data: Any) -> Any:
        return {} if data == [] else super().to_internal_value(data)

    def __init__(self, **options: Any) -> None:
        defaults = {"required": False, "allow_null": True, "validators": [validate_metadata]}
        super().__init__(**{**defaults, **options})


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class ShownMetadata(serializers.JSONField):
    """Metadata as it is stored."""


def wire_names(*tables: type[serializers.Serializer[Any]]) -> dict[str, str]:
    """The names of the store's fields in serializers: `{field: name}`. The first name counts.

    The members of an object within a body are named as `object.member`.
    """
    names: dict[str, str] = {}
    for table in tables:
        for name, field in table().fields.items():
            if isinstance(field, serializers.Serializer):
                for column, member in wire_names(type(field)).items():
                    names.setdefault(column, f"{name}.{member}")
            else:
                names.setdefault(str(field.source), name)
    return names


class WholeNumberField(serializers.IntegerField):
    """A number in a query, written with ASCII digits and nothing else but a minus sign."""

    _FORM = re.compile(r"-?[0-9]+", re.ASCII)

    def to_internal_value(self, data: Any) -> int:
        text = str(data)
        if not self._FORM.fullmatch(text):
            self.fail("invalid")
        return int(text[:19])  # a longer number is out of every range, and so are these digits
