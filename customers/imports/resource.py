"""A customer as a row of cells: django-import-export's `Resource`, with the store's own rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export import resources
from import_export.results import RowResult
from import_export.widgets import CharWidget

from customers.imports.columns import FIELDS, READ_ONLY
from customers.models import Customer, ImportRow
from customers.models.base import absent_if_blank
from customers.values import countries
from customers.values.validators import NOT_A_COUNTRY_NAME

Outcome = ImportRow.Outcome


class Text(CharWidget):
    """Text as it stands; blank is absent."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str | None:
        return absent_if_blank(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class Email(Text):
    """An email; spaces around it are not part of it, as in every contract."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str | None:
        return absent_if_blank(value.strip(" "))


class Country(Text):
    """A country in any spelling that the contracts know."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str | None:
        code = countries.parse(value)
        if code is None and value.strip():
            raise ValueError(NOT_A_COUNTRY_NAME)
        return code


class Metadata(Text):
    """Metadata as a JSON object."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        if not value.strip():
            return {}
        try:
            return json.loads(value, object_pairs_hook=_without_repeated_keys)
        except (ValueError, RecursionError):
            raise ValueError(
                _('This is not a JSON object of texts. Give one, as {"plan": "gold"}.')
            ) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return json.dumps(value, ensure_ascii=False) if value else ""


class Moment(Text):
    """A time, as ISO 8601 writes it."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.isoformat() if isinstance(value, datetime) else ""


def _without_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


_WIDGETS: dict[str, type[Text]] = {"email": Email, "country": Country, "metadata": Metadata}


class Finder(Protocol):
    """Knows the customer that a row is about."""

    def get_instance(self, row: Mapping[str, str]) -> Customer | None:
        """None for a new one. Raises ValidationError where the row names no one or two."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one row would do."""

    outcome: str
    customer: Customer | None
    changes: dict[str, tuple[object, object]]
    error: ValidationError | None


class CustomerResource(resources.ModelResource):
    """Reads rows of texts by field into customers, writes none of them, and renders customers.

    The library walks the row, cleans each cell by its widget and gathers what is wrong. What it
    would do by a query for each row is done otherwise: `Finder` matches a chunk of rows at once, no
    uniqueness is asked for here, and nothing is saved.
    """

    class Meta:
        model = Customer
        fields = ("id", *FIELDS, *READ_ONLY)
        import_id_fields: tuple[str, ...] = ()
        skip_diff = True  # it copies and renders every customer twice; `_changes` says it all

    def __init__(self, *, blank_clears: bool = False) -> None:
        super().__init__()
        self.blank_clears = blank_clears
        self._instance: Customer | None = None
        self._before: dict[str, object] = {}

    @classmethod
    def widget_from_django_field(cls, f: models.Field[Any, Any], default: Any = Text) -> Any:  # noqa: ARG003
        if isinstance(f, models.DateTimeField):
            return Moment
        return _WIDGETS.get(f.name, Text)

    def check(self, row: Mapping[str, str], finder: Finder) -> Finding:
        """What the row would do. `row` holds the cells by field, of matched columns only."""
        self._instance = None
        result = self.import_row(dict(row), finder)
        if result.errors:  # a mistake of ours, not of the row
            raise result.errors[0].error
        if result.import_type == RowResult.IMPORT_TYPE_INVALID:
            return Finding(Outcome.REFUSED, self._known, {}, result.validation_error)
        if result.import_type == RowResult.IMPORT_TYPE_SKIP:
            return Finding(Outcome.UNCHANGED, self._known, {}, None)
        assert self._instance is not None
        outcome = Outcome.NEW if self._known is None else Outcome.CHANGED
        return Finding(outcome, self._known, self._changes(self._instance), None)

    @property
    def _known(self) -> Customer | None:
        is_new = self._instance is None or self._instance._state.adding
        return None if is_new else self._instance

    def _changes(self, instance: Customer) -> dict[str, tuple[object, object]]:
        now = {name: getattr(instance, name) for name in FIELDS}
        return {
            name: (self._before[name], value)
            for name, value in now.items()
            if value != self._before[name]
        }

    # --- The library's steps, in the order in which it takes them ---------------------------------

    def get_instance(self, instance_loader: Finder, row: Mapping[str, str]) -> Customer | None:
        return instance_loader.get_instance(row)

    def after_init_instance(self, instance: Customer, new: bool, row: Any, **kwargs: Any) -> None:  # noqa: FBT001
        self._instance = instance
        self._before = {name: getattr(instance, name) for name in FIELDS}

    def import_field(
        self, field: Any, instance: Customer, row: Any, *args: Any, **kwargs: Any
    ) -> None:
        """Leave alone what the row does not speak of, or gives just as the export tells it."""
        cell = row.get(field.column_name) if field.attribute in FIELDS else None
        if cell is None or (not cell.strip() and not self.blank_clears):
            return
        if instance._state.adding or cell != field.export(instance):
            super().import_field(field, instance, row, *args, **kwargs)

    def skip_row(
        self, instance: Customer, original: Any, row: Any, import_validation_errors: Any = None
    ) -> bool:
        is_known = not instance._state.adding
        return is_known and not import_validation_errors and not self._changes(instance)

    def validate_instance(
        self, instance: Customer, import_validation_errors: Any = None, validate_unique: Any = None
    ) -> None:
        """Apply the fields' rules to what changes. The widget has seen to the country."""
        errors = dict(import_validation_errors or {})
        changed = self._changes(instance).keys()
        if not changed and not errors:
            told = _("No imported column has a value in this row. Fill one, or remove the row.")
            raise ValidationError({NON_FIELD_ERRORS: told})
        checked = changed - errors.keys() - {"country"}
        try:
            instance.clean_fields(exclude={field.name for field in Customer._meta.fields} - checked)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def save_instance(self, instance: Customer, is_create: bool, row: Any, **kwargs: Any) -> None:  # noqa: FBT001
        """Nothing is saved: the check only tells. `applying` writes what it told."""
