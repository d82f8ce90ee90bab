"""Filters of lists: django-filter's FilterSets, whose errors are raised as `InvalidQuery`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import QuerySet
from django.http import QueryDict
from django_filters.constants import EMPTY_VALUES
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ErrorDetail

from customers.models import Customer
from customers.models.search import field_is_one_of
from customers.rest.problems import InvalidQuery


def may_repeat(name: str) -> bool:
    """Whether a parameter of this name has several values, as Rails and PHP read it."""
    return name.endswith("[]")


class FilterSet(django_filters.FilterSet):
    """Filters that are independent of each other.

    One instance serves all requests: making one for each takes longer than reading a page.
    """

    #: Filters whose SQL depends on the value, so that it cannot be compiled for the next one.
    BY_VALUE: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def depends_on_values(cls, asked: Iterable[str]) -> bool:
        """Whether the query with these filters must be built anew for their values."""
        return not cls.BY_VALUE.isdisjoint(asked)

    @classmethod
    def has_parameter(cls, name: str) -> bool:
        """Whether it reads a query parameter of this name."""
        return name in cls.base_filters

    @classmethod
    def read(cls, query: QueryDict) -> dict[str, Any]:
        """The values of the filters that a query has, but empty ones. Raises InvalidQuery."""
        values, wrong = {}, {}
        for name, given in _shared(cls).filters.items():
            if name not in query:
                continue
            try:
                value = given.field.clean(query.getlist(name) if may_repeat(name) else query[name])
            except ValidationError as error:
                wrong[name] = [
                    ErrorDetail(text, each.code)
                    for each in error.error_list
                    for text in each.messages
                ]
            else:
                if value not in EMPTY_VALUES:
                    values[name] = value
        if wrong:
            raise InvalidQuery(wrong)
        return values

    @classmethod
    def apply(cls, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Those of `rows` that a filter lets through."""
        found: QuerySet[Any] = _shared(cls).filters[name].filter(rows, value)
        return found


_instances: dict[type[FilterSet], FilterSet] = {}


def _shared(filters: type[FilterSet]) -> FilterSet:
    if filters not in _instances:
        _instances[filters] = filters(queryset=Customer.objects.none())
    return _instances[filters]


class InstantField(forms.CharField):
    """A point in time in the format of RFC 3339, with its zone; `bound` makes a bound of it."""

    _FORM = re.compile(
        r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:[0-5]\d)", re.ASCII
    )

    def __init__(self, *, bound: Callable[[datetime], UUID] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._bound = bound

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            if not self._FORM.fullmatch(text):
                raise ValueError
            at = datetime.fromisoformat(text.upper())
            return self._bound(at) if self._bound else at.astimezone(UTC)
        except (OverflowError, ValueError):
            raise ValidationError(
                "Must be an RFC 3339 time with a zone, for example 2026-01-31T12:00:00Z.",
                code="invalid",
            ) from None


#: In a document: a time, or an empty value, which is no filter as for every other filter.
INSTANT = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "maxLength": 0}]}


@extend_schema_field(INSTANT)
class InstantFilter(django_filters.Filter):
    """Filters by a time; `bound` makes the id of a time of creation, which the ids contain."""

    field_class = InstantField


class TextsField(forms.Field):
    """Texts of a parameter that may be repeated; blank ones are none."""

    def to_python(self, value: Any) -> list[str]:
        texts = [text for text in value if text.strip()]
        for text in texts:
            ProhibitNullCharactersValidator()(text)
        return texts


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class TextsFilter(django_filters.Filter):
    """Filters by texts, of which a field is one. Its name ends with `[]`."""

    field_class = TextsField

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        assert self.field_name is not None
        found: QuerySet[Any] = qs.filter(field_is_one_of(self.field_name, value))
        return found


@extend_schema_field(OpenApiTypes.STR)
class TextFilter(django_filters.CharFilter):
    """Filters by a text."""
