"""Metadata in a form: rows of a key and a value."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_EMPTY_ROWS = 3


class PairsWidget(forms.Widget):
    """A row of two inputs for each pair, and some empty rows.

    A form may also send the whole as JSON, in one hidden input.
    """

    template_name = "backoffice/_pairs.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        pairs = value if isinstance(value, list) else list((value or {}).items())
        rows = [*pairs, *[("", "")] * _EMPTY_ROWS]
        return {**super().get_context(name, None, attrs), "rows": rows}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if name in data:
            try:
                whole = json.loads(data[name])
            except (ValueError, RecursionError):
                return None
            return list(whole.items()) if isinstance(whole, dict) else None
        keys, values = data.getlist(f"{name}_key"), data.getlist(f"{name}_value")
        return [pair for pair in zip(keys, values, strict=False) if any(pair)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_key" not in data

    def id_for_label(self, id_: str) -> str:
        return ""  # each input has its own label


class PairsField(forms.Field):
    """Metadata from the rows of a PairsWidget. Empty rows are ignored."""

    widget = PairsWidget

    def to_python(self, value: Any) -> dict[str, str]:
        if value is None or isinstance(value, dict):
            return value or {}
        metadata: dict[str, str] = {}
        for key, text in value:
            if not isinstance(text, str) or not key.strip():
                raise ValidationError(_("Give each value a key."), code="key")
            if key in metadata:
                raise ValidationError(
                    _("The key “%(key)s” is used twice. Give each key once."),
                    code="twice",
                    params={"key": key},
                )
            metadata[key] = text
        return metadata

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or {}))
        except ValidationError:
            return True
