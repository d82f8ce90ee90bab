"""Filters of lists: django-filter's FilterSets, whose errors are raised as `InvalidQuery`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions
from rest_framework.request import Request

from customers.rest.problems import InvalidQuery


class StrictFilterBackend(DjangoFilterBackend):
    """Applies the view's `filterset_class`; a value that cannot be read is an InvalidQuery."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        try:
            return super().filter_queryset(request, queryset, view)
        except exceptions.ValidationError as error:
            raise InvalidQuery(error.detail) from None


class InstantField(forms.CharField):
    """A point in time in the format of RFC 3339, with its zone."""

    _FORM = re.compile(
        r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:[0-5]\d)", re.ASCII
    )

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            if not self._FORM.fullmatch(text):
                raise ValueError
            return datetime.fromisoformat(text.upper())
        except ValueError:
            raise ValidationError(
                "Must be an RFC 3339 time with a zone, for example 2026-01-31T12:00:00Z.",
                code="invalid",
            ) from None


# An empty value is no filter, as for every other filter.
@extend_schema_field({"type": "string", "anyOf": [{"format": "date-time"}, {"maxLength": 0}]})
class InstantFilter(django_filters.Filter):
    """Filters by a point in time."""

    field_class = InstantField


@extend_schema_field(OpenApiTypes.STR)
class TextFilter(django_filters.CharFilter):
    """Filters by a text."""
